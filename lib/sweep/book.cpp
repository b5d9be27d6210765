#include "sweep/book.hpp"

#include <functional>

namespace vtoken::sweep {
namespace {

constexpr std::size_t kFewest = 64;  // slots

std::string_view kept_part(std::string_view text) { return text.substr(0, KeyList::kLongest); }

}  // namespace

Pool::Added Pool::add(std::string_view text) {
  text = kept_part(text);
  // Three slots of four in use at most: searches stay short.
  if ((places_.size() + 1) * 4 > slots_.size() * 3) grow();
  std::uint32_t& slot = slots_[slot_of(text)];
  if (slot != 0) return {slot - 1, false};
  places_.push_back(static_cast<std::uint32_t>(texts_.add(text)));
  slot = size();
  return {slot - 1, true};
}

std::optional<std::uint32_t> Pool::find(std::string_view text) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t slot = slots_[slot_of(kept_part(text))];
  if (slot == 0) return std::nullopt;
  return slot - 1;
}

std::string_view Pool::text(std::uint32_t number) const noexcept { return texts_.at(places_[number]); }

std::size_t Pool::slot_of(std::string_view text) const noexcept {
  const std::size_t last = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>()(text) & last;
  while (slots_[at] != 0 && this->text(slots_[at] - 1) != text) at = (at + 1) & last;
  return at;
}

// No text is in the new table twice, so none has to be compared.
void Pool::grow() {
  const std::size_t wanted = slots_.empty() ? kFewest : slots_.size() * 2;
  slots_ = std::vector<std::uint32_t>();  // before there is a larger one: both would count
  slots_.resize(wanted);
  for (std::uint32_t number = 0; number < size(); ++number) {
    std::size_t at = std::hash<std::string_view>()(text(number)) & (wanted - 1);
    while (slots_[at] != 0) at = (at + 1) & (wanted - 1);
    slots_[at] = number + 1;
  }
}

}  // namespace vtoken::sweep
