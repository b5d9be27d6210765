#include "cmd/common_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/command.hpp"
#include "cmd/consistency.hpp"
#include "cmd/output_file.hpp"

namespace vtoken::cmd {
namespace {

Flag format_flag(unsigned which) {
  Flag flag{"format", "table, json or yaml. Also VAULT_FORMAT.", "FORMAT", {}, false, Values::choice};
  flag.choices = "table json yaml";
  if ((which & kOurOutput) == 0) return flag;
  flag.help = "table, json, yaml, or ndjson: JSON, a line each. Also VAULT_FORMAT.";
  flag.choices = "table json yaml ndjson";
  if ((which & kEnvFormat) != 0) {
    flag.help =
        "table, json, yaml, ndjson: JSON on a line, or env: commands that set VAULT_TOKEN and VAULT_ADDR in a "
        "shell. Also VAULT_FORMAT.";
    flag.choices = "table json yaml ndjson env";
  }
  if ((which & kRawFormat) != 0) {
    flag.help = "table, json, yaml, ndjson: JSON on a line, or raw: the answer as it came. Also VAULT_FORMAT.";
    flag.choices = "table json yaml ndjson raw";
  }
  return flag;
}

void declare_target(FlagSet& flags, CommonValues& values) {
  flags.group("Server or store");
  flags.list(
      {"address",
       "A server's URL, or file:// and a store's absolute path. Further servers, given again or after a comma, are "
       "asked when one cannot be reached. Also VAULT_ADDR.",
       "URL"},
      values.addresses);
  flags.text({"agent-address", "An agent's URL, which is asked instead. Also VAULT_AGENT_ADDR.", "URL"},
             values.agent_address);
  flags.text({"store", "A local store. Also VTOKEN_STORE.", "PATH", {}, false, Values::file}, values.store);
  flags.text({"key-file",
              "The key that opens the store, when it is not PATH.key. Also VTOKEN_STORE_KEY_FILE.",
              "FILE",
              {},
              false,
              Values::file},
             values.key_file);
  flags.text({"passphrase-file",
              "Holds the passphrase that opens the store; - is standard input. Also VTOKEN_STORE_PASSPHRASE_FILE.",
              "FILE",
              {},
              false,
              Values::file},
             values.passphrase_file);
  flags.group("General");
  flags.boolean({"q", "Say only what was asked for: no advice."}, values.quiet);
  flags.boolean({"v", "Say which target is asked, and where the token came from."}, values.verbose);
  flags.text({"exit-codes",
              "\"detailed\" tells failures apart: 10 token invalid, 11 denied, 12 unreachable, 13 sealed, "
              "14 rate limited, 15 stale, 16 not found.",
              "KIND",
              {},
              false,
              Values::choice,
              "detailed plain"},
             values.exit_codes);
}

void declare_server(FlagSet& flags, CommonValues& values) {
  flags.group("Servers");
  flags.text(
      {"ca-cert",
       "Trust the certificates in this PEM file instead of the system's. Also VAULT_CACERT, or VAULT_CACERT_BYTES "
       "with the certificates themselves.",
       "FILE",
       {},
       false,
       Values::file},
      values.ca_cert);
  flags.text({"ca-path",
              "The same for the PEM files in a folder, without -ca-cert. Also VAULT_CAPATH.",
              "FOLDER",
              {},
              false,
              Values::folder},
             values.ca_path);
  flags.text(
      {"client-cert", "Show the server this certificate. Also VAULT_CLIENT_CERT.", "FILE", {}, false, Values::file},
      values.client_cert);
  flags.text({"client-key", "The key of -client-cert. Also VAULT_CLIENT_KEY.", "FILE", {}, false, Values::file},
             values.client_key);
  flags.text(
      {"tls-server-name", "The name that the server's certificate must have. Also VAULT_TLS_SERVER_NAME.", "NAME"},
      values.tls_server_name);
  flags.boolean(
      {"tls-skip-verify", "Trust any certificate: anyone on the way can take the token. Also VAULT_SKIP_VERIFY."},
      values.tls_skip_verify);
  flags.boolean({"disable-redirects", "Follow no redirect; otherwise one is. Also VAULT_DISABLE_REDIRECTS."},
                values.disable_redirects);
  flags.text({"unlock-key", "Accepted, and not used.", "KEY", {}, true}, values.unlock_key);
}

void declare_request(FlagSet& flags, CommonValues& values) {
  flags.group("Requests");
  flags.text(
      {"token-file",
       "Holds the token to ask with. Otherwise VAULT_TOKEN, the token helper or ~/.vault-token, or the store's own "
       "PATH.token.",
       "FILE",
       {},
       false,
       Values::file},
      values.token_file);
  flags.text({"namespace", "Ask in this namespace. Also VAULT_NAMESPACE.", "PATH"}, values.namespace_path);
  flags.text({"ns", "The same as -namespace, and before it.", "PATH", {}, true}, values.ns);
  flags.duration(
      {"wrap-ttl", "Wrap the answer behind a single-use token that lives so long. Also VAULT_WRAP_TTL.", "DURATION"},
      values.wrap_ttl);
  flags.pairs({"header", "Send this HTTP header too; may be given again.", "NAME=VALUE"}, values.headers);
  flags.list({"mfa", "An MFA credential; may be given again. Also VAULT_MFA.", "CREDENTIAL"}, values.mfa);
  flags.boolean({"policy-override", "Override a soft-mandatory Sentinel policy."}, values.policy_override);
  flags.boolean({"output-curl-string", "Send nothing: print the curl command that would."}, values.output_curl_string);
  flags.boolean({"output-policy", "Send nothing: print a policy that allows it."}, values.output_policy);
  flags.boolean({"non-interactive", "Never ask on the terminal."}, values.non_interactive);
}

// The format is read for every command of the real one, whatever the command does with it.
Result<void> settle_format(Context& context, unsigned which) {
  std::string text;
  if (context.common.format) {
    text = *context.common.format;
  } else {
    const auto variable = read_variable(context, "FORMAT");
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) text = (*variable)->value;
  }
  const auto format = parse_format(text);
  if (!format) return tl::unexpected(format.error());
  const bool is_ours = *format == Format::ndjson || *format == Format::env;
  if (is_ours && context.persona != Persona::vtoken) {
    return fail(ErrorKind::usage, fmt::format("Invalid output format: {}", text));
  }
  if (*format == Format::env && (which & kEnvFormat) == 0) {
    return fail(ErrorKind::usage, "This command does not support the -format=env option: its answer has no new token.");
  }
  if (*format == Format::raw && (which & kRawFormat) == 0) {
    return fail(ErrorKind::usage, "This command does not support the -format=raw option.");
  }
  // Nothing here can be printed that way; the real command finds out when the token is made and lost.
  if (*format == Format::pretty && context.persona == Persona::vtoken) {
    return fail(ErrorKind::usage, "This command does not support the -format=pretty option.");
  }
  context.format = *format;
  return {};
}

}  // namespace

