// The finder's second stage: what stands at a prefix, how far it goes, and how sure it is that this is a token.
//
// Threads: functions of their arguments alone.
#pragma once

#include <optional>
#include <string_view>

#include "token/scan.hpp"

namespace vtoken::scan {

/// A place where a token may stand.
struct Candidate {
  std::string_view before;  ///< what stands before it, at most kContextBefore bytes
  std::string_view rest;    ///< from its prefix on, at most kContextAfter bytes
};

/// The token at `candidate`, with `at` 0, or nothing. `rest` starts with one of the prefixes, and find::kShortestBody
/// token characters follow that.
[[nodiscard]] std::optional<TokenMatch> judge(const Candidate& candidate);

}  // namespace vtoken::scan
