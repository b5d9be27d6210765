#include "cmd/token_cache_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <span>
#include <system_error>
#include <thread>

#include "base/crypto.hpp"
#include "base/hex.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kKeyLabel = "vtoken create -cache 1";
constexpr std::size_t kNameBytes = 16;                   // of the hash that ends a file's name
constexpr std::size_t kLongest = std::size_t{1} << 20U;  // bytes; an answer with a token has some hundred
constexpr Nanoseconds kPoll = kSecond / 100;
constexpr Nanoseconds kForEver = 3600 * 24 * 3650 * kSecond;  // added to now where a token has no end

tl::unexpected<Error> failed(const std::string& path, int code = errno) {
  return fail(ErrorKind::io, std::generic_category().message(code), path);
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

// The parts of `path` that are not there, readable for nobody else.
Result<void> make_folder(const std::string& path) {
  std::string made;
  for (const auto& part : std::filesystem::path(path)) {
    made = (std::filesystem::path(made) / part).string();
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST && !std::filesystem::is_directory(made)) {
      return fail(ErrorKind::io, "cannot be made: " + std::generic_category().message(errno), made);
    }
  }
  return {};
}

Result<void> check_folder(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return failed(path);
  if (!S_ISDIR(info.st_mode)) return fail(ErrorKind::refused, "it is no folder, and tokens are to be kept in it", path);
  if (info.st_uid != ::geteuid()) {
    return fail(ErrorKind::refused, "it belongs to another user: no token is kept in it", path);
  }
  if ((info.st_mode & 077U) != 0) {
    return fail(ErrorKind::refused, fmt::format("others can look into it: chmod 700 {}", path), path);
  }
  return {};
}

// Whether the variable's folder is there, and ours: after su or sudo it often is not.
bool is_own_folder(const std::string& path) {
  struct stat info {};
  return path.starts_with('/') && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
         info.st_uid == ::geteuid() && ::access(path.c_str(), W_OK | X_OK) == 0;
}

bool is_same_file(int file, const std::string& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(file, &open) == 0 && ::lstat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

// False, with errno EWOULDBLOCK, when somebody else has it until `patience` is over.
bool take_lock(int file, int kind, Nanoseconds patience) {
  for (Nanoseconds waited = 0;; waited += kPoll) {
    if (::flock(file, kind | LOCK_NB) == 0) return true;
    if ((errno != EWOULDBLOCK && errno != EINTR) || waited >= patience) return false;
    std::this_thread::sleep_for(std::chrono::nanoseconds(kPoll));
  }
}

}  // namespace

Result<std::string> token_cache_folder(const Context& context) {
  std::filesystem::path base;
  const auto runtime = read_own_variable(context, "XDG_RUNTIME_DIR");
  const auto cache = read_own_variable(context, "XDG_CACHE_HOME");
  const auto home = read_own_variable(context, "HOME");
  if (runtime && is_own_folder(runtime->value)) {
    base = runtime->value;
  } else if (cache && cache->value.starts_with('/')) {
    base = cache->value;
  } else if (home) {
    base = std::filesystem::path(home->value) / ".cache";
  } else {
    return fail(ErrorKind::usage, "-cache needs a place: set XDG_RUNTIME_DIR, XDG_CACHE_HOME or HOME");
  }
  const std::string folder = (base / "vtoken").string();
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  if (auto checked = check_folder(folder); !checked) return tl::unexpected(checked.error());
  return folder;
}

TokenCacheFile::TokenCacheFile(std::string folder, std::string_view name, std::string subject, std::string_view caller)
    : folder_(std::move(folder)), subject_(std::move(subject)) {
  Mac key = Hmac(bytes_of(caller))(kKeyLabel);
  key_.assign(key.begin(), key.end());
  wipe(key.data(), key.size());
  const Mac hash = Hmac(key_)(subject_);
  path_ = fmt::format("{}/{}-{}", folder_, name, to_hex(std::span(hash).first(kNameBytes)));
}

Result<std::unique_ptr<Descriptor>> TokenCacheFile::open(Lock lock, Nanoseconds patience) const {
  for (;;) {
    auto file = std::make_unique<Descriptor>(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!file->open() || ::fchmod(file->number(), 0600) != 0) return failed(path_);
    if (!take_lock(file->number(), lock == Lock::shared ? LOCK_SH : LOCK_EX, patience)) {
      if (errno == EWOULDBLOCK) return std::unique_ptr<Descriptor>();
      return failed(path_);
    }
    if (is_same_file(file->number(), path_)) return file;  // or else somebody removed it as out of date
  }
}

std::optional<SecretString> TokenCacheFile::unseal(std::string_view sealed) const {
  const auto plain = AesGcm(KeyView(key_.data(), kKeySize)).open(sealed, subject_);
  if (!plain) return std::nullopt;
  return SecretString(as_text(*plain));
}

Result<std::optional<SecretString>> TokenCacheFile::read_from(int file) const {
  std::string sealed(kLongest, '\0');
  const ssize_t size = ::pread(file, sealed.data(), sealed.size(), 0);
  if (size < 0) return failed(path_);
  return unseal({sealed.data(), static_cast<std::size_t>(size)});
}

Result<std::optional<SecretString>> TokenCacheFile::read() {
  if (locked_) return read_from(locked_->number());
  const auto file = open(Lock::shared, kSecond);
  if (!file) return tl::unexpected(file.error());
  if (!*file) return std::optional<SecretString>();  // somebody is about to write: lock() waits for that
  return read_from((*file)->number());
}

Result<bool> TokenCacheFile::lock(Nanoseconds patience) {
  auto file = open(Lock::exclusive, patience);
  if (!file) return tl::unexpected(file.error());
  locked_ = std::move(*file);
  return locked_ != nullptr;
}

Result<void> TokenCacheFile::write(std::string_view text, Nanoseconds end, Nanoseconds now) {
  SecretBytes sealed;
  AesGcm(KeyView(key_.data(), kKeySize)).seal(text, subject_, sealed);
  const int file = locked_->number();
  const bool written = ::ftruncate(file, 0) == 0 && ::lseek(file, 0, SEEK_SET) == 0 && write_all(file, as_text(sealed));
  if (!written) {
    auto failure = failed(path_);
    if (::ftruncate(file, 0) != 0) ::unlink(path_.c_str());
    return failure;
  }
  // Until when it is of use is the file's time, for those that tidy up.
  const std::int64_t last = (end == 0 ? now + kForEver : end) / kSecond;
  const std::array<timespec, 2> times{timespec{last, 0}, timespec{last, 0}};
  static_cast<void>(::futimens(file, times.data()));
  sweep(now);
  return {};
}

// Whoever holds a file's lock finds out that it is gone, and makes a new one.
void TokenCacheFile::sweep(Nanoseconds now) const {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const std::string path = entry->path().string();
    struct stat info {};
    if (path == path_ || ::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (info.st_mtim.tv_sec >= now / kSecond) continue;
    const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (file.open() && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0 && is_same_file(file.number(), path) &&
        ::fstat(file.number(), &info) == 0 && info.st_mtim.tv_sec < now / kSecond) {
      ::unlink(path.c_str());
    }
  }
}

}  // namespace vtoken::cmd
