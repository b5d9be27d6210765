// Whether a token is genuine, in words.
#include <fmt/format.h>

#include "cmd/inspection.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kUnknown = "unknown: ";

std::string_view whose(Checker checker) {
  switch (checker) {
    case Checker::store: return "this store";
    case Checker::server: return "the server";
    default: return "the key";
  }
}

std::string genuine(const DecodedToken& token, Checker checker) {
  if (checker == Checker::server) return "the server accepts it";
  if (token.ssc) return fmt::format("{} signed it", whose(checker));
  if (token.batch) return fmt::format("{} opens it", checker == Checker::key_file ? "the key" : "this store's key");
  return "this store has it";
}

std::string no_key(const DecodedToken& token) {
  if (token.ssc) {
    return "no key is at hand that could check the HMAC; name the store (-store) or the key (-verify-key), or ask the "
           "server (-lookup)";
  }
  return "no key is at hand that could open it; name the store (-store) or the key (-verify-key), or ask the server "
         "(-lookup)";
}

// Why something is unknown.
std::string reason(const std::string& text) { return text.substr(text.starts_with(kUnknown) ? kUnknown.size() : 0); }

std::string nobody_can(const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  const KeyFacts& facts = inspection.keys;
  if (token.fault) return "the token is damaged";
  if (inspection.jwt && inspection.live.problem.empty()) return "only the server that signed it can tell; -lookup asks";
  if (token.batch && facts.checker != Checker::nobody) return reason(facts.sealed);
  if (!inspection.live.problem.empty()) return fmt::format("the lookup failed ({})", inspection.live.problem);
  if (token.ssc || token.batch) return no_key(token);
  if (facts.checker == Checker::store) {
    return fmt::format("nothing in it can be checked with a key, and {}", reason(facts.unknown));
  }
  return "nothing in it can be checked with a key; its maker knows it, and -lookup asks";
}

}  // namespace

Verdict verdict_on(const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  const KeyFacts& facts = inspection.keys;
  if (!facts.is_genuine) return {std::nullopt, Checker::nobody, nobody_can(inspection)};
  if (*facts.is_genuine) return {true, facts.checker, genuine(token, facts.checker)};
  std::string text = token.ssc ? fmt::format("{} did not sign it", whose(facts.checker)) : reason(facts.sealed);
  return {false, facts.checker, std::move(text)};
}

}  // namespace vtoken::cmd
