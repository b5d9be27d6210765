#include "base/secret.hpp"

#include <cstring>

namespace vtoken {

void wipe(void* data, std::size_t size) noexcept {
  if (size == 0) return;
  explicit_bzero(data, size);
}

bool equal_secrets(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const volatile unsigned char x = static_cast<unsigned char>(a[i]);
    const volatile unsigned char y = static_cast<unsigned char>(b[i]);
    difference |= static_cast<unsigned>(x ^ y);
  }
  return difference == 0;
}

}  // namespace vtoken
