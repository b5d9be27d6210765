#include "renewal/schedule.hpp"

#include <algorithm>

namespace vtoken::renewal {
namespace {

constexpr Nanoseconds kShortest = kSecond / 10;
constexpr Nanoseconds kFirstRetry = kSecond / 2;
constexpr Nanoseconds kLongestRetry = 60 * kSecond;
constexpr int kMostDoublings = 7;  // beyond kLongestRetry
constexpr Nanoseconds kShortNotice = 5 * kSecond;
constexpr Nanoseconds kLongNotice = 3600 * kSecond;

Nanoseconds part(Nanoseconds length, double share) noexcept {
  return static_cast<Nanoseconds>(static_cast<double>(length) * share);
}

}  // namespace

Nanoseconds until_renewal(Nanoseconds ttl, double chance) noexcept {
  return std::max(kShortest, ttl / 2 - part(ttl, chance / 10));
}

Nanoseconds until_retry(int failures, Nanoseconds left, Nanoseconds wanted, double chance) noexcept {
  Nanoseconds wait = std::min(kLongestRetry, kFirstRetry << std::clamp(failures - 1, 0, kMostDoublings));
  if (left >= 0) wait = std::min(wait, left / 4);
  wait -= part(wait, chance / 4);
  wait = std::max(wait, left >= 0 ? std::min(wanted, left / 2) : wanted);
  return std::max(kShortest, wait);
}

Nanoseconds notice(Nanoseconds full) noexcept {
  return std::clamp(full / 10, std::min(kShortNotice, full / 2), kLongNotice);
}

int longest_request(Nanoseconds left, int longest) noexcept {
  if (left < 0) return longest;
  const Nanoseconds seconds = std::max<Nanoseconds>(1, left / 3 / kSecond);
  return longest == 0 || seconds < longest ? static_cast<int>(std::min<Nanoseconds>(seconds, 3600)) : longest;
}

}  // namespace vtoken::renewal
