// The program's version. CMakeLists.txt reads it here.
#pragma once

#include <string_view>

namespace vtoken::cmd {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace vtoken::cmd
