// Which handler answers which path, and what is special about it.
#pragma once

#include <string_view>

#include "core/request.hpp"
#include "store/call.hpp"

namespace vtoken::store {

struct Route {
  Handler handler = nullptr;
  bool writes = false;             ///< whether it usually writes: such a call starts with the write lock
  bool sudo = false;               ///< asks for sudo on the path besides the operation's capability
  bool open = false;               ///< answers callers without a token of their own
  bool own = false;                ///< answers every caller, about itself; servers have no such path
  Existence exists = nullptr;      ///< tells a write that creates from one that updates; null when all writes update
  std::string_view argument = {};  ///< what follows the route's path; borrowed from the request's path
};

enum class RouteProblem {
  no_mount,     ///< nothing lives there
  no_path,      ///< the mount has no such path
  no_operation  ///< the path has no such operation
};

struct RouteResult {
  Route route;
  std::optional<RouteProblem> problem;
};

[[nodiscard]] RouteResult find_route(Method method, std::string_view path);

/// The server's answer to a path that has no handler.
[[nodiscard]] Response reply_problem(RouteProblem problem, Method method, std::string_view path);

}  // namespace vtoken::store
