#include "cmd/session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "cmd/advice.hpp"
#include "cmd/args.hpp"
#include "cmd/consistency.hpp"
#include "cmd/default_store.hpp"
#include "cmd/given_headers.hpp"
#include "cmd/noting_backend.hpp"
#include "cmd/passphrase.hpp"
#include "cmd/print_request.hpp"
#include "cmd/server_settings.hpp"
#include "cmd/status.hpp"
#include "cmd/token_environment.hpp"
#include "core/rate_limited_backend.hpp"
#include "core/retrying_backend.hpp"
#include "store/token_keys.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

Result<std::string> namespace_path(const Context& context) {
  std::string path;
  if (context.common.ns) {
    path = *context.common.ns;
  } else if (context.common.namespace_path) {
    path = *context.common.namespace_path;
  } else {
    const auto variable = read_variable(context, "NAMESPACE");
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) path = (*variable)->value;
  }
  const auto first = path.find_first_not_of('/');
  if (first == std::string::npos) return std::string();
  return path.substr(first, path.find_last_not_of('/') - first + 1);
}

Result<std::string> wrap_ttl(const Context& context) {
  std::optional<Nanoseconds> ttl = context.common.wrap_ttl;
  if (!ttl) {
    const auto variable = read_variable(context, "WRAP_TTL");
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) {
      const auto parsed = parse_duration((*variable)->value);
      // The real command sends what it cannot read as it is.
      if (!parsed && context.persona != Persona::vtoken) return (*variable)->value;
      if (!parsed) return fail(ErrorKind::usage, parsed.error().message, (*variable)->name);
      ttl = *parsed;
    }
  }
  return ttl && *ttl != 0 ? go_duration(*ttl) : context.common.usual_wrap_ttl;
}

Result<std::vector<std::string>> mfa(const Context& context) {
  std::vector<std::string> credentials;
  const auto variable = read_variable(context, "MFA");
  if (!variable) return tl::unexpected(variable.error());
  if (*variable) {
    for (const std::string_view credential : split((*variable)->value, ',')) {
      credentials.emplace_back(trimmed(credential));
    }
  }
  credentials.insert(credentials.end(), context.common.mfa.begin(), context.common.mfa.end());
  return credentials;
}

Result<CallOptions> call_options(const Context& context, const CallerToken& caller) {
  CallOptions options;
  options.token = caller.token;
  auto path = namespace_path(context);
  if (!path) return tl::unexpected(path.error());
  options.namespace_path = std::move(*path);
  auto ttl = wrap_ttl(context);
  if (!ttl) return tl::unexpected(ttl.error());
  options.wrap_ttl = std::move(*ttl);
  auto credentials = mfa(context);
  if (!credentials) return tl::unexpected(credentials.error());
  options.mfa = std::move(*credentials);
  options.policy_override = context.common.policy_override;
  auto headers = given_headers(context, !caller.token.empty());
  if (!headers) return tl::unexpected(headers.error());
  options.headers = std::move(*headers);
  options.style = context.persona == Persona::vtoken ? BodyStyle::only_given : BodyStyle::as_vault;
  return options;
}

// The back end as the environment wants it asked: no faster than VAULT_RATE_LIMIT, and again as VAULT_MAX_RETRIES says.
Result<std::unique_ptr<Backend>> paced(const Context& context, const Target& target, std::unique_ptr<Backend> backend,
                                       Retries who) {
  const auto retries = max_retries(context);
  if (!retries) return tl::unexpected(retries.error());
  if (target.kind == Target::Kind::remote) {
    const auto limit = rate_limit(context);
    if (!limit) return tl::unexpected(limit.error());
    if (*limit) {
      backend = std::make_unique<RateLimitedBackend>(std::move(backend), **limit, Pace{{}, context.services.wait});
    }
  }
  if (who == Retries::by_command) return backend;
  RetryPolicy policy;
  policy.wait = context.services.wait;
  policy.retries = retries->value_or(policy.retries);
  return std::make_unique<RetryingBackend>(std::move(backend), std::move(policy));
}

// What opening found wrong in a server's settings is the real command's status 2.
Error opening_failed(const Context& context, const Target& target, Error error) {
  if (context.persona != Persona::vtoken && target.kind == Target::Kind::remote && exit_status(error) == kUsage) {
    error.kind = ErrorKind::server;
  }
  return error;
}

void warn_of_skipped_checks(const Context& context, const Target& target) {
  const auto& addresses = target.server.addresses;
  const bool tls = std::any_of(addresses.begin(), addresses.end(),
                               [](const std::string& address) { return address.starts_with("https://"); });
  if (!target.server.tls.skip_verify || !tls || context.persona != Persona::vtoken || context.common.quiet) return;
  make_output(context).warn(
      "Warning: the server's certificate is not checked (-tls-skip-verify or VAULT_SKIP_VERIFY): anyone on the way can "
      "read and use the token. -ca-cert=FILE trusts a certificate instead.");
}

