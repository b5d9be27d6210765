// The accessors of a sweep, each once, by number: a million of 24 characters take less than 40 MB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "core/key_list.hpp"

namespace vtoken::sweep {

/// Strings that are only added, each once, numbered from 0 in the order of adding. What is longer than
/// KeyList::kLongest is cut, wherever it is given. Holds up to 4 GiB. Not a place for secrets.
class Pool {
 public:
  struct Added {
    std::uint32_t number;
    bool is_new;
  };
  /// Copies `text` unless it is there.
  Added add(std::string_view text);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const noexcept;
  /// Lives as long as the pool.
  [[nodiscard]] std::string_view text(std::uint32_t number) const noexcept;
  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(places_.size()); }

 private:
  /// Where a text is in `slots_`, or the free slot where it belongs.
  [[nodiscard]] std::size_t slot_of(std::string_view text) const noexcept;
  void grow();

  KeyList texts_;
  std::deque<std::uint32_t> places_;  ///< in `texts_`, by number; a vector would be there twice while it grows
  std::vector<std::uint32_t> slots_;  ///< hash table: number + 1, or 0 where there is none; 2^n of them
};

}  // namespace vtoken::sweep
