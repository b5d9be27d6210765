// What somebody may have meant by a word that is not known.
#pragma once

#include <span>
#include <string_view>

namespace vtoken::policy {

/// The word among `known` that `word` was probably meant to be: it differs in at most two letters. Empty when there is
/// none. Borrowed from `known`.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace vtoken::policy
