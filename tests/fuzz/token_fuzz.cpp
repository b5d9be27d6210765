// A token's text, taken to pieces.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz.hpp"
#include "token/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto token = vtoken::decode_token({reinterpret_cast<const char*>(data), size});
  vtoken::fuzz::require(token.length <= size);
  return 0;
}
