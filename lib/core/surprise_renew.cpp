#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken {
namespace {

std::string seconds_text(std::int64_t seconds) { return human_duration(seconds * kSecond); }

bool is_explained(const Answer& renewed) {
  return renewed.warnings &&
         std::any_of(renewed.warnings->begin(), renewed.warnings->end(), [](const std::string& warning) {
           return warning.find("value is capped accordingly") != std::string::npos;
         });
}

// The token had `before.ttl` and has `got` now, which is no more.
std::string no_growth(const BeforeRenewal& before, std::int64_t got, bool at_its_end) {
  std::string line = got < before.ttl - 1
                         ? fmt::format("The renewal shortened the token's life: from {} to {}",
                                       seconds_text(before.ttl), seconds_text(got))
                         : fmt::format("The renewal did not extend the token: it has {} to live", seconds_text(got));
  if (at_its_end) {
    line +=
        fmt::format(". It has reached its maximum and ends at {}, whatever its renewals", format_time(before.last_end));
  }
  return line;
}

}  // namespace

std::optional<BeforeRenewal> read_before_renewal(const Json& lookup) {
  if (!lookup.is_object() || find_member(lookup, "ttl") == nullptr) return std::nullopt;
  BeforeRenewal before;
  before.ttl = number_member(lookup, "ttl");
  before.creation_ttl = number_member(lookup, "creation_ttl");
  before.period = number_member(lookup, "period");
  const std::int64_t explicit_max = number_member(lookup, "explicit_max_ttl");
  const std::int64_t created = number_member(lookup, "creation_time");
  if (explicit_max > 0 && created > 0) before.last_end = (created + explicit_max) * kSecond;
  return before;
}

Lines renewal_surprises(std::optional<Nanoseconds> increment, const std::optional<BeforeRenewal>& before,
                        const Answer& renewed, Nanoseconds now) {
  if (!renewed.auth) return {};
  Lines lines;
  const std::int64_t got = renewed.auth->lease_duration;
  if (got == 0) return lines;
  const std::int64_t wish = increment.value_or(0) / kSecond;
  const bool periodic = before && before->period != 0;
  // Two seconds: both the server and we cut parts of one.
  const bool at_its_end = before && before->last_end != 0 && now + got * kSecond >= before->last_end - 2 * kSecond;
  const bool met = wish != 0 ? got >= wish : before && got >= std::max(before->creation_ttl, before->period);
  if (before && before->ttl != 0 && got <= before->ttl && (!met || got < before->ttl - 1)) {
    lines.push_back(no_growth(*before, got, at_its_end));
  } else if (at_its_end) {
    lines.push_back(fmt::format("The token has reached its maximum and ends at {}, whatever its renewals",
                                format_time(before->last_end)));
  }
  if (wish != 0 && got != wish && !is_explained(renewed)) {
    lines.push_back(fmt::format("The token has {} to live, not the {} that were asked for{}", seconds_text(got),
                                seconds_text(wish), periodic ? ": a periodic token gets its period" : ""));
  }
  if (!renewed.auth->renewable) lines.emplace_back("The token cannot be renewed again");
  return lines;
}

}  // namespace vtoken
