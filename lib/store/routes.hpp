// Which handler answers which path, and who may ask.
#pragma once

#include <string_view>

#include "core/request.hpp"
#include "store/call.hpp"

namespace vtoken::store {

/// Who may use a route: until policies are kept, root and nobody else; every token with the policy `default` as servers
/// ship it; or every token at all.
enum class Access { root, default_policy, everyone };

struct Route {
  Handler handler = nullptr;
  Access access = Access::root;
  bool writes = false;             ///< whether it usually writes: such a call starts with the write lock
  std::string_view argument = {};  ///< what follows the route's path; borrowed from the request's path
};

enum class RouteProblem {
  no_mount,      ///< nothing lives there
  no_path,       ///< the mount has no such path
  no_operation,  ///< the path has no such operation
  bad_slash      ///< a write to a path that ends in a slash
};

struct RouteResult {
  Route route;
  std::optional<RouteProblem> problem;
};

[[nodiscard]] RouteResult find_route(Method method, std::string_view path);

/// The server's answer to a path that has no handler.
[[nodiscard]] Response reply_problem(RouteProblem problem, Method method, std::string_view path);

}  // namespace vtoken::store
