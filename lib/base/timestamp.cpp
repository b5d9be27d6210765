#include "base/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace vtoken {
namespace {

// Reads a text from left to right; any mismatch makes it bad for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) {
    if (!skip(any_of)) fail();
  }
  Nanoseconds fraction() {
    Nanoseconds value = 0;
    Nanoseconds unit = kSecond;
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return fail();
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      unit /= 10;
      value += (rest_.front() - '0') * unit;
      rest_.remove_prefix(1);
    }
    return value;
  }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool done() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

// Minutes east of Greenwich.
int zone(Reader& reader) {
  if (reader.skip("Zz")) return 0;
  const bool west = reader.front() == '-';
  reader.expect("+-");
  const int hours = reader.digits(2);
  reader.expect(":");
  const int minutes = reader.digits(2);
  if (hours > 24 || minutes > 59) reader.expect("");
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<Nanoseconds> rfc3339(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year{reader.digits(4)};
  reader.expect("-");
  const std::chrono::month month{static_cast<unsigned>(reader.digits(2))};
  reader.expect("-");
  const std::chrono::day day{static_cast<unsigned>(reader.digits(2))};
  reader.expect("Tt");
  const int hour = reader.digits(2);
  reader.expect(":");
  const int minute = reader.digits(2);
  reader.expect(":");
  const int second = reader.digits(2);
  const Nanoseconds fraction = reader.skip(".") ? reader.fraction() : 0;
  const int offset = zone(reader);
  const std::chrono::year_month_day date{year, month, day};
  if (!reader.done() || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = std::int64_t{days} * 86400 + hour * 3600 + (minute - offset) * 60 + second;
  if (seconds < 0 || seconds >= kLatestSecond) return std::nullopt;
  return seconds * kSecond + fraction;
}

}  // namespace

Result<Nanoseconds> parse_time(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size() && seconds >= 0 && seconds < kLatestSecond) {
    return seconds * kSecond;
  }
  if (const auto time = rfc3339(text)) return *time;
  return fail(
      ErrorKind::usage,
      "\"" + std::string(text) + "\" is no point of time: write it as 2026-11-22T10:00:00Z, or as seconds since 1970");
}

}  // namespace vtoken
