#include "cmd/renew_watch_text.hpp"

#include <fmt/format.h>

#include <array>

#include "base/duration.hpp"
#include "cmd/failure_line.hpp"
#include "cmd/readable.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

using renewal::End;
using renewal::Event;
using renewal::Growth;
using renewal::Limit;
using renewal::Outcome;

constexpr Nanoseconds kMinute = 60 * kSecond;
constexpr Nanoseconds kHour = 60 * kMinute;

// Good enough for people: parts of a second only below ten of them, no seconds beside hours.
std::string short_length(Nanoseconds length) {
  const Nanoseconds unit = length < 10 * kSecond ? kSecond / 10 : length < kHour ? kSecond : kMinute;
  return human_duration((length + unit / 2) / unit * unit);
}

std::string to_live(Nanoseconds left) { return left < 0 ? "" : fmt::format(", {} to live", short_length(left)); }

// "at 2026-11-22T10:00:00Z, in 5m".
std::string when(Nanoseconds left, Nanoseconds now) {
  if (left < 0) return "at a time that is not known";
  return fmt::format("at {}, in {}", format_time((now + left) / kSecond * kSecond), short_length(left));
}

std::string_view why(Limit limit) {
  return limit == Limit::maximum ? "The token has reached its maximum time to live" : "The token cannot be renewed";
}

Json begin(std::string_view event, Nanoseconds left, Nanoseconds now) {
  Json line = Json::object();
  line["time"] = Json::string_t(format_time(now / 1'000'000 * 1'000'000));
  line["event"] = Json::string_t(event);
  if (left < 0) {
    line["ttl"] = nullptr;
  } else {
    line["ttl"] = (left + kSecond / 2) / kSecond;
  }
  return line;
}

// Whole milliseconds.
double seconds(Nanoseconds length) {
  const Nanoseconds milliseconds = length / 1'000'000;
  return static_cast<double>(milliseconds) / 1000;
}

}  // namespace

std::string_view name_of(End end) noexcept {
  constexpr std::array<std::string_view, 7> kNames = {"stopped", "maximum", "not-renewable", "endless",
                                                      "refused", "expired", "unreached"};
  return kNames.at(static_cast<std::size_t>(end));
}

std::string_view name_of(Limit limit) noexcept {
  constexpr std::array<std::string_view, 3> kNames = {"none", "maximum", "not-renewable"};
  return kNames.at(static_cast<std::size_t>(limit));
}

std::string_view name_of(Growth growth) noexcept {
  constexpr std::array<std::string_view, 3> kNames = {"extended", "shortened", "unchanged"};
  return kNames.at(static_cast<std::size_t>(growth));
}

std::string event_line(const Event& event, Nanoseconds now, std::string_view token) {
  switch (event.kind) {
    case Event::Kind::failed:
      return fmt::format("Renewal failed: {}; again in {}{}", failure_line(*event.failure, token),
                         short_length(event.next), to_live(event.left));
    case Event::Kind::last: return fmt::format("{}: it ends {}", why(event.limit), when(event.left, now));
    case Event::Kind::renewed: break;
  }
  std::string line = fmt::format("Renewed{}", to_live(event.left));
  if (event.next > 0) line += fmt::format("; again in {}", short_length(event.next));
  return line;
}

std::vector<std::string> event_warnings(const Event& event, std::optional<Nanoseconds> increment) {
  std::vector<std::string> lines;
  if (event.kind != Event::Kind::renewed) return lines;
  if (event.growth == Growth::unchanged) {
    lines.push_back(fmt::format("The renewal did not extend the token: it has {} to live", short_length(event.left)));
  } else if (event.growth == Growth::shortened) {
    lines.push_back(fmt::format("The renewal shortened the token's life: it has {} to live", short_length(event.left)));
  }
  for (const std::string& warning : event.warnings) lines.push_back(readable(warning));
  // Both sides cut parts of a second.
  if (lines.empty() && increment && event.limit == Limit::none && event.left + 2 * kSecond < *increment) {
    lines.push_back(fmt::format("The token has {} to live, not the {} that were asked for", short_length(event.left),
                                human_duration(*increment)));
  }
  return lines;
}

SecretString event_json(const Event& event, Nanoseconds now, std::string_view token) {
  constexpr std::array<std::string_view, 3> kNames = {"renewed", "failed", "last"};
  Json line = begin(kNames.at(static_cast<std::size_t>(event.kind)), event.left, now);
  line["next"] = seconds(event.next);
  if (event.kind == Event::Kind::renewed) {
    line["growth"] = Json::string_t(name_of(event.growth));
    line["warnings"] = Json::array();
    for (const std::string& warning : event.warnings) line["warnings"].push_back(Json::string_t(warning));
  }
  if (event.kind != Event::Kind::failed && event.limit != Limit::none) {
    line["limit"] = Json::string_t(name_of(event.limit));
  }
  if (event.failure != nullptr) {
    line["error"] = Json::string_t(failure_line(*event.failure, token));
    line["failures"] = event.failures;
  }
  return dump_json(line);
}

std::string end_line(const Outcome& outcome, Nanoseconds now) {
  switch (outcome.end) {
    case End::maximum: return fmt::format("{}: it ends {}.", why(Limit::maximum), when(outcome.left, now));
    case End::not_renewable: return fmt::format("{}: it ends {}.", why(Limit::not_renewable), when(outcome.left, now));
    case End::endless: return "The token never ends: there is nothing to renew.";
    case End::expired: return "The token's time has passed while renewals failed.";
    case End::unreached: return "No renewal came through.";
    default: return "";
  }
}

SecretString end_json(const Outcome& outcome, Nanoseconds now, std::string_view token) {
  Json line = begin("ended", outcome.left, now);
  line["reason"] = Json::string_t(name_of(outcome.end));
  if (outcome.failure) line["error"] = Json::string_t(failure_line(*outcome.failure, token));
  return dump_json(line);
}

}  // namespace vtoken::cmd
