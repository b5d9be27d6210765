// The program as a function, so that tests can call it: main() only passes on what the process was given.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/backend.hpp"

namespace vtoken::cmd {

/// Variables by name. Only what is here is read: commands never call getenv.
using Environment = std::map<std::string, std::string>;

/// The three standard streams. `*_is_terminal` decide about colours, prompts and the newline after `-field`.
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_was_read = false;  ///< to its end, by something that "-" stood for
};

/// Which back end a command line means, before it is opened (design.md, "Which back end, which token").
struct Target;

/// What main() changed of what the process was started with. A program that it starts gets it back.
struct Inherited {
  bool ignores_broken_pipes = false;             ///< SIGPIPE was ignored
  bool ignores_long_files = false;               ///< SIGXFSZ was ignored
  std::optional<std::uint64_t> core_limit = {};  ///< bytes, the soft limit of core files; nothing: as it is now
};

/// What commands need from outside and tests replace.
struct Services {
  const Clock& clock;
  /// Opens the back end that `target` names. Tests give recorded answers here.
  std::function<Result<std::unique_ptr<Backend>>(const Target& target)> open_backend;
  /// Waits before something is tried again; false gives up. Empty: sleeps.
  std::function<bool(Nanoseconds)> wait = {};
  Inherited inherited = {};
};

/// The program's version, such as "0.1.0".
[[nodiscard]] std::string_view program_version() noexcept;

/// Runs one command line. `arguments` starts with the program's name, whose last path component chooses between
/// `vtoken`, `vault` and `bao`. Returns the exit status (design.md, "Exit statuses"). Never throws.
[[nodiscard]] int run(const std::vector<std::string>& arguments, const Environment& environment, Streams& streams,
                      const Services& services);

}  // namespace vtoken::cmd
