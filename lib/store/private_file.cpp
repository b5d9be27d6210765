#include "store/private_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/crypto.hpp"
#include "base/descriptor.hpp"
#include "base/hex.hpp"

namespace vtoken::store {
namespace {

tl::unexpected<Error> system_failure(std::string_view what, const std::string& path) {
  const int number = errno;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
    return fail(ErrorKind::io, "the disk is full: nothing was changed; make room and try again", path);
  }
  const ErrorKind kind = number == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return fail(kind, std::string(what) + ": " + strerrordesc_np(number), path);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A finished file under a scratch name.
Result<std::string> write_scratch(const std::string& path, std::string_view bytes) {
  std::string name = scratch_name(path, kNewFile);
  const Descriptor file(::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open()) return system_failure("cannot be written", path);
  if (::fchmod(file.number(), 0600) != 0 || !write_all(file.number(), bytes) || ::fsync(file.number()) != 0) {
    auto failure = system_failure("cannot be written", path);
    ::unlink(name.c_str());
    return failure;
  }
  return name;
}

Result<void> put_in_place(const std::string& path, std::string_view bytes, IfThere there) {
  auto scratch = write_scratch(path, bytes);
  if (!scratch) return tl::unexpected(scratch.error());
  auto renamed = rename_file(*scratch, path, there);
  if (!renamed) ::unlink(scratch->c_str());
  return renamed;
}

}  // namespace

Result<void> write_new_file(const std::string& path, std::string_view bytes) {
  return put_in_place(path, bytes, IfThere::keep);
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  return put_in_place(path, bytes, IfThere::replace);
}

Result<SecretString> read_private_file(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: a named pipe must not hang us.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) return system_failure("cannot be read", path);
  struct stat info {};
  if (::fstat(file.number(), &info) != 0) return system_failure("cannot be read", path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::io, "is not a regular file", path);
  if (info.st_uid != ::geteuid()) return fail(ErrorKind::io, "belongs to another user: it must be yours", path);
  if ((info.st_mode & 077U) != 0) {
    return fail(ErrorKind::io, "others may read or change it, so it is not used; run: chmod 600 " + path, path);
  }
  SecretString text(limit + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.number(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("cannot be read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return fail(ErrorKind::damaged, "is too long: at most " + std::to_string(limit) + " bytes", path);
  text.resize(size);
  return text;
}

bool file_exists(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

Result<void> rename_file(const std::string& from, const std::string& to, IfThere there) {
  if (there == IfThere::replace) {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_failure("cannot be written", to);
    return sync_folder(to);
  }
  int done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {  // a file system without that flag
    done = ::link(from.c_str(), to.c_str());
    if (done == 0) ::unlink(from.c_str());
  }
  if (done != 0 && errno == EEXIST) return fail(ErrorKind::refused, "exists already", to);
  if (done != 0) return system_failure("cannot be written", to);
  return sync_folder(to);
}

Result<void> keep_second_name(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return {};
  auto bytes = read_private_file(from, 4096);
  if (!bytes) return tl::unexpected(bytes.error());
  return write_new_file(to, bytes->view());
}

Result<void> sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) return system_failure("its folder cannot be opened", path);
  // Some file systems cannot sync a folder and need not.
  if (::fsync(folder.number()) != 0 && errno != EINVAL) return system_failure("its folder cannot be synced", path);
  return {};
}

std::string scratch_name(const std::string& path, std::string_view purpose) {
  std::array<unsigned char, 4> random{};
  random_bytes(random);
  return path + "." + std::string(purpose) + "-" + to_hex(random);
}

Result<FolderLock> FolderLock::take(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return system_failure("its folder cannot be opened", path);
  FolderLock lock(folder);
  while (::flock(folder, LOCK_EX) != 0) {
    if (errno != EINTR) return system_failure("its folder cannot be locked", path);
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}

FolderLock::~FolderLock() {
  if (folder_ >= 0) ::close(folder_);
}

}  // namespace vtoken::store
