// Names the JSON type without its definition, for headers.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "base/secret.hpp"

namespace vtoken {

using Json = nlohmann::basic_json<std::map, std::vector, SecretString, bool, std::int64_t, std::uint64_t, double,
                                  WipingAllocator>;

}  // namespace vtoken