Result<std::unique_ptr<Backend>> open_printing(const Context& context, const Target& target) {
  const bool curl = context.common.output_curl_string;
  if (curl && target.kind == Target::Kind::store) {
    return fail(ErrorKind::usage,
                fmt::format("-output-curl-string needs a server: curl cannot ask {}", target.address));
  }
  return printing_backend(context, target, curl ? PrintedAs::curl : PrintedAs::policy);
}

Result<std::unique_ptr<Backend>> open(const Context& context, const Target& target, MissingStore missing,
                                      Retries retries, const TokenKeys*& keys) {
  if (target.unnamed && !std::filesystem::exists(target.path)) {
    if (missing == MissingStore::is_an_error) {
      return fail(ErrorKind::not_found,
                  fmt::format("there is no store yet: `{}` makes one, and so does `{}`",
                              context.invocation("store init"), context.invocation("create")),
                  target.path);
    }
    const auto made = make_default_store(context, target);
    if (!made) return tl::unexpected(made.error());
  }
  if (target.odd) return odd_backend(*target.odd);
  auto backend = context.services.open_backend(target);
  if (!backend) return tl::unexpected(opening_failed(context, target, backend.error()));
  warn_of_skipped_checks(context, target);
  keys = store::token_keys(**backend);
  return paced(context, target, std::move(*backend), retries);
}

// On a terminal that shows them, unless somebody does not want them (https://no-color.org).
bool has_colours(const Context& context) {
  if (context.persona != Persona::vtoken || !context.streams.err_is_terminal) return false;
  if (read_own_variable(context, "NO_COLOR") || read_own_variable(context, "VAULT_CLI_NO_COLOR")) return false;
  const auto terminal = read_own_variable(context, "TERM");
  return terminal && terminal->value != "dumb";
}

constexpr std::size_t kMostAtOnce = 4096;
constexpr std::size_t kLongestRaw = 8192;  // bytes of a body that is no answer

// Servers and proxies may repeat a request, and say more than anyone reads.
ApiFailure fit_to_print(ApiFailure failure, std::string_view token) {
  for (std::string& text : failure.texts) {
    const std::size_t size = text.size();
    if (failure.raw && size > kLongestRaw) {
      text.resize(kLongestRaw);
      text += fmt::format("… ({} bytes)", size);
    }
    text = mask_tokens_in(text, token);
  }
  failure.path = mask_tokens_in(failure.path, token);
  failure.error.message = mask_tokens_in(failure.error.message, token);
  failure.error.context = mask_tokens_in(failure.error.context, token);
  return failure;
}

}  // namespace

Session::Session(const Context& of, Target where, CallerToken who, std::unique_ptr<Backend> through,
                 CallOptions options, OutputOptions output_options)
    : context(of),
      target(std::move(where)),
      caller(std::move(who)),
      backend(std::move(through)),
      client(*backend, std::move(options)),
      output(of.streams, std::move(output_options)),
      printing(of.common.output_curl_string || of.common.output_policy) {}

int Session::failed(std::string_view doing, const ApiFailure& failure) {
  if (printing) return kDone;
  const ApiFailure printable = fit_to_print(failure, caller.token.view());
  const int plain = output.failure(doing, printable);
  if (plain == kDone) return kDone;
  if (!context.common.quiet) {
    if (const std::string text = advice_on(printable); !text.empty()) output.info(text);
  }
  return status_of(context, failure);
}

std::string Session::advice_on(const ApiFailure& failure) {
  Asker asker;
  asker.program = context.program;
  asker.is_vtoken = context.persona == Persona::vtoken;
  asker.asks_server = target.kind == Target::Kind::remote;
  asker.address = target.address;
  asker.token_size = caller.token.size();
  asker.token_source = caller.source;
  asker.namespace_path = client.options().namespace_path;
  const bool is_dangling = may_be_dangling(failure);
  if ((is_dangling || may_be_parameters(failure)) && may_look()) {
    const std::vector<std::string>& capabilities = own_capabilities(failure.path);
    const bool is_root = std::find(capabilities.begin(), capabilities.end(), "root") != capabilities.end();
    if (is_dangling && (is_root || suffice(capabilities, failure))) return dangling_advice(asker);
    if (!is_dangling && suffice(capabilities, failure)) return parameters_advice(asker);
  }
  return advice(failure, asker);
}

