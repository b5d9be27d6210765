#include "cmd/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vtoken::cmd {
namespace {

constexpr std::string_view kVariable = "VTOKEN_CONSISTENCY";

// What asks a standby to pass a request on to the active node: only when it lags, or always.
Result<std::vector<Header>> forwarding(std::string_view kind, std::string_view source) {
  if (kind == "retry") return std::vector<Header>{};
  if (kind == "forward") return std::vector<Header>{{"X-Vault-Inconsistent", "forward-active-node"}};
  if (kind == "forward-always") return std::vector<Header>{{"X-Vault-Forward", "active-node"}};
  return fail(ErrorKind::usage,
              fmt::format("invalid value {} for {}: retry, forward or forward-always", go_quoted(kind), source));
}

// A state is what servers give: printable, without blanks, and a header's value.
bool is_state(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

void declare_consistency(FlagSet& flags, CommonValues& values) {
  // Behind the general flags, which were declared last.
  flags.boolean({"fail-on-warning", "End with status 3 when there was something to warn of, though all was done."},
                values.fail_on_warning);
  flags.group("Clusters");
  flags.text({"consistency",
              "When a standby lags behind (412): retry asks again; forward lets it pass the request on to the active "
              "node; forward-always has each request passed on. Also VTOKEN_CONSISTENCY.",
              "KIND",
              {},
              false,
              Values::choice,
              "retry forward forward-always"},
             values.consistency);
  flags.list(
      {"require-index",
       "Answer only from this state or a later one, an X-Vault-Index that -v showed; may be given again.", "STATE"},
      values.require_index);
}

Result<std::vector<Header>> consistency_headers(const Context& context, const Target& target) {
  std::vector<Header> headers;
  if (context.persona != Persona::vtoken) return headers;
  const CommonValues& given = context.common;
  const bool store = target.kind == Target::Kind::store;
  if (given.consistency) {
    auto asked = forwarding(*given.consistency, "-consistency");
    if (!asked) return asked;
    if (store && !asked->empty()) {
      return fail(ErrorKind::usage, fmt::format("-consistency={} needs a server: a store has no other node to pass "
                                                "requests on to",
                                                *given.consistency));
    }
    headers = std::move(*asked);
  } else if (const auto variable = read_own_variable(context, kVariable)) {
    auto asked = forwarding(variable->value, kVariable);
    if (!asked) return asked;
    if (!store) headers = std::move(*asked);
  }
  for (const std::string& state : given.require_index) {
    if (store) {
      return fail(ErrorKind::usage,
                  "-require-index needs a server: with a store, the token itself says which state it needs");
    }
    if (!is_state(state)) {
      return fail(ErrorKind::usage, fmt::format("{} is no state of a cluster", go_quoted(state)));
    }
    headers.push_back({"X-Vault-Index", state});
  }
  return headers;
}

}  // namespace vtoken::cmd
