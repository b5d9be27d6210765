#include "sweep/situation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "core/answer.hpp"
#include "core/one_line.hpp"
#include "core/retry_after.hpp"
#include "core/server_words.hpp"
#include "token/mask.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::size_t kLongestText = 300;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::array kSealedOrNew = {words::kSealed, words::kNotInitialised, words::kNotYetInitialised};

std::string shortened(std::string text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;  // no half of a character
  return text.substr(0, end) + "…";
}

// An answer's words, and whether they are a Vault server's.
struct Said {
  std::vector<std::string> texts;
  bool raw = false;

  [[nodiscard]] bool has(std::string_view phrase) const {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return text.find(phrase) != std::string::npos; });
  }
  template <class Phrases>
  [[nodiscard]] bool has_any(const Phrases& phrases) const {
    return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) { return has(phrase); });
  }
  [[nodiscard]] bool is_only(std::string_view text) const { return texts.size() == 1 && texts.front() == text; }
};

Said read_words(const Response& response) {
  if (response.body.empty()) return {};
  ServerErrors errors = read_server_errors(response);
  return {std::move(errors.texts), errors.raw};
}

std::string text_of(const Said& said, int status, const Request& asked) {
  std::string text;
  for (const std::string& each : said.texts) {
    const std::string line = one_line(each);
    if (line.empty()) continue;
    if (!text.empty()) text += "; ";
    text += line;
  }
  text = mask_tokens_in(text, asked.token.view());
  if (said.raw) return shortened(fmt::format("status {}, not a Vault server's answer: {}", status, text));
  return text.empty() ? fmt::format("status {}", status) : shortened(std::move(text));
}

bool begins_object(std::string_view body) {
  const auto first = body.find_first_not_of(kBlanks);
  return first != std::string_view::npos && body[first] == '{';
}

bool is_revocation(const Request& asked) { return asked.path.ends_with("auth/token/revoke-accessor"); }

// A status below 300. A list's body may have gone elsewhere (Offer::body).
Reading read_success(const Request& asked, const Response& response) {
  const std::string_view body = response.body.view();
  const bool may_be_empty = asked.method == Method::list || (is_revocation(asked) && response.status == 204);
  if (body.empty() && may_be_empty) return {};
  if (body.empty())
    return {Situation::hopeless, fmt::format("status {} without an answer", response.status), {}, false};
  if (!begins_object(body)) {
    const Said said{{std::string(body)}, true};
    return {Situation::foreign, text_of(said, response.status, asked), {}, false};
  }
  if (is_revocation(asked) && body.find(words::kNoSuchAccessor) != std::string_view::npos) {
    return {Situation::gone, std::string(words::kNoSuchAccessor), {}, false};
  }
  return {};
}

// What is foreign says nothing of an accessor, whatever the status; proxies answer 5xx for a server that is away.
Situation bad_request(const Request& asked, const Said& said) {
  if (said.has(words::kInvalidAccessor)) return Situation::gone;
  if (said.has(words::kTokenNotFound)) return is_revocation(asked) ? Situation::dangling : Situation::gone;
  if (said.raw) return Situation::foreign;
  if (said.has(words::kLeadershipLost) || said.has(words::kNotLeader)) return Situation::no_leader;
  const bool of_accessor = is_revocation(asked) || asked.path.ends_with("auth/token/lookup-accessor");
  // Alone, or as "1 error occurred: …".
  const bool odd = said.texts.size() == 1 && one_line(said.texts.front()) == words::kInvalidRequest;
  return of_accessor && odd ? Situation::overloaded : Situation::hopeless;
}

Situation forbidden(const Said& said) {
  if (said.has(words::kInvalidAccessor)) return Situation::gone;
  if (said.raw) return Situation::foreign;
  return said.has_any(words::kDeadToken) ? Situation::caller_dead : Situation::refused;
}

Situation not_found(const Request& asked, const Said& said) {
  if (said.has(words::kInvalidAccessor)) return Situation::gone;
  if (said.raw) return Situation::foreign;
  // A list of nothing.
  return asked.method == Method::list && said.texts.empty() ? Situation::done : Situation::hopeless;
}

