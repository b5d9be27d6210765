// Numbers in what a sealed row is bound to (row_aad's `row_key`).
#pragma once

#include <cstdint>
#include <string>

namespace vtoken::store {

/// Appends `value` as 8 bytes, big endian (FORMAT.md, "Sealing").
inline void append_number(std::string& row_key, std::int64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) row_key += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
}

}  // namespace vtoken::store
