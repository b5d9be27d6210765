// Failures of the operating system.
#pragma once

#include <string>

#include "base/result.hpp"

namespace vtoken::scan {

/// What a failed call means: `number` is its errno, `path` what it was about.
[[nodiscard]] Error trouble_with(const std::string& path, int number);

}  // namespace vtoken::scan
