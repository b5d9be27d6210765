#include "store/routes.hpp"

#include <fmt/format.h>

#include <array>

#include "store/role.hpp"

namespace vtoken::store {
namespace {

enum class Argument { none, name, rest };

// What servers tell apart: PUT and POST are one.
enum class Operation { read, list, update, erase };

struct Entry {
  std::string_view path;
  Argument argument;
  Operation operation;
  Handler handler;
  Access access;
  bool writes;
};

constexpr std::array kEntries{
    Entry{"auth/token/create", Argument::none, Operation::update, handle_create, Access::everyone, true},
    Entry{"auth/token/create/", Argument::name, Operation::update, handle_create_role, Access::root, true},
    Entry{"auth/token/create-orphan", Argument::none, Operation::update, handle_create_orphan, Access::root, true},
    Entry{"auth/token/lookup", Argument::none, Operation::update, handle_lookup, Access::root, false},
    Entry{"auth/token/lookup", Argument::none, Operation::read, handle_lookup_self, Access::root, false},
    Entry{"auth/token/lookup-self", Argument::none, Operation::read, handle_lookup_self, Access::default_policy, false},
    Entry{"auth/token/lookup-self", Argument::none, Operation::update, handle_lookup_self, Access::root, false},
    Entry{"auth/token/lookup-accessor", Argument::none, Operation::update, handle_lookup_accessor, Access::root, false},
    Entry{"auth/token/renew", Argument::none, Operation::update, handle_renew, Access::root, true},
    Entry{"auth/token/renew-self", Argument::none, Operation::update, handle_renew_self, Access::default_policy, true},
    Entry{"auth/token/renew-accessor", Argument::none, Operation::update, handle_renew_accessor, Access::root, true},
    Entry{"auth/token/revoke", Argument::none, Operation::update, handle_revoke, Access::root, true},
    Entry{"auth/token/revoke-self", Argument::none, Operation::update, handle_revoke_self, Access::default_policy,
          true},
    Entry{"auth/token/revoke-orphan", Argument::none, Operation::update, handle_revoke_orphan, Access::root, true},
    Entry{"auth/token/revoke-accessor", Argument::none, Operation::update, handle_revoke_accessor, Access::root, true},
    Entry{"auth/token/accessors", Argument::none, Operation::list, handle_list_accessors, Access::root, false},
    Entry{"auth/token/tidy", Argument::none, Operation::update, handle_tidy, Access::root, true},
    Entry{"auth/token/roles", Argument::none, Operation::list, handle_list_roles, Access::root, false},
    Entry{"auth/token/roles/", Argument::name, Operation::read, handle_read_role, Access::root, false},
    Entry{"auth/token/roles/", Argument::name, Operation::update, handle_write_role, Access::root, true},
    Entry{"auth/token/roles/", Argument::name, Operation::erase, handle_delete_role, Access::root, true},
    Entry{"sys/leases/revoke-prefix/", Argument::rest, Operation::update, handle_revoke_prefix, Access::root, true},
    Entry{"cubbyhole", Argument::none, Operation::read, handle_read_cubbyhole, Access::root, false},
    Entry{"cubbyhole", Argument::none, Operation::update, handle_write_cubbyhole, Access::root, true},
    Entry{"cubbyhole", Argument::none, Operation::erase, handle_delete_cubbyhole, Access::root, true},
    Entry{"cubbyhole", Argument::none, Operation::list, handle_list_cubbyhole, Access::default_policy, false},
    Entry{"cubbyhole/", Argument::rest, Operation::read, handle_read_cubbyhole, Access::default_policy, false},
    Entry{"cubbyhole/", Argument::rest, Operation::update, handle_write_cubbyhole, Access::default_policy, true},
    Entry{"cubbyhole/", Argument::rest, Operation::erase, handle_delete_cubbyhole, Access::default_policy, true},
    Entry{"cubbyhole/", Argument::rest, Operation::list, handle_list_cubbyhole, Access::default_policy, false},
};

Operation operation_of(Method method) {
  switch (method) {
    case Method::get: return Operation::read;
    case Method::list: return Operation::list;
    case Method::post:
    case Method::put: return Operation::update;
    case Method::del: return Operation::erase;
  }
  return Operation::read;
}

bool matches(const Entry& entry, std::string_view path) {
  if (entry.argument == Argument::none) return path == entry.path;
  if (!path.starts_with(entry.path)) return false;
  const std::string_view rest = path.substr(entry.path.size());
  return entry.argument == Argument::name ? is_role_name(rest) : !rest.empty();
}

RouteProblem absent(std::string_view path) {
  const bool mounted = path == "auth/token" || path.starts_with("auth/token/") || path.starts_with("sys/");
  return mounted ? RouteProblem::no_path : RouteProblem::no_mount;
}

}  // namespace

RouteResult find_route(Method method, std::string_view path) {
  const Operation operation = operation_of(method);
  if (path.ends_with('/')) {
    if (operation == Operation::update) return {{}, RouteProblem::bad_slash};
    path.remove_suffix(1);
  }
  bool path_known = false;
  for (const auto& entry : kEntries) {
    if (!matches(entry, path)) continue;
    // To a server a path that is listed ends in a slash: it is not the path of another operation.
    path_known = path_known || operation != Operation::list;
    if (entry.operation != operation) continue;
    return {{entry.handler, entry.access, entry.writes, path.substr(entry.path.size())}, std::nullopt};
  }
  return {{}, path_known ? RouteProblem::no_operation : absent(path)};
}

Response reply_problem(RouteProblem problem, Method method, std::string_view path) {
  switch (problem) {
    case RouteProblem::no_mount: break;
    case RouteProblem::no_path: return reply_raised(404, "unsupported path");
    case RouteProblem::no_operation: return reply_raised(405, "unsupported operation");
    case RouteProblem::bad_slash: return reply_error(400, "cannot write to a path ending in '/'");
  }
  const std::string_view slash = method == Method::list && !path.ends_with('/') ? "/" : "";
  return reply_error(404, fmt::format("no handler for route \"{}{}\". route entry not found.", path, slash));
}

}  // namespace vtoken::store
