#include "cmd/run_sink.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "store/private_file.hpp"

namespace vtoken::cmd {

TokenSink::TokenSink(std::string path, dev_t device, ino_t number)
    : path_(std::move(path)), device_(device), number_(number) {}

TokenSink::TokenSink(TokenSink&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), number_(other.number_) {}

Result<TokenSink> TokenSink::write(const std::string& path, std::string_view token) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return fail(ErrorKind::refused, "is there, and is no regular file: name another one", path);
  }
  if (auto written = store::replace_file(path, token); !written) return tl::unexpected(written.error());
  if (::lstat(path.c_str(), &there) != 0) return fail(ErrorKind::io, std::generic_category().message(errno), path);
  return TokenSink(path, there.st_dev, there.st_ino);
}

TokenSink::~TokenSink() {
  struct stat there {};
  if (path_.empty() || ::lstat(path_.c_str(), &there) != 0) return;
  if (there.st_dev == device_ && there.st_ino == number_) ::unlink(path_.c_str());
}

}  // namespace vtoken::cmd
