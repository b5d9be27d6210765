#include "cmd/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cmd/args.hpp"
#include "cmd/policy_doubts.hpp"
#include "cmd/print_request.hpp"
#include "core/server_words.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kLookupAccessor = "auth/token/lookup-accessor";
constexpr std::string_view kDeadWrapping = "wrapping token is not valid";
constexpr std::string_view kCapabilitiesSelf = "sys/capabilities-self";
constexpr std::string_view kNeedsSudo = "root or sudo privileges required";
constexpr std::string_view kNoSubset = "child policies must be subset of parent";

// What a server says, and what to do about it whoever asked.
struct Known {
  std::string_view phrase;
  std::string_view advice;
};

constexpr std::array kKnown = {
    Known{"'token_type' cannot be 'batch'",
          "A role for batch tokens needs orphan=true renewable=false, and neither token_period nor "
          "token_explicit_max_ttl."},
    Known{"batch tokens cannot be revoked",
          "A batch token ends when its time is up, or when the token that made it is revoked: revoke that one."},
    Known{"batch tokens cannot be renewed", "A batch token ends when its time is up: make another one instead."},
    Known{"batch tokens cannot create more tokens", "Ask with a service token."},
    Known{"batch tokens cannot be root tokens", "Name policies with -policy: a batch token cannot have root's."},
    Known{"restricted use token cannot generate child tokens",
          "The token in use may be used a few times only; such tokens make no others."},
    Known{"lease is not renewable",
          "Renewable are tokens with a time to live, made without -renewable=false; a root token without one never "
          "ends."},
    Known{"past the max TTL", "The token has reached its maximum: make another one."},
    Known{
        kNoSubset,
        "Without sudo on auth/token/create a token can give only policies that it has itself. A role can give others."},
    Known{"forwarding via header X-Vault-Forward disabled",
          "The server passes no request on because a client says so. Use -consistency=forward, or -consistency=retry, "
          "or set allow_forwarding_via_header in its replication settings."},
    Known{"failed to decode \"X-Vault-Index\"",
          "-require-index takes the value of an X-Vault-Index header, as -v shows it, unchanged."},
    Known{words::kStateNotPresent,
          "The server lags behind what this request needs, and did not catch up while it was asked again. "
          "VAULT_MAX_RETRIES sets how often."},
    Known{words::kPlainToTls, "The server speaks TLS there: its address begins with https://."},
    Known{words::kSealed, "The server is sealed, or not initialised yet: it answers after its operators unsealed it."},
    Known{words::kNotYetInitialised, "The server is new: it has to be initialised first (operator init)."},
    Known{words::kNotInitialised, "The server is new: it has to be initialised first (operator init)."},
    Known{words::kNoLeader,
          "The cluster has no leader. An election takes seconds; if it lasts, more than half of the nodes have to be "
          "up and unsealed."},
    Known{"standby mode", "This node is a standby and did not pass the request on: ask the active node."},
    Known{words::kNoSuchAccessor, "The token has ended or was revoked before."},
    Known{words::kInvalidAccessor,
          "No token has this accessor: it has ended or was revoked, or is in another namespace."},
    Known{kDeadWrapping,
          "A wrapping token works once: this one was used already, has expired, or is none. If nobody here used it, "
          "somebody else read what was in it: revoke that and have it made anew."},
    Known{"token to revoke not found", "It has ended or was revoked before."},
    Known{words::kTokenNotFound, "It has ended or was revoked before."},
};

bool holds(const ApiFailure& failure, std::string_view phrase) {
  return std::any_of(failure.texts.begin(), failure.texts.end(),
                     [&](const std::string& text) { return text.find(phrase) != std::string::npos; });
}

bool is_only(const ApiFailure& failure, std::string_view text) {
  return failure.texts.size() == 1 && failure.texts.front() == text;
}

// A policy on one line.
std::string policy_line(const ApiFailure& failure) {
  std::string text = policy_text({failure.method, failure.path});
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += ' ';
    } else if (c != ' ' || !line.ends_with(' ')) {
      line += c;
    }
  }
  return line;
}

std::string_view place(const Asker& asker) { return asker.asks_server ? "server" : "store"; }

std::string namespace_hint(const Asker& asker) {
  return asker.namespace_path.empty() ? "" : fmt::format(" in the namespace {}", go_quoted(asker.namespace_path));
}

