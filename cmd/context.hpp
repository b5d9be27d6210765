// What a subcommand is given: the world outside, and what the flags common to all commands said.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "cmd/output.hpp"

namespace vtoken::cmd {

/// The name the program was started under; it decides on details of behaviour (design.md, "Three names").
enum class Persona { vtoken, vault, bao };

/// Values of the common flags, as given on the command line; the environment is not in here.
struct CommonValues {
  std::vector<std::string> addresses;
  std::optional<std::string> agent_address, store, key_file, passphrase_file;
  std::optional<std::string> ca_cert, ca_path, client_cert, client_key, tls_server_name;
  std::optional<bool> tls_skip_verify, disable_redirects;
  std::optional<std::string> token_file, namespace_path, ns;
  std::optional<Nanoseconds> wrap_ttl;
  std::string usual_wrap_ttl;  ///< set by a command whose answer must be wrapped, for want of a flag or variable
  std::vector<std::string> mfa;
  std::map<std::string, std::string> headers;
  bool policy_override = false;
  bool output_curl_string = false;
  bool output_policy = false;
  bool non_interactive = false;
  std::optional<std::string> unlock_key;  ///< accepted, as by the real command: none of these commands uses it
  bool quiet = false;                     ///< -q: no advice, no extra requests
  bool verbose = false;                   ///< -v: say which target and which token are used
  std::optional<std::string> exit_codes;
  std::optional<std::string> consistency;
  std::vector<std::string> require_index;
  bool fail_on_warning = false;  ///< what was warned of makes the status kNo
  std::optional<std::string> format, field, output_file;
  bool detailed = false;
};

/// Lives as long as the run of one command. Members are borrowed.
struct Context {
  Persona persona;
  std::string program;  ///< "vtoken", "vault" or "bao"
  const Environment& environment;
  Streams& streams;
  const Services& services;
  CommonValues common = {};
  Format format = Format::table;  ///< from -format or VAULT_FORMAT, for commands that take -format

  /// The command name as typed, for hints: "vtoken create", or "vault token create".
  [[nodiscard]] std::string invocation(std::string_view command) const;
};

/// The variable VAULT_`name`, or BAO_`name` for the names that know it (design.md). Nothing when it is unset or empty;
/// to `bao` an empty BAO_`name` hides VAULT_`name`. Fails (usage) when both are set to different values and the program
/// is `vtoken`.
struct Variable {
  std::string name;  ///< the name that was found
  std::string value;
};
[[nodiscard]] Result<std::optional<Variable>> read_variable(const Context& context, std::string_view name);

/// The variable of that very name, such as VTOKEN_STORE or HOME. Nothing when it is unset or empty.
[[nodiscard]] std::optional<Variable> read_own_variable(const Context& context, std::string_view name);

}  // namespace vtoken::cmd