const std::vector<std::string>& Session::own_capabilities(const std::string& path) {
  const auto [known, is_new] = known_capabilities_.try_emplace(path);
  if (is_new) {
    const std::string wrap_ttl = std::exchange(client.options().wrap_ttl, {});
    const auto answer = client.capabilities_self({path});
    client.options().wrap_ttl = wrap_ttl;
    const auto names = answer ? capabilities_on(*answer, path) : Result<std::optional<std::vector<std::string>>>();
    if (names && *names) known->second = **names;
  }
  return known->second;
}

int Session::not_found(std::string_view text) {
  output.error(text);
  return status_of(context, Error{ErrorKind::not_found, {}, {}, {}});
}

int Session::show(const Answer& answer) {
  const bool seen = output.format() == Format::table && !context.common.field;  // the table shows them
  if (answer.warnings && !answer.warnings->empty()) {
    warned = true;
    const bool told = context.persona == Persona::vtoken
                          ? !context.common.quiet
                          : context.persona == Persona::bao && output.format() == Format::table;
    if (!seen && told) output.warnings(*answer.warnings);
  }
  const int status = context.common.field ? output.field(answer, *context.common.field) : output.answer(answer);
  return worse(status, settled());
}

bool Session::is_wrapped(const Answer& answer) const {
  return context.persona == Persona::vtoken && answer.wrap_info.has_value();
}

Answer Session::seen(Answer answer) const {
  if (context.persona != Persona::vtoken && context.common.field) answer.warnings.reset();
  return answer;
}

void Session::tell(const std::vector<std::string>& lines) {
  if (printing || lines.empty()) return;
  warned = true;
  if (context.common.quiet) return;
  for (const std::string& line : lines) output.warn(fmt::format("Warning: {}.", line));
}

bool Session::may_look() const { return context.persona == Persona::vtoken && !context.common.quiet && !printing; }

int Session::settled() const { return warned && context.common.fail_on_warning ? kNo : kDone; }

Output make_output(const Context& context) {
  OutputOptions options;
  options.format = context.format;
  options.detailed = context.common.detailed;
  options.quiet = context.common.quiet;
  if (context.persona != Persona::vtoken) options.error_lines = ErrorLines::joined;
  if (context.persona == Persona::bao) options.server = "OpenBao";
  options.field_is_raw = context.persona == Persona::vtoken && !context.common.format;
  options.field_paths = context.persona == Persona::vtoken;
  options.colours = has_colours(context);
  return Output(context.streams, std::move(options));
}

Result<std::unique_ptr<Session>> connect(const Context& context, std::string_view doing, MissingStore missing,
                                         Retries retries, TokenUse use) {
  auto target = resolve_target(context);
  if (!target) return tl::unexpected(target.error());
  const bool printing = context.common.output_curl_string || context.common.output_policy;
  if (!printing) {
    if (auto complete = complete_unlock(context, *target); !complete) return tl::unexpected(complete.error());
  }
  // A sweep adapts by itself how many requests are under way.
  if (retries == Retries::by_command) target->server.at_once = kMostAtOnce;
  const TokenKeys* keys = nullptr;
  auto backend = printing ? open_printing(context, *target) : open(context, *target, missing, retries, keys);
  if (!backend) return tl::unexpected(backend.error());
  auto caller = resolve_caller_token(context, *target, use);
  if (!caller) {
    Error error = caller.error();
    const bool late = error.message.starts_with("configured Vault token");
    if (context.persona != Persona::vtoken && late) error.context = doing;
    return tl::unexpected(std::move(error));
  }
  auto options = call_options(context, *caller);
  if (!options) return tl::unexpected(options.error());
  auto consistency = consistency_headers(context, *target);
  if (!consistency) return tl::unexpected(consistency.error());
  std::move(consistency->begin(), consistency->end(), std::back_inserter(options->headers));
  Output output = make_output(context);
  output.options().address = target->address;
  if (context.common.verbose) {
    *backend = noting_backend(std::move(*backend), context.streams.err);
    const bool several = target->server.addresses.size() > 1;
    const std::string where =
        several ? fmt::format("{}", fmt::join(target->server.addresses, ", or else ")) : target->address;
    output.info(fmt::format("Asking {} ({}) with the token from {}.", where, target->source,
                            caller->source.empty() ? "nowhere" : caller->source));
  }
  auto session = std::make_unique<Session>(context, std::move(*target), std::move(*caller), std::move(*backend),
                                           std::move(*options), output.options());
  session->keys = keys;
  if (context.format == Format::env) {
    if (!session->client.options().wrap_ttl.empty()) {
      return fail(ErrorKind::usage, "-wrap-ttl hides the token that -format=env prints: give one of them");
    }
    session->output.options().exports = [&asked = *session](std::string_view token) {
      const std::string& namespace_path = asked.client.options().namespace_path;
      return shell_commands(token_environment(asked.context, asked.target, namespace_path, token));
    };
  }
  return session;
}

}  // namespace vtoken::cmd
