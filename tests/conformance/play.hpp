// The same requests to every back end, and the whole answers compared.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/request.hpp"

namespace vtoken::conformance {

/// One request. In a path and a body "{T}" and "{T.accessor}" are the token and its accessor that the last answer
/// saved as T brought, and "{T.wrapped}" the accessor of the token that waits behind T.
struct Step {
  Method method;
  std::string path;
  std::string body = {};
  std::string as = "root";  ///< whose token is shown: a saved one's name, or a text that is no name; "" for none
  std::string save = {};    ///< the name for the token that is made, wrapping tokens included
  std::string wrap = {};    ///< the wrapping asked for
  int wait = 0;             ///< seconds that pass before
  std::vector<std::pair<std::string, std::string>> query = {};
};

/// Checks that all back ends answer alike: status, error texts, and every member that is not random or a time.
void check_alike(const std::vector<Step>& steps);

}  // namespace vtoken::conformance
