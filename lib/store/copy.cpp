#include "store/copy.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/descriptor.hpp"
#include "store/private_file.hpp"

namespace vtoken::store {
namespace {

constexpr std::array<std::string_view, 4> kDatabaseSuffixes{"", "-wal", "-shm", "-journal"};

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

tl::unexpected<Error> failed(const std::string& path) {
  const int number = errno;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
    return fail(ErrorKind::io, "the disk is full: nothing was changed; make room and try again", path);
  }
  const ErrorKind kind = number == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return fail(kind, std::string("cannot be copied: ") + strerrordesc_np(number), path);
}

Result<void> copy_bytes(const std::string& from, const std::string& to) {
  const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (in.number() < 0) return failed(from);
  struct stat info {};
  if (::fstat(in.number(), &info) != 0) return failed(from);
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::damaged, "is not a file, so not a vtoken store", from);
  const Descriptor out(::open(to.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (out.number() < 0 || ::fchmod(out.number(), 0600) != 0) return failed(to);
  auto buffer = std::make_unique<std::array<char, 65536>>();
  while (true) {
    const ssize_t got = ::read(in.number(), buffer->data(), buffer->size());
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(from);
    if (!write_all(out.number(), {buffer->data(), static_cast<std::size_t>(got)})) return failed(to);
  }
  if (::fsync(out.number()) != 0) return failed(to);
  return {};
}

}  // namespace

ScratchDatabase::ScratchDatabase(const std::string& path, std::string_view purpose)
    : path_(scratch_name(path, purpose)) {}

ScratchDatabase::~ScratchDatabase() {
  if (path_.empty()) return;
  for (const auto suffix : kDatabaseSuffixes) ::unlink((path_ + std::string(suffix)).c_str());
}

Result<void> ScratchDatabase::move_to(const std::string& path) {
  auto moved = rename_file(path_, path, IfThere::keep);
  if (moved) path_.clear();
  return moved;
}

Result<void> ScratchDatabase::move_over(const std::string& path) {
  auto moved = rename_file(path_, path, IfThere::replace);
  if (moved) path_.clear();
  return moved;
}

void remove_old_scratch(const std::string& path, std::string_view purpose) {
  const std::filesystem::path file(path);
  const std::string prefix = file.filename().string() + "." + std::string(purpose) + "-";
  const auto is_scratch = [&prefix](const std::string& name) {
    if (!name.starts_with(prefix) || name.size() < prefix.size() + 8) return false;
    const std::string_view rest = std::string_view(name).substr(prefix.size());
    const auto suffix = rest.substr(8);
    return rest.substr(0, 8).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
           std::find(kDatabaseSuffixes.begin(), kDatabaseSuffixes.end(), suffix) != kDatabaseSuffixes.end();
  };
  std::error_code error;
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!is_scratch(entry->path().filename().string())) continue;
    std::error_code ignored;
    std::filesystem::remove(entry->path(), ignored);
  }
}

bool open_elsewhere(const std::string& path) {
  // SQLite's file format: a connection holds a shared lock on these bytes for as long as it is open in WAL mode.
  constexpr off_t kSharedFirst = 0x40000002;
  constexpr off_t kSharedSize = 510;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return false;
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = kSharedFirst;
  range.l_len = kSharedSize;
  return ::fcntl(file.number(), F_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

Result<void> copy_database(Database& from, Database& to) {
  std::unique_ptr<sqlite3_backup, FinishBackup> backup(sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
  if (backup == nullptr) {
    return tl::unexpected(sqlite_failure(to.handle(), sqlite3_extended_errcode(to.handle()), to.path()));
  }
  const int code = sqlite3_backup_step(backup.get(), -1);
  if (code == SQLITE_DONE) return {};
  // Which of the two failed is known only for what reading alone, or writing alone, can meet.
  const bool reading = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
  Database& at = reading ? from : to;
  return tl::unexpected(sqlite_failure(at.handle(), code, at.path()));
}

Result<void> copy_store_bytes(const std::string& from, const std::string& to) {
  if (auto copied = copy_bytes(from, to); !copied) return copied;
  auto log = copy_bytes(from + "-wal", to + "-wal");
  if (!log && log.error().kind != ErrorKind::not_found) return log;
  return {};
}

}  // namespace vtoken::store
