// A token in a file, for programs that read it there, for as long as the token is of use.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vtoken::cmd {

/// Removes its file at its end, unless another one is there by then.
class TokenSink {
 public:
  /// Writes `token` to a file at `path`, 0600, without a newline; a file that is there is replaced at one stroke. Fails
  /// with refused when something else than a file is there, and as store::replace_file().
  [[nodiscard]] static Result<TokenSink> write(const std::string& path, std::string_view token);
  ~TokenSink();
  TokenSink(TokenSink&& other) noexcept;
  TokenSink& operator=(TokenSink&&) = delete;

 private:
  TokenSink(std::string path, dev_t device, ino_t number);

  std::string path_;  // empty: nothing to remove
  dev_t device_;
  ino_t number_;
};

}  // namespace vtoken::cmd
