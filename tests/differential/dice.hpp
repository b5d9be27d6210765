// Choices, all of which follow from a seed.
#pragma once

#include <rapidcheck/Random.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

namespace vtoken::differential {

class Dice {
 public:
  explicit Dice(rc::Random random) : random_(std::move(random)) {}

  /// From 0 to `sides` - 1.
  [[nodiscard]] std::size_t roll(std::size_t sides) { return static_cast<std::size_t>(random_.next() % sides); }
  [[nodiscard]] bool chance(std::size_t percent) { return roll(100) < percent; }

  template <class Container>
  [[nodiscard]] typename Container::value_type pick(const Container& from) {
    return *(std::begin(from) + static_cast<std::ptrdiff_t>(roll(std::size(from))));
  }
  [[nodiscard]] std::string pick(std::initializer_list<const char*> from) {
    return *(from.begin() + roll(from.size()));
  }

 private:
  rc::Random random_;
};

}  // namespace vtoken::differential