Situation server_error(int status, const Said& said) {
  if (said.raw) return Situation::no_leader;
  if (said.has(words::kNoLeader) || said.has(words::kNotActive)) return Situation::no_leader;
  if (said.has(words::kLeadershipLost) || said.has(words::kNotLeader)) return Situation::no_leader;
  if (status == 501 || said.has_any(kSealedOrNew)) return Situation::sealed;
  if (said.has(words::kNoNamespace) || said.has(words::kOtherNamespace)) return Situation::hopeless;
  return Situation::overloaded;
}

// Servers that limit what a header holds answer an overlong token by version in three ways; one that took the header
// and found the token wanting says so as usual.
bool is_too_long(const Request& asked, int status, const Said& said) {
  if (status == 431) return true;
  if (asked.token.size() <= words::kLongestToken || (status != 400 && status != 403)) return false;
  return said.raw || said.is_only(words::kDenied);
}

Situation by_status(const Request& asked, int status, const Said& said) {
  if (is_too_long(asked, status, said)) return Situation::too_long;
  switch (status) {
    // A standby's redirect is followed once: a further one leads around.
    case 307:
    case 308: return Situation::no_leader;
    case 400: return bad_request(asked, said);
    case 403: return forbidden(said);
    case 404: return not_found(asked, said);
    case 408: return Situation::overloaded;
    case 412: return Situation::stale;
    case 429: return Situation::rate_limited;
    default: break;
  }
  if (status >= 500) return server_error(status, said);
  return status < 400 || said.raw ? Situation::foreign : Situation::hopeless;
}

Situation by_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unreachable: return Situation::unreachable;
    case ErrorKind::lost: return Situation::lost;
    case ErrorKind::untrusted: return Situation::untrusted;
    case ErrorKind::sealed: return Situation::sealed;
    case ErrorKind::stale: return Situation::stale;
    case ErrorKind::rate_limited: return Situation::rate_limited;
    case ErrorKind::denied: return Situation::refused;
    case ErrorKind::damaged: return Situation::foreign;
    default: return Situation::hopeless;
  }
}

constexpr std::array<std::string_view, 16> kNames = {"done",
                                                     "already gone",
                                                     "dangling accessor",
                                                     "permission denied",
                                                     "the caller's token is not valid",
                                                     "rate limited",
                                                     "lagging behind",
                                                     "no leader",
                                                     "overloaded",
                                                     "unreachable",
                                                     "connection lost",
                                                     "sealed",
                                                     "TLS failed",
                                                     "token too long for a header",
                                                     "not a Vault server",
                                                     "refused for good"};

}  // namespace

std::string_view situation_name(Situation situation) noexcept { return kNames[static_cast<std::size_t>(situation)]; }

Reading read_situation(const Request& asked, const Result<Response>& answer, Nanoseconds now) {
  if (!answer) {
    const Error& error = answer.error();
    std::string text = mask_tokens_in(one_line(error.text()), asked.token.view());
    return {by_kind(error.kind), shortened(std::move(text)), {}, false};
  }
  const Response& response = *answer;
  if (response.status < 300) return read_success(asked, response);
  const Said said = read_words(response);
  Reading reading;
  reading.situation = by_status(asked, response.status, said);
  if (reading.situation == Situation::done) return reading;
  reading.text = text_of(said, response.status, asked);
  if (is_passing(reading.situation)) reading.wait = retry_after(response.headers, now);
  reading.maybe_dead = reading.situation == Situation::refused && said.is_only(words::kDenied);
  return reading;
}

bool is_passing(Situation situation) noexcept {
  switch (situation) {
    case Situation::rate_limited:
    case Situation::stale:
    case Situation::no_leader:
    case Situation::overloaded:
    case Situation::unreachable:
    case Situation::lost: return true;
    default: return false;
  }
}

bool ends_sweep(Situation situation) noexcept {
  switch (situation) {
    case Situation::caller_dead:
    case Situation::sealed:
    case Situation::untrusted:
    case Situation::too_long:
    case Situation::foreign: return true;
    default: return false;
  }
}

}  // namespace vtoken::sweep
