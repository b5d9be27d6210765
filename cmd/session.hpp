// A command's way to its back end: opened, with the caller's token, and with what it prints to.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cmd/caller_token.hpp"
#include "cmd/context.hpp"
#include "cmd/output.hpp"
#include "cmd/target.hpp"
#include "core/backend.hpp"
#include "core/token_client.hpp"
#include "token/keys.hpp"

namespace vtoken::cmd {

/// Whether a command makes the default store when nobody named a target and it is not there yet.
enum class MissingStore { is_an_error, is_made };

/// Who asks again what could not be answered now: the back end, as VAULT_MAX_RETRIES says, or the command itself.
enum class Retries { as_set, by_command };

/// Lives as long as the run of one command.
struct Session {
  Session(const Context& of, Target where, CallerToken who, std::unique_ptr<Backend> through, CallOptions options,
          OutputOptions output_options);

  const Context& context;
  Target target;
  CallerToken caller;
  std::unique_ptr<Backend> backend;
  TokenClient client;
  Output output;
  const bool printing;  ///< requests are printed, not sent, and each "fails" without a message

  /// Prints `DOING: what went wrong` and returns the exit status, the detailed one if that was asked for.
  [[nodiscard]] int failed(std::string_view doing, const ApiFailure& failure);
  /// Prints `text`, which says that something is not there, and returns the exit status.
  [[nodiscard]] int not_found(std::string_view text);
  /// Prints the answer, or only the field that -field named. Returns the exit status. To `vtoken` the answer's warnings
  /// are on standard error in every format.
  [[nodiscard]] int show(const Answer& answer);
  /// Whether -wrap-ttl had the answer wrapped, so that show() shows where it is. The commands that look for something
  /// in it fail then, as the real command does under its own names.
  [[nodiscard]] bool is_wrapped(const Answer& answer) const;
  /// The answer as far as show() shows it: with -field the real command leaves out the warnings.
  [[nodiscard]] Answer seen(Answer answer) const;
  /// Prints what a person should know, a line each, unless -q was given.
  void tell(const std::vector<std::string>& lines);
  /// Whether requests may be sent that nobody asked for, to have more to tell: only as `vtoken`, and not with -q.
  [[nodiscard]] bool may_look() const;
  /// The status when all went well: kNo when -fail-on-warning was given and something was warned of.
  [[nodiscard]] int settled() const;

  /// What to do about a failure; may ask for the caller's capabilities.
  [[nodiscard]] std::string advice_on(const ApiFailure& failure);

  const TokenKeys* keys = nullptr;  ///< what the keys of a store can tell by themselves; null for a server

  bool warned = false;  ///< the answer had warnings, or there was something to tell

 private:
  /// What the caller may do on a path; asked once, and nothing when that cannot be known.
  [[nodiscard]] const std::vector<std::string>& own_capabilities(const std::string& path);

  std::map<std::string, std::vector<std::string>> known_capabilities_ = {};
};

/// Finds target and token and opens the back end, which retries as VAULT_MAX_RETRIES says. Nothing is asked yet.
/// `doing`, such as "Error looking up token", is what the real command puts before the one failure that it finds so
/// late: a token that cannot be sent. With TokenUse::if_any the caller's token may be empty.
[[nodiscard]] Result<std::unique_ptr<Session>> connect(const Context& context, std::string_view doing,
                                                       MissingStore missing = MissingStore::is_an_error,
                                                       Retries retries = Retries::as_set,
                                                       TokenUse use = TokenUse::sent);

/// What is printed to before, or without, a back end.
[[nodiscard]] Output make_output(const Context& context);

}  // namespace vtoken::cmd