std::string how_to_give_a_token(const Asker& asker) {
  return fmt::format("No token was sent. Give one with VAULT_TOKEN{}.",
                     asker.is_vtoken ? ", or -token-file=FILE" : ", or ~/.vault-token");
}

std::string invalid_token(const ApiFailure& failure, const Asker& asker) {
  constexpr std::array<std::string_view, 5> kAboutAnother = {
      "auth/token/lookup", "auth/token/renew", "auth/token/revoke", "auth/token/revoke-orphan", "sys/capabilities"};
  if (std::find(kAboutAnother.begin(), kAboutAnother.end(), failure.path) != kAboutAnother.end()) {
    if (!is_only(failure, words::kDenied)) {
      return fmt::format(
          "The {} does not know the token asked about{}: it has ended, was revoked, or belongs "
          "elsewhere.",
          place(asker), namespace_hint(asker));
    }
  }
  const std::string source = asker.token_source.empty() ? "" : fmt::format(" from {}", asker.token_source);
  return fmt::format(
      "The {} does not accept the token{}{}: it has ended, was revoked, belongs elsewhere, or may not be "
      "used from this machine.",
      place(asker), source, namespace_hint(asker));
}

// Privileges beyond the path's own.
std::string needs_sudo(const ApiFailure& failure) {
  const std::string_view path = failure.path.empty() ? "auth/token/create" : std::string_view(failure.path);
  std::string text =
      fmt::format("Needs a policy with path \"{}\" {{ capabilities = [\"create\", \"update\", \"sudo\"] }}", path);
  if (holds(failure, "create orphan token")) text += ", or a role with orphan=true";
  return text + ".";
}

std::string too_long(const Asker& asker) {
  return fmt::format(
      "The token has {} bytes; servers take at most {} (8 KiB) in a header. Batch tokens grow with their "
      "policies and metadata.",
      asker.token_size, words::kLongestToken);
}

std::string denied(const ApiFailure& failure, const Asker& asker) {
  if (asker.token_size == 0) return how_to_give_a_token(asker);
  if (names_invalid_token(failure)) return invalid_token(failure, asker);
  if (!holds(failure, words::kDenied)) return {};
  return fmt::format("The token may not do this{}: it needs a policy with {}.", namespace_hint(asker),
                     policy_line(failure));
}

std::string lags() {
  return "The server lags behind what this request needs; VAULT_MAX_RETRIES sets how often it is asked again.";
}

std::string rate_limited(const ApiFailure& failure) {
  if (failure.error.kind == ErrorKind::stale) return lags();
  if (failure.path == "sys/health") return "A standby answers so: it works, and is not the active node.";
  std::string text = "The server limits how fast it is asked.";
  if (failure.retry_after > 0) text += fmt::format(" It asks to wait {} s.", failure.retry_after);
  return text + " VAULT_RATE_LIMIT=10 sends at most 10 requests a second.";
}

std::string foreign(const ApiFailure& failure, const Asker& asker) {
  if (failure.status == 502 || failure.status == 503 || failure.status == 504) {
    return fmt::format(
        "A proxy or load balancer at {} answered, not Vault or OpenBao: the server behind it cannot be "
        "reached.",
        asker.address);
  }
  return fmt::format(
      "This is no answer of Vault or OpenBao: something else listens at {}, or a proxy on the way "
      "answered.",
      asker.address);
}

std::string by_status(const ApiFailure& failure, const Asker& asker) {
  switch (failure.status) {
    case 403: return denied(failure, asker);
    case 412: return lags();
    case 429: return rate_limited(failure);
    case 431: return asker.token_size > 0 ? "The request's headers are too long for the server." : "";
    case 501: return "The server is new: it has to be initialised first (operator init).";
    case 503: return "The server cannot answer now: try again later.";
    default: return {};
  }
}

std::string consistency_hint(const ApiFailure& failure, const Asker& asker) {
  if (failure.status != 412 || !asker.is_vtoken || !asker.asks_server) return {};
  return " -consistency=forward has such requests passed on to the active node.";
}

}  // namespace

bool is_foreign(const ApiFailure& failure) {
  if (failure.status == 0) return failure.error.kind == ErrorKind::damaged && failure.error.advice.empty();
  if (!failure.raw || failure.texts.empty()) return false;
  const std::string& text = failure.texts.front();
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '<';
}

