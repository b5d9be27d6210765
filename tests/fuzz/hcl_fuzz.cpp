// A policy or a settings file.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/hcl.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vtoken;
  const auto object = hcl::parse({reinterpret_cast<const char*>(data), size});
  if (!object) {
    fuzz::require(object.error().kind == ErrorKind::usage && !object.error().message.empty());
    return 0;
  }
  for (const char* type : {"path", "token_helper", "a"}) {
    const auto blocks = hcl::blocks(*object, type);
    if (!blocks) continue;
    for (const hcl::Block& block : *blocks) {
      fuzz::require(block.body != nullptr);
      static_cast<void>(hcl::attribute(*block.body, "capabilities"));
    }
  }
  static_cast<void>(hcl::attribute(*object, "token_helper"));
  return 0;
}
