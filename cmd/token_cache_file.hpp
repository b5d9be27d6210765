// The file in which `create -cache` keeps one token, and the lock that lets one process at a time make a new one.
//
// It lies in $XDG_RUNTIME_DIR/vtoken, or else in $XDG_CACHE_HOME/vtoken or ~/.cache/vtoken, a folder of mode 0700. What
// it holds is sealed with the token that was used to make the kept one: the file alone is of no use to anybody, and
// nobody else can put a token into it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// The folder, which is made when it is not there. Fails with usage (no variable names one) and refused or io (others
/// may read it, it is another user's, it cannot be made).
[[nodiscard]] Result<std::string> token_cache_folder(const Context& context);

/// One kept text, and who may change it. Not for several threads.
class TokenCacheFile {
 public:
  /// `subject` is all that tells this token from another one; `caller` is the token it is made with.
  TokenCacheFile(std::string folder, std::string_view name, std::string subject, std::string_view caller);

  /// What is kept; nothing when that is nothing, is damaged, or was sealed by somebody else. Waits while another
  /// process writes. Fails with io.
  [[nodiscard]] Result<std::optional<SecretString>> read();

  /// From here on no other process can lock(), until release() or the end of this object. Waits for another one, at
  /// most until `patience` is over: then false. Fails with io.
  [[nodiscard]] Result<bool> lock(Nanoseconds patience);

  /// Keeps `text`, which is of use until `end` (since the epoch), and removes other files whose end has passed. Only
  /// under lock(). Fails with io, and keeps nothing then.
  [[nodiscard]] Result<void> write(std::string_view text, Nanoseconds end, Nanoseconds now);

  void release() noexcept { locked_.reset(); }

 private:
  enum class Lock { shared, exclusive };
  [[nodiscard]] Result<std::unique_ptr<Descriptor>> open(Lock lock, Nanoseconds patience) const;
  [[nodiscard]] std::optional<SecretString> unseal(std::string_view sealed) const;
  [[nodiscard]] Result<std::optional<SecretString>> read_from(int file) const;
  void sweep(Nanoseconds now) const;

  std::string folder_;
  std::string subject_;
  SecretBytes key_;
  std::string path_;
  std::unique_ptr<Descriptor> locked_;
};

}  // namespace vtoken::cmd
