// The accessors of a sweep, each once, with what is known of it: a million take less than 40 MB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/key_list.hpp"

namespace vtoken::sweep {

/// Strings that are only added, each once, numbered from 0 in the order of adding. Not a place for secrets.
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
  [[nodiscard]] std::uint32_t size() const noexcept;
};

}  // namespace vtoken::sweep
