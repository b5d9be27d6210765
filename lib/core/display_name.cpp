#include "core/display_name.hpp"

namespace vtoken {

std::string served_display_name(std::string_view given) {
  std::string name = "token";
  if (given.empty()) return name;
  name += '-';
  // One '-' for each character outside the set: the bytes that continue a UTF-8 character are part of theirs.
  for (const char c : given) {
    if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U) continue;
    const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    name += keep ? c : '-';
  }
  if (name.ends_with('-')) name.pop_back();
  return name;
}

}  // namespace vtoken
