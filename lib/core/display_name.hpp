// The name that a token is shown by.
#pragma once

#include <string>
#include <string_view>

namespace vtoken {

/// What servers make of the name given: "token", or "token-" and the name, in which each character but letters, digits
/// and '-' is a '-', and one '-' at the end is cut (vault/token_store.go).
[[nodiscard]] std::string served_display_name(std::string_view given);

}  // namespace vtoken
