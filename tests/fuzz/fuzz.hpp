// What the fuzz targets share.
#pragma once

#include <cstdlib>

namespace vtoken::fuzz {

/// Ends the program when a property does not hold, so that the fuzzer keeps the input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace vtoken::fuzz
