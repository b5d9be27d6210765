#include "sweep/ledger.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vtoken::sweep {
namespace {

// A state: three bits of standing, three of outcome, one of the round in which it was listed last, one for once
// revoked.
constexpr unsigned kStandingBits = 0x07;
constexpr unsigned kOutcomeBits = 0x38;
constexpr unsigned kOutcomeShift = 3;
constexpr unsigned kMarkBit = 0x40;
constexpr unsigned kEndedBit = 0x80;
constexpr unsigned kLastingBits = kMarkBit | kEndedBit;

constexpr unsigned bits(Standing standing) { return static_cast<unsigned>(standing); }
constexpr unsigned bits(Outcome outcome) { return static_cast<unsigned>(outcome) << kOutcomeShift; }

bool has_ended(Outcome outcome) { return outcome == Outcome::revoked || outcome == Outcome::gone; }

// Details: each part after its length. Names may hold any byte; what is too long for the pool is cut.
using Length = std::uint32_t;

void add_part(std::string& to, std::string_view part) {
  const auto length = static_cast<Length>(part.size());
  to.append(sizeof length, '\0');
  std::memcpy(to.data() + to.size() - sizeof length, &length, sizeof length);
  to += part;
}

std::string_view take_part(std::string_view& text) {
  Length length = 0;
  if (text.size() < sizeof length) return std::exchange(text, {});
  std::memcpy(&length, text.data(), sizeof length);
  text.remove_prefix(sizeof length);
  const std::string_view part = text.substr(0, length);
  text.remove_prefix(part.size());
  return part;
}

}  // namespace

std::optional<std::uint32_t> Ledger::add(std::string_view accessor) {
  const auto [number, is_new] = accessors_.add(accessor);
  if (is_new) {
    states_.push_back(static_cast<std::uint8_t>(bits(Standing::listed) | (mark_ ? kMarkBit : 0U)));
    return number;
  }
  if (was_listed(number)) return std::nullopt;
  states_[number] = static_cast<std::uint8_t>(states_[number] ^ kMarkBit);
  const bool is_spared = outcome(number) == Outcome::spared;
  if (is_spared || standing(number) == Standing::unmatched) return std::nullopt;
  return number;
}

void Ledger::next_round() { mark_ = !mark_; }

bool Ledger::was_listed(std::uint32_t number) const noexcept { return ((states_[number] & kMarkBit) != 0) == mark_; }

Standing Ledger::standing(std::uint32_t number) const noexcept {
  return static_cast<Standing>(states_[number] & kStandingBits);
}

void Ledger::stand(std::uint32_t number, Standing standing) noexcept {
  states_[number] = static_cast<std::uint8_t>((states_[number] & ~kStandingBits) | bits(standing));
}

std::optional<Outcome> Ledger::outcome(std::uint32_t number) const noexcept {
  if (standing(number) != Standing::settled) return std::nullopt;
  return static_cast<Outcome>((states_[number] & kOutcomeBits) >> kOutcomeShift);
}

void Ledger::settle(std::uint32_t number, Outcome outcome) noexcept {
  const unsigned once = has_ended(outcome) ? kEndedBit : 0U;
  states_[number] =
      static_cast<std::uint8_t>((states_[number] & kLastingBits) | once | bits(Standing::settled) | bits(outcome));
}

std::optional<Outcome> Ledger::ended(std::uint32_t number) const noexcept {
  if ((states_[number] & kEndedBit) == 0) return std::nullopt;
  const auto last = static_cast<Outcome>((states_[number] & kOutcomeBits) >> kOutcomeShift);
  return has_ended(last) ? last : Outcome::revoked;
}

std::size_t Ledger::count(Outcome outcome) const noexcept {
  const unsigned wanted = bits(Standing::settled) | bits(outcome);
  return static_cast<std::size_t>(std::count_if(states_.begin(), states_.end(), [wanted](std::uint8_t state) {
    return (state & (kStandingBits | kOutcomeBits)) == wanted;
  }));
}

std::size_t Ledger::count(Standing standing) const noexcept {
  return static_cast<std::size_t>(std::count_if(states_.begin(), states_.end(), [standing](std::uint8_t state) {
    return (state & kStandingBits) == bits(standing);
  }));
}

Match Ledger::match(std::uint32_t number, std::string_view name, std::string_view path,
                    const std::vector<std::string>& policies) {
  std::string text;
  add_part(text, name);
  add_part(text, path);
  for (const std::string& policy : policies) add_part(text, policy);
  return {number, details_.add(text).number};
}

Match Ledger::match(std::uint32_t number, const TokenFacts& facts) {
  return match(number, facts.display_name, facts.path, facts.all_policies());
}

Match Ledger::match(const JournalRow& row) {
  const auto [number, is_new] = accessors_.add(row.accessor);
  // Not listed in this round.
  if (is_new) states_.push_back(static_cast<std::uint8_t>(bits(Standing::listed) | (mark_ ? 0U : kMarkBit)));
  return match(number, row.display_name, row.path, row.policies);
}

JournalRow Ledger::row(const Match& match) const {
  std::string_view text = details_.text(match.details);
  JournalRow row;
  row.accessor = accessor(match.number);
  row.display_name = take_part(text);
  row.path = take_part(text);
  while (!text.empty()) row.policies.emplace_back(take_part(text));
  return row;
}

}  // namespace vtoken::sweep