void declare_common(FlagSet& flags, CommonValues& values, unsigned which) {
  if ((which & (kFormatFlag | kFieldFlag | kDetailedFlag | kOurOutput)) != 0) flags.group("Output");
  if ((which & kFormatFlag) != 0) flags.text(format_flag(which), values.format);
  if ((which & kFieldFlag) != 0) {
    const bool ours = (which & kOurOutput) != 0;
    flags.text({"field",
                ours ? "Print only this field's value, or what is at a path such as auth.policies[0]."
                     : "Print only this field's value.",
                "NAME"},
               values.field);
  }
  if ((which & kDetailedFlag) != 0) {
    flags.boolean({"detailed", "Show more than the names. Also VAULT_DETAILED."}, values.detailed);
  }
  if ((which & kOurOutput) != 0) declare_output_file(flags, values);
  if ((which & kRequestFlags) != 0) {
    declare_request(flags, values);
    declare_server(flags, values);
  }
  if ((which & kTargetFlags) != 0) declare_target(flags, values);
}

void declare_all(FlagSet& flags, Command& command, const CommandInfo& info, Persona persona, CommonValues& values) {
  flags.group("Flags");
  command.declare(flags);
  flags.leave_out(flags_left_out(persona, info));
  unsigned which = flags_of(persona, info);
  const auto& own = flags.declared();
  const bool prints = (which & (kFormatFlag | kFieldFlag)) != 0 ||
                      std::any_of(own.begin(), own.end(), [](const auto& each) { return each.flag.name == "format"; });
  if (persona == Persona::vtoken && prints) which |= kOurOutput;
  declare_common(flags, values, which);
  if (persona == Persona::vtoken && (info.flags & kRequestFlags) != 0) declare_consistency(flags, values);
}

Result<void> settle_common(Context& context, unsigned which) {
  if (context.common.field && context.common.field->empty()) context.common.field.reset();
  const auto& codes = context.common.exit_codes;
  if (codes && *codes != "detailed" && *codes != "plain") {
    return fail(ErrorKind::usage,
                fmt::format("invalid value {} for flag -exit-codes: plain or detailed", go_quoted(*codes)));
  }
  if ((which & kDetailedFlag) != 0 && !context.common.detailed) {
    const auto variable = read_variable(context, "DETAILED");
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) context.common.detailed = parse_bool((*variable)->value).value_or(false);
  }
  const bool settles = (which & kFormatFlag) != 0 || context.persona != Persona::vtoken;
  return settles ? settle_format(context, which) : Result<void>{};
}

}  // namespace vtoken::cmd
