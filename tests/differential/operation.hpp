// What the differential test plays: requests, with slots where each side has its own tokens.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "core/request.hpp"

namespace vtoken::differential {

/// One request. In path, body, query and caller "{A}" stands for the token that the last answer to an operation with
/// `save` = "A" brought, "{A.accessor}" for its accessor, and "{run}" for what makes names of this run its own.
struct Operation {
  Method method = Method::get;
  std::string path;
  std::string body = {};
  std::string caller = "{root}";  ///< whose token is shown; empty for none
  std::string save = {};          ///< the slot for the token that is made; empty for none
  std::string wrap_ttl = {};
  std::vector<std::pair<std::string, std::string>> query = {};

  bool operator==(const Operation&) const = default;
};

using Plan = std::vector<Operation>;

/// One line: `A = POST auth/token/create {"ttl":"1h"}  as {root}, wrapped for 60`.
[[nodiscard]] std::string show(const Operation& operation);

}  // namespace vtoken::differential
