#include "store/audit_admin.hpp"

#include <utility>

#include "core/json.hpp"
#include "store/audit.hpp"
#include "store/reply.hpp"

namespace vtoken::store {
namespace {

// The path that a server's file device has when it is given no other name.
constexpr std::string_view kDevice = "sys/audit/file";

Result<std::optional<AuditConfig>> read(StoreFile& file) {
  if (auto fresh = file.refresh(); !fresh) return tl::unexpected(fresh.error());
  return read_audit_config(file.database(), file.keyring());
}

Result<void> note_change(const AuditConfig& config, Method method, const Clock& clock) {
  const Request request{.method = method, .path = std::string(kDevice)};
  const Json data = {{"type", "file"}, {"options", {{"file_path", SecretString(config.file)}}}};
  const Response response = reply_done();
  AuditLog log;
  log.configure(config);
  log.note({.request = request,
            .response = response,
            .now = clock.now(),
            .data = method == Method::del ? nullptr : &data,
            .caller_note = "store key"});
  return log.write(true);
}

tl::unexpected<Error> nothing_noted(const StoreFile& file) {
  return fail(ErrorKind::refused, "its requests are noted nowhere (`vtoken store audit enable` begins)", file.path());
}

}  // namespace

Result<std::string> enable_audit(StoreFile& file, const std::string& path, const Clock& clock) {
  auto place = audit_place(path);
  if (!place) return place;
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  const auto present = read(file);
  if (!present) return tl::unexpected(present.error());
  if (*present) {
    return fail(ErrorKind::refused, "its requests are noted already, in " + (*present)->file, file.path());
  }
  const AuditConfig config = new_audit_config(*place);
  if (auto done = write_audit_config(file.database(), file.keyring(), config); !done)
    return tl::unexpected(done.error());
  if (auto noted = note_change(config, Method::post, clock); !noted) return tl::unexpected(noted.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return place;
}

Result<DisableReport> disable_audit(StoreFile& file, const Clock& clock) {
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  const auto present = read(file);
  if (!present) return tl::unexpected(present.error());
  if (!*present) return nothing_noted(file);
  if (auto done = write_audit_config(file.database(), file.keyring(), {}); !done) return tl::unexpected(done.error());
  DisableReport report{(*present)->file};
  if (auto noted = note_change(**present, Method::del, clock); !noted) report.unsaid = noted.error();
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return report;
}

Result<std::optional<std::string>> audit_file(StoreFile& file) {
  auto transaction = Transaction::begin(file.database(), TransactionKind::deferred);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto present = read(file);
  if (!present) return tl::unexpected(present.error());
  if (!*present) return std::nullopt;
  return std::optional<std::string>((*present)->file);
}

Result<std::string> audit_hash(StoreFile& file, std::string_view text) {
  auto transaction = Transaction::begin(file.database(), TransactionKind::deferred);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto present = read(file);
  if (!present) return tl::unexpected(present.error());
  if (!*present) return nothing_noted(file);
  return AuditHash(KeyView((*present)->key.data(), kKeySize))(text);
}

}  // namespace vtoken::store
