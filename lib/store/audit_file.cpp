// The file is opened for each write, which costs 3 µs: one that was rotated away is not missed, and there is nothing to
// tell running processes.
#include "store/audit_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "store/private_file.hpp"

namespace vtoken::store {
namespace {

tl::unexpected<Error> cannot(std::string_view what, int number, const std::string& path) {
  std::string reason = strerrordesc_np(number);
  if (number == ENOSPC || number == EDQUOT) reason = "the disk is full";
  if (number == ELOOP) reason = "it is a symbolic link";
  if (number == ENOENT) reason = "its folder does not exist";
  if (number == ENXIO) reason = "it is no plain file";
  Error error{ErrorKind::io, "the audit log " + std::string(what) + ": " + reason, path, {}};
  error.advice = "Nothing was done: a store that notes its requests refuses those that it cannot note.";
  return tl::unexpected(std::move(error));
}

// O_RDWR, to look at how the file ends.
constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;

// Waits for other writers. The lock goes with the descriptor. Unlike flock()'s it takes the right to write: who may
// only read the log cannot hold up the store.
bool lock(int file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  while (::fcntl(file, F_OFD_SETLKW, &whole) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

// Whether the file ends in the middle of a line: somebody was stopped while writing it. That line stays, on its own.
bool ends_openly(int file, off_t size) {
  char last = '\n';
  return size > 0 && ::pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

Result<void> sync(int file, bool fresh, const std::string& path) {
  // Devices cannot be synced and need not.
  if (::fdatasync(file) != 0 && errno != EINVAL && errno != ENOTSUP) return cannot("cannot be synced", errno, path);
  return fresh ? sync_folder(path) : Result<void>{};
}

}  // namespace

Result<void> append_lines(const std::string& path, std::string_view lines, Reach reach) {
  const Descriptor file(::open(path.c_str(), kFlags | O_CREAT, 0600));
  if (!file.open()) return cannot("cannot be written", errno, path);
  struct stat info {};
  if (::fstat(file.number(), &info) != 0) return cannot("cannot be read", errno, path);
  if (!S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode)) return cannot("cannot be written", ENXIO, path);
  const bool plain = S_ISREG(info.st_mode);
  // Its size counts from when nobody else writes.
  if (plain && (!lock(file.number()) || ::fstat(file.number(), &info) != 0))
    return cannot("cannot be locked", errno, path);
  const bool mended = !plain || !ends_openly(file.number(), info.st_size) || write_all(file.number(), "\n");
  if (!mended || !write_all(file.number(), lines)) {
    const int reason = errno;
    // Where that is not allowed either, half a line is left, which the next writer ends.
    if (plain) static_cast<void>(::ftruncate(file.number(), info.st_size) == 0);
    return cannot("cannot be written", reason, path);
  }
  return reach == Reach::disk && plain ? sync(file.number(), info.st_size == 0, path) : Result<void>{};
}

Result<std::string> audit_place(const std::string& path) {
  if (path.empty()) return fail(ErrorKind::usage, "the audit log's path is empty");
  if (path.find('\0') != std::string::npos) return fail(ErrorKind::usage, "the audit log's path has a zero byte");
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error).lexically_normal();
  if (error) return cannot("cannot be found", error.value(), path);
  const std::string name = absolute.string();
  const Descriptor file(::open(name.c_str(), kFlags));
  if (!file.open() && errno == ENOENT) {
    if (::access(absolute.parent_path().c_str(), W_OK | X_OK) != 0) return cannot("cannot be made", errno, name);
    return name;
  }
  struct stat info {};
  if (!file.open() || ::fstat(file.number(), &info) != 0) return cannot("cannot be written", errno, name);
  if (S_ISCHR(info.st_mode)) return name;
  if (!S_ISREG(info.st_mode)) return cannot("cannot be written", ENXIO, name);
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(ErrorKind::refused, "others may write to it; run: chmod go-w " + name, name);
  }
  if (ends_openly(file.number(), info.st_size)) {
    return fail(ErrorKind::refused, "does not end in a whole line, so it is no audit log", name);
  }
  return name;
}

}  // namespace vtoken::store
