// What a store's keys can tell about a token without asking for it as a caller: no token is needed, none is used up.
#pragma once

#include "core/backend.hpp"
#include "token/keys.hpp"

namespace vtoken::store {

/// The keys of a store that store::open() gave; null for every other back end. Borrowed from `backend`.
[[nodiscard]] const TokenKeys* token_keys(const Backend& backend) noexcept;

}  // namespace vtoken::store
