#include "store/ttl.hpp"

#include <algorithm>

#include "base/duration.hpp"
#include "store/limits.hpp"

namespace vtoken::store {
namespace {

Nanoseconds whole_seconds(Nanoseconds time) { return time / kSecond * kSecond; }

std::string quoted(Nanoseconds length) { return "\"" + human_duration(length) + "\""; }

std::string capped(std::string_view what, std::string_view value, Nanoseconds asked, Nanoseconds limit) {
  return std::string(what) + " of " + quoted(asked) + " exceeded the effective max_ttl of " + quoted(limit) + "; " +
         std::string(value) + " value is capped accordingly";
}

}  // namespace

Result<Nanoseconds> calculate_ttl(const TtlQuestion& question, std::vector<std::string>& warnings) {
  const Nanoseconds now = whole_seconds(question.now);
  const Nanoseconds start = whole_seconds(question.start);
  Nanoseconds limit = kMaxTtl;
  if (question.max_ttl > 0) limit = std::min(limit, question.max_ttl);
  if (question.explicit_max_ttl > 0) limit = std::min(limit, question.explicit_max_ttl);

  Nanoseconds ttl = 0;
  Nanoseconds last = 0;  // the token cannot live past this; 0 for no end
  if (question.period > 0) {
    ttl = question.period;
    if (ttl > limit) {
      warnings.push_back(capped("period", "period", ttl, limit));
      ttl = limit;
    }
    if (question.explicit_max_ttl > 0) last = start + question.explicit_max_ttl;
  } else {
    ttl = question.increment > 0 ? question.increment : question.wanted > 0 ? question.wanted : kDefaultTtl;
    last = start + limit;
  }
  if (last == 0) return ttl;
  const Nanoseconds left = last - now;
  if (left <= 0) return fail(ErrorKind::refused, "past the max TTL, cannot renew");
  if (ttl > left) {
    warnings.push_back(capped("TTL", "TTL", ttl, left));
    ttl = left;
  }
  return ttl;
}

}  // namespace vtoken::store
