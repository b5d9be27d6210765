#include "sweep/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/descriptor.hpp"
#include "base/secret.hpp"
#include "sweep/journal_lines.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::size_t kBuffer = 65536;             // bytes of planned lines that are collected
constexpr std::size_t kLongestLine = 16UL << 20U;  // no accessor's is longer
constexpr mode_t kMode = 0600;

tl::unexpected<Error> system_failure(std::string_view what, const std::string& path) {
  const int number = errno;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) return fail(ErrorKind::io, "the disk is full", path);
  const ErrorKind kind = number == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  return fail(kind, fmt::format("{}: {}", what, strerrordesc_np(number)), path);
}

tl::unexpected<Error> exists_already(const std::string& path) {
  auto failure = fail(ErrorKind::refused, "exists already", path);
  failure.value().advice = "-resume goes on with the sweep that it belongs to; another sweep needs a file of its own.";
  return failure;
}

Result<void> lock(int file, const std::string& path) {
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return fail(ErrorKind::refused, "another sweep is writing to it", path);
    return system_failure("cannot be locked", path);
  }
  return {};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// So that the new name outlives the machine. Some file systems cannot do that and need not.
void sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.open()) static_cast<void>(::fsync(folder.number()));
}

// Gives a file without a name its name. False, with errno set, when that cannot be done or the name is taken.
bool give_name(int file, const std::string& path) {
  const std::string self = fmt::format("/proc/self/fd/{}", file);
  return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool write_whole(int file, std::string_view bytes) { return write_all(file, bytes) && ::fdatasync(file) == 0; }

// Reads a file line by line. What is behind the last newline is no line.
class LineReader {
 public:
  LineReader(int file, const std::string& path) : file_(file), path_(path) {}

  // Nothing at the end.
  Result<std::optional<std::string_view>> next() {
    for (;;) {
      const std::size_t newline = buffer_.view().find('\n', searched_);
      if (newline != std::string_view::npos) {
        const std::string_view line = buffer_.view().substr(begin_, newline - begin_);
        begin_ = searched_ = newline + 1;
        whole_ += line.size() + 1;
        return line;
      }
      buffer_.erase(0, std::exchange(begin_, 0));
      searched_ = buffer_.size();
      if (searched_ > kLongestLine) return fail(ErrorKind::damaged, "has a line that is too long", path_);
      std::array<char, kBuffer> bytes{};
      const ssize_t got = ::read(file_, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_failure("cannot be read", path_);
      if (got == 0) return std::nullopt;
      buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

  // Bytes of the lines that were given.
  [[nodiscard]] off_t whole() const noexcept { return static_cast<off_t>(whole_); }

 private:
  int file_;
  const std::string& path_;
  SecretString buffer_;
  std::size_t begin_ = 0;     // of what was not given yet
  std::size_t searched_ = 0;  // no newline before
  std::size_t whole_ = 0;
};

}  // namespace

struct Journal::State {
  State(int number, std::string name) : file(number), path(std::move(name)) {}

  Result<void> flush() {
    if (broken) return fail(ErrorKind::io, "could not be written before", path);
    const SecretString lines = std::exchange(buffer, {});
    if (lines.empty()) return {};
    if (write_all(file.number(), lines.view())) {
      size += static_cast<off_t>(lines.size());
      return {};
    }
    auto failure = system_failure("cannot be written", path);
    // A part of a line must not stand before others.
    broken = ::ftruncate(file.number(), size) != 0;
    return failure;
  }

  Result<void> sync() {
    if (auto flushed = flush(); !flushed) return flushed;
    if (::fdatasync(file.number()) != 0) return system_failure("cannot be written", path);
    return {};
  }

  Descriptor file;
  std::string path;
  SecretString buffer = {};
  off_t size = 0;  // of the lines in the file
  bool broken = false;
};

Journal::Journal(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

// The file gets its name when its first line is in it: one that was killed meanwhile leaves nothing behind.
Result<Journal> Journal::create(const std::string& path, const JournalHead& head) {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC;
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) return exists_already(path);
  int number = ::open(folder_of(path).c_str(), kFlags | O_TMPFILE, kMode);
  const bool nameless = number >= 0;
  if (!nameless) number = ::open(path.c_str(), kFlags | O_CREAT | O_EXCL | O_NOFOLLOW, kMode);
  if (number < 0) return errno == EEXIST ? exists_already(path) : system_failure("cannot be written", path);
  auto state = std::make_unique<State>(number, path);
  if (::fchmod(number, kMode) != 0) return system_failure("cannot be written", path);
  if (auto locked = lock(number, path); !locked) return tl::unexpected(std::move(locked.error()));
  SecretString line;
  append_head(line, head);
  if (!write_whole(number, line.view())) {
    auto failure = system_failure("cannot be written", path);
    if (!nameless) ::unlink(path.c_str());
    return failure;
  }
  if (nameless && !give_name(number, path)) {
    return errno == EEXIST ? exists_already(path) : system_failure("cannot be written", path);
  }
  sync_folder(path);
  state->size = static_cast<off_t>(line.size());
  return Journal(std::move(state));
}

Result<Journal::Resumed> Journal::resume(const std::string& path) {
  // O_NONBLOCK: a named pipe must not hang us.
  const int number = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) return system_failure("cannot be opened", path);
  auto state = std::make_unique<State>(number, path);
  struct stat info {};
  if (::fstat(number, &info) != 0) return system_failure("cannot be read", path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::damaged, "is not a regular file", path);
  if ((info.st_mode & 022U) != 0) {
    return fail(ErrorKind::refused, "others may change it, so it is not used; run: chmod 600 " + path, path);
  }
  if (auto locked = lock(number, path); !locked) return tl::unexpected(std::move(locked.error()));
  LineReader lines(number, path);
  JournalReader reader;
  for (;;) {
    auto line = lines.next();
    if (!line) return tl::unexpected(std::move(line.error()));
    if (!*line) break;
    if (auto read = reader.line(**line); !read) {
      read.error().context = path;
      return tl::unexpected(std::move(read.error()));
    }
  }
  if (!reader.has_head()) {
    return fail(ErrorKind::damaged, "holds nothing: remove it and begin anew, without -resume", path);
  }
  // Whatever is written next begins a line.
  state->size = lines.whole();
  if (info.st_size != state->size && ::ftruncate(number, state->size) != 0) {
    return system_failure("cannot be written", path);
  }
  return Resumed{Journal(std::move(state)), std::move(reader).finish()};
}

Result<void> Journal::planned(const JournalRow& row) {
  append_planned(state_->buffer, row);
  return state_->buffer.size() < kBuffer ? Result<void>() : state_->flush();
}

Result<void> Journal::plan_complete() {
  append_plan_complete(state_->buffer);
  return state_->sync();
}

Result<void> Journal::revoking(std::string_view accessor) {
  append_revoking(state_->buffer, accessor);
  return state_->flush();
}

Result<void> Journal::revoking(std::span<const std::string_view> accessors) {
  for (const std::string_view accessor : accessors) append_revoking(state_->buffer, accessor);
  return state_->flush();
}

Result<void> Journal::settled(std::string_view accessor, Outcome outcome, std::string_view error) {
  append_settled(state_->buffer, accessor, outcome, error);
  return state_->flush();
}

Result<void> Journal::close() { return state_->sync(); }

}  // namespace vtoken::sweep
