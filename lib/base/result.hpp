// Failures as values. A function that can fail returns Result<T>; nothing in this project throws across a function that
// is declared in a header. An answer with an HTTP status of 400 or more is an answer (see request.hpp), not a failure.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace vtoken {

/// What went wrong, coarse enough to choose an exit status by (design.md, "Exit statuses").
enum class ErrorKind {
  usage,         ///< wrong arguments or settings; nothing was done
  refused,       ///< well-formed, but declined before anything was done
  not_found,     ///< the thing named is not there (a store, a file)
  io,            ///< the operating system refused: permissions, a full or read-only disk
  wrong_key,     ///< the store's key file or passphrase does not open it
  damaged,       ///< a file or an answer that is not what it should be: truncated, foreign, newer, malformed
  unreachable,   ///< no connection was made, so nothing was asked: refused, no such host, timed out while connecting
  untrusted,     ///< no connection either: the server's certificate is not trusted, or TLS failed otherwise
  lost,          ///< it may have been asked, but there is no whole answer: reset, timed out, cut
  sealed,        ///< a server that is sealed or not initialised
  stale,         ///< 412: the state that was required is not there yet
  rate_limited,  ///< 429
  denied,        ///< 403
  server,        ///< an answer that says no for another reason
  internal       ///< a mistake of ours
};

/// A failure: its kind, one line that says what happened, and where. Never holds a secret.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string context = {};  ///< the file, path or URL concerned; may be empty
  std::string advice = {};   ///< a line of its own that says what to do, where `message` does not; may be empty

  /// "context: message", or the message alone.
  [[nodiscard]] std::string text() const { return context.empty() ? message : context + ": " + message; }
};

template <class T>
using Result = tl::expected<T, Error>;

/// Makes the failing half of a Result: `return fail(ErrorKind::io, "cannot write", path);`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string context = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(context), {}});
}

}  // namespace vtoken
