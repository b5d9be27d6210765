#include "renewal/life.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/timestamp.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken::renewal {
namespace {

// What servers cut off, and what an answer's way takes.
Nanoseconds slack(Nanoseconds full) noexcept { return std::min(2 * kSecond, full / 4); }

// A TTL was cut to what is left until the maximum. Of a period it is said too, for a reason that lets it be renewed
// for ever.
bool is_capped(const Answer& renewed) {
  return renewed.warnings &&
         std::any_of(renewed.warnings->begin(), renewed.warnings->end(), [](const std::string& text) {
           return text.starts_with("TTL of ") && text.find("value is capped accordingly") != std::string::npos;
         });
}

std::optional<Nanoseconds> time_member(const Json& object, const char* name) {
  const Json* member = find_member(object, name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  const auto time = parse_time(member->get_ref<const Json::string_t&>());
  return time ? std::optional<Nanoseconds>(*time) : std::nullopt;
}

// How long it is until the token's maximum, by the server's clock; nothing when it does not say.
std::optional<Nanoseconds> until_maximum(const Json& lookup, const BeforeRenewal& told) {
  const auto expiry = time_member(lookup, "expire_time");
  if (told.last_end == 0 || !expiry) return std::nullopt;
  const Nanoseconds now_there = *expiry - told.ttl * kSecond;
  return told.last_end - now_there;
}

bool has_end(const Json& lookup) {
  const Json* expiry = find_member(lookup, "expire_time");
  return expiry != nullptr && expiry->is_string();
}

}  // namespace

bool Life::note_lookup(const Json& data, Nanoseconds now) {
  const auto told = read_before_renewal(data);
  if (!told) return false;
  known_ = true;
  end_ = told->ttl > 0 || has_end(data) ? now + told->ttl * kSecond : 0;
  full_ = std::max({told->creation_ttl, told->period, told->ttl}) * kSecond;
  if (const auto until = until_maximum(data, *told)) last_end_ = now + *until;
  const Json* renewable = find_member(data, "renewable");
  if (renewable != nullptr && renewable->is_boolean() && !renewable->get<bool>()) limit_ = Limit::not_renewable;
  return true;
}

void Life::note_creation(const Auth& auth, Nanoseconds now) {
  known_ = true;
  full_ = auth.lease_duration * kSecond;
  end_ = full_ == 0 ? 0 : now + full_;
  if (!auth.renewable) limit_ = Limit::not_renewable;
}

Growth Life::note_renewal(const Answer& answer, Nanoseconds now) {
  if (!answer.auth) return Growth::extended;
  const Nanoseconds got = answer.auth->lease_duration * kSecond;
  const Nanoseconds end = now + got;
  const Growth growth = growth_to(end, got);
  // Less than a second is told as 0, as is a token without end; but renewals do not make one of those.
  if (is_capped(answer) || got == 0 || (last_end_ != 0 && end >= last_end_ - slack(full_))) limit_ = Limit::maximum;
  // It may also have been shortened by half while half of its time had passed: then the next renewal extends it.
  if (growth == Growth::unchanged && std::exchange(doubtful_, true)) limit_ = Limit::maximum;
  if (growth != Growth::unchanged) doubtful_ = false;
  if (limit_ == Limit::none && !answer.auth->renewable) limit_ = Limit::not_renewable;
  const bool usual = !std::exchange(renewed_, true) || growth != Growth::extended || got > full_;
  if (limit_ != Limit::maximum && usual) full_ = got;
  known_ = true;
  end_ = end;
  return growth;
}

Growth Life::growth_to(Nanoseconds end, Nanoseconds got) const noexcept {
  if (!known_ || end_ == 0 || (got >= full_ && got != 0)) return Growth::extended;
  if (end < end_ - 2 * kSecond) return Growth::shortened;
  return end - end_ < slack(full_) ? Growth::unchanged : Growth::extended;
}

Nanoseconds Life::left(Nanoseconds now) const noexcept {
  if (end_ == 0) return -1;
  return std::max<Nanoseconds>(0, end_ - now);
}

}  // namespace vtoken::renewal
