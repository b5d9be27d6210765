#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "store/admin.hpp"
#include "store/audit_admin.hpp"
#include "store/audit_file.hpp"
#include "store/copy.hpp"
#include "store/engine.hpp"
#include "store/private_file.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kPurpose = "init";

Result<void> check_place(const std::string& path) {
  if (file_exists(path)) return fail(ErrorKind::refused, "there is a file already; nothing was done", path);
  // SQLite would take the log of an earlier store for this one's.
  for (const char* suffix : {"-wal", "-journal"}) {
    if (file_exists(path + suffix)) {
      return fail(ErrorKind::refused, "is left over from an earlier store; move it away first", path + suffix);
    }
  }
  return {};
}

Result<WrappingKey> make_key(const InitOptions& options, InitReport& report) {
  if (options.unlock.passphrase) return WrappingKey::from_new_passphrase(*options.unlock.passphrase, options.cost);
  report.key_file = options.unlock.key_file.value_or(default_key_file(options.path));
  return make_key_file(report.key_file);
}

Result<void> keep_token(const std::string& file, const SecretString& token) {
  // Without its store it opens nothing, but it is not ours to throw away.
  if (file_exists(file)) {
    if (auto moved = rename_file(file, file + ".old", IfThere::replace); !moved) return moved;
  }
  return write_new_file(file, std::string(token.view()) + "\n");
}

}  // namespace

Result<InitReport> init(const InitOptions& options, const Clock& clock) {
  if (options.path.empty()) return fail(ErrorKind::usage, "the store's path is empty");
  auto lock = FolderLock::take(options.path);
  if (!lock) return tl::unexpected(lock.error());
  if (auto place = check_place(options.path); !place) return tl::unexpected(place.error());
  if (!options.audit.empty()) {
    if (auto place = audit_place(options.audit); !place) return tl::unexpected(place.error());
  }
  remove_old_scratch(options.path, kPurpose);
  remove_old_scratch(default_key_file(options.path), kNewFile);
  remove_old_scratch(token_file(options.path), kNewFile);
  InitReport report;
  auto key = make_key(options, report);
  if (!key) return tl::unexpected(key.error());
  ScratchDatabase scratch(options.path, kPurpose);
  {
    auto file = StoreFile::create(scratch.path(), *key, clock.now());
    if (!file) return tl::unexpected(Error{file.error().kind, file.error().message, options.path});
    auto token = create_root_token(*file, clock);
    if (!token) return tl::unexpected(Error{token.error().kind, token.error().message, options.path});
    report.root_token = std::move(*token);
    if (!options.audit.empty()) {
      auto audit = enable_audit(*file, options.audit, clock);
      if (!audit) return tl::unexpected(audit.error());
      report.audit_file = std::move(*audit);
    }
  }
  // The token comes first: a store whose root token is lost is of no use, a token without a store does no harm.
  if (options.keep_root_token) {
    report.token_file = token_file(options.path);
    if (auto kept = keep_token(report.token_file, report.root_token); !kept) return tl::unexpected(kept.error());
  }
  auto moved = scratch.move_to(options.path);
  if (!moved) {
    if (options.keep_root_token) ::unlink(report.token_file.c_str());
    return tl::unexpected(moved.error());
  }
  return report;
}

}  // namespace vtoken::store
