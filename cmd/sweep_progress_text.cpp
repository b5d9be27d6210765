#include "cmd/sweep_progress_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "cmd/readable.hpp"

namespace vtoken::cmd {
namespace {

using sweep::Phase;
using sweep::Progress;

constexpr std::size_t kWideTerminal = 100;
constexpr std::array<std::size_t, 3> kBars = {20, 10, 5};  // cells; few sizes, so that it stays as it is
constexpr std::size_t kShortestReason = 16;
constexpr std::size_t kEndless = 1'000'000;  // columns
constexpr Nanoseconds kLongest = 100 * 24 * 3600 * kSecond;

// A list has no rounds.
std::string round_text(int round) { return round == 0 ? "" : fmt::format("Round {}: ", round); }

// Of this round; while the list comes in, its end is not known.
bool is_total_known(const Progress& progress) {
  return progress.phase_total > 0 && (progress.phase != Phase::looking || progress.list_complete);
}

std::string_view doing(Phase phase) {
  switch (phase) {
    case Phase::looking: return "looking at";
    case Phase::revoking: return "revoking";
    case Phase::verifying: return "verifying";
  }
  return {};
}

std::string head(const Progress& progress) {
  const std::string round = round_text(progress.round);
  if (is_total_known(progress)) {
    return fmt::format("{}{} {} of {}", round, doing(progress.phase), grouped(progress.phase_done),
                       grouped(progress.phase_total));
  }
  if (progress.phase != Phase::looking) return round + std::string(doing(progress.phase));
  if (progress.phase_total == 0) return round + (progress.list_complete ? "nothing to look at" : "listing accessors");
  return fmt::format("{}looking at {}, {} listed so far", round, grouped(progress.phase_done),
                     grouped(progress.phase_total));
}

std::size_t percent(const Progress& progress) {
  const std::size_t done = std::min(progress.phase_done, progress.phase_total);
  return static_cast<std::size_t>(100.0 * static_cast<double>(done) / static_cast<double>(progress.phase_total));
}

std::string bar(const Progress& progress, std::size_t cells) {
  const std::size_t full = percent(progress) * cells / 100;
  return fmt::format(" [{}{}]", std::string(full, '#'), std::string(cells - full, ' '));
}

std::string speed(double per_second) {
  if (per_second >= 10 || per_second == 0) return grouped(static_cast<std::size_t>(std::lround(per_second))) + "/s";
  return fmt::format("{:.1f}/s", per_second);
}

// None while it would be a guess: the end is not known, or nothing moves.
std::optional<std::string> time_left(const Progress& progress, std::optional<double> per_second) {
  if (!is_total_known(progress) || !per_second || *per_second <= 0 || progress.phase_done >= progress.phase_total) {
    return std::nullopt;
  }
  const double seconds = static_cast<double>(progress.phase_total - progress.phase_done) / *per_second;
  if (seconds * static_cast<double>(kSecond) > static_cast<double>(kLongest)) return std::nullopt;
  return rough_duration(static_cast<Nanoseconds>(seconds * static_cast<double>(kSecond))) + " left";
}

// What came of it so far, as far as it is worth a word in this phase.
std::string counts(const Progress& progress) {
  std::string text;
  if (progress.phase == Phase::looking && progress.phase_total > 0) {
    text += fmt::format(", {} match{}", grouped(progress.matched), progress.matched == 1 ? "es" : "");
  }
  if (progress.failed > 0) text += fmt::format(", {} failed", grouped(progress.failed));
  return text;
}

// Appends `part` when it fits into `width` columns.
void append_if_fits(std::string& line, std::string_view part, std::size_t width) {
  if (count_columns(line) + count_columns(part) <= width) line += part;
}

std::string with_bar(const Progress& progress, const std::string& start, const std::string& rest, std::size_t width) {
  if (!is_total_known(progress)) return start + rest;
  const std::size_t taken = count_columns(start) + count_columns(rest) + 3;  // " []"
  for (const std::size_t cells : kBars) {
    if (cells == kBars.front() && width < kWideTerminal) continue;
    if (taken + cells <= width) return fmt::format("{}{}{}", start, bar(progress, cells), rest);
  }
  return start + rest;
}

}  // namespace

std::string rough_duration(Nanoseconds length) {
  const Nanoseconds seconds = std::max<Nanoseconds>(1, (length + kSecond - 1) / kSecond);
  if (seconds < 100) return fmt::format("{} s", seconds);
  const Nanoseconds minutes = (seconds + 30) / 60;
  if (minutes < 100) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string progress_line(const Progress& progress, std::optional<double> per_second, std::size_t width) {
  const std::string start = head(progress);
  const std::size_t most = width == 0 ? kEndless : width;
  if (count_columns(start) > most) return std::string(first_columns(start, most));
  std::string rest;
  const std::size_t room = most - count_columns(start);
  if (is_total_known(progress)) append_if_fits(rest, fmt::format(" {}%", percent(progress)), room);
  const bool waits = !progress.waiting_for.empty();
  if (waits) {
    // A speed means nothing now; why it stands still does.
    append_if_fits(rest, counts(progress), room);
    constexpr std::string_view kWaiting = ", waiting: ";
    const std::size_t taken = count_columns(rest) + kWaiting.size();
    if (room >= taken + kShortestReason) {
      rest += std::string(kWaiting) + readable(progress.waiting_for, room - taken);
    } else {
      append_if_fits(rest, ", waiting", room);
    }
  } else {
    const std::string separator = is_total_known(progress) ? " " : ", ";
    if (per_second) append_if_fits(rest, separator + speed(*per_second), room);
    if (const auto left = time_left(progress, per_second)) append_if_fits(rest, ", " + *left, room);
    append_if_fits(rest, counts(progress), room);
  }
  return width == 0 ? start + rest : with_bar(progress, start, rest, width);
}

std::string progress_end_line(const Progress& progress, Nanoseconds took) {
  const std::string round = round_text(progress.round);
  const std::string time = rough_duration(took);
  if (progress.phase == Phase::looking) {
    return fmt::format("{}looked at {} in {}{}", round, counted(progress.phase_done, "token"), time, counts(progress));
  }
  const std::string_view done = progress.phase == Phase::revoking ? "asked to revoke" : "verified";
  return fmt::format("{}{} {} of {} in {}{}", round, done, grouped(progress.phase_done),
                     counted(progress.phase_total, "token"), time, counts(progress));
}

}  // namespace vtoken::cmd