bool names_invalid_token(const ApiFailure& failure) {
  return is_only(failure, words::kDenied) ||
         std::any_of(words::kDeadToken.begin(), words::kDeadToken.end(),
                     [&](std::string_view phrase) { return holds(failure, phrase); });
}

bool names_dead_wrapping_token(const ApiFailure& failure) { return holds(failure, kDeadWrapping); }

bool names_no_leader(const ApiFailure& failure) { return holds(failure, words::kNoLeader); }

bool names_missing_thing(const ApiFailure& failure) {
  constexpr std::array<std::string_view, 7> kPhrases = {
      words::kInvalidAccessor, "unknown role",         words::kTokenNotFound,      words::kNoNamespace,
      "namespace not found",   "no handler for route", "token to revoke not found"};
  return std::any_of(kPhrases.begin(), kPhrases.end(), [&](std::string_view phrase) { return holds(failure, phrase); });
}

bool may_be_dangling(const ApiFailure& failure) {
  return failure.status == 403 && failure.path == kLookupAccessor && !names_invalid_token(failure) &&
         !names_missing_thing(failure);
}

std::string dangling_advice(const Asker& asker) {
  return fmt::format(
      "The token in use may look up accessors, so this one is left over from a token that is gone: "
      "`{} write -f auth/token/tidy` clears such up.",
      asker.program);
}

bool may_be_parameters(const ApiFailure& failure) {
  const bool may_have_some =
      failure.method == Method::get || failure.method == Method::post || failure.method == Method::put;
  return failure.status == 403 && may_have_some && holds(failure, words::kDenied) && !names_invalid_token(failure) &&
         failure.path != kCapabilitiesSelf;
}

bool suffice(const std::vector<std::string>& capabilities, const ApiFailure& failure) {
  const auto may = [&](std::string_view name) {
    return std::find(capabilities.begin(), capabilities.end(), name) != capabilities.end();
  };
  if (policy_text({failure.method, failure.path}).find("\"sudo\"") != std::string::npos && !may("sudo")) return false;
  if (failure.method == Method::get) return may("read");
  return may("update") && (may("create") || only_updates(failure.path));
}

std::string parameters_advice(const Asker& asker) {
  return fmt::format(
      "The token may ask there{}, but not so: the rule that matches the path says with which parameters "
      "(allowed_parameters, denied_parameters, required_parameters) and wrapping TTLs.",
      namespace_hint(asker));
}

bool names_missing_privilege(const ApiFailure& failure) {
  return holds(failure, kNeedsSudo) || holds(failure, kNoSubset);
}

std::string advice(const ApiFailure& failure, const Asker& asker) {
  if (is_foreign(failure)) return foreign(failure, asker);
  if (failure.status == 0) return failure.error.advice;
  const bool about_headers = failure.status == 400 || failure.status == 403 || failure.status == 431;
  if (about_headers && asker.asks_server && asker.token_size > words::kLongestToken) return too_long(asker);
  if (holds(failure, "missing client token")) return how_to_give_a_token(asker);
  if (holds(failure, kNeedsSudo)) return needs_sudo(failure);
  if (holds(failure, "unknown role")) {
    return asker.is_vtoken ? fmt::format("`{} roles list` shows the roles{}.", asker.program, namespace_hint(asker))
                           : fmt::format("`{} list auth/token/roles` shows the roles.", asker.program);
  }
  if (holds(failure, "namespace not found") || holds(failure, words::kNoNamespace)) {
    return asker.namespace_path.empty()
               ? "There is no such namespace."
               : fmt::format("There is no namespace {} (-namespace, VAULT_NAMESPACE), or the server has none.",
                             go_quoted(asker.namespace_path));
  }
  if (failure.status == 412 && !asker.asks_server) {
    return "This store is an older copy than the token: ask the store that the token was made in.";
  }
  if (holds(failure, "no handler for route")) {
    return fmt::format("Nothing is mounted at that path{}.", namespace_hint(asker));
  }
  const auto known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return holds(failure, each.phrase); });
  if (known != kKnown.end()) return std::string(known->advice) + consistency_hint(failure, asker);
  if (names_invalid_token(failure)) return denied(failure, asker);
  std::string text = by_status(failure, asker);
  return text.empty() ? failure.error.advice : text + consistency_hint(failure, asker);
}

}  // namespace vtoken::cmd
