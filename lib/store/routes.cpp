#include "store/routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/role.hpp"

namespace vtoken::store {
namespace {

enum class Argument { none, name, rest };

// What servers tell apart: PUT and POST are one.
enum class Operation { read, list, update, erase };

enum class Trait : std::uint8_t {
  plain,
  writes,  // usually
  sudo,    // a read that asks for sudo too
  sudo_writes,
  open,  // also for callers without a token of their own
  own    // for every caller, whatever its policies
};

struct Entry {
  std::string_view path;
  Argument argument;
  Operation operation;
  Handler handler;
  Trait trait = Trait::plain;
  Existence exists = nullptr;
};

constexpr std::array kEntries{
    Entry{"auth/token/create", Argument::none, Operation::update, handle_create, Trait::writes},
    Entry{"auth/token/create/", Argument::name, Operation::update, handle_create_role, Trait::writes},
    Entry{"auth/token/create-orphan", Argument::none, Operation::update, handle_create_orphan, Trait::writes},
    Entry{"auth/token/lookup", Argument::none, Operation::update, handle_lookup},
    Entry{"auth/token/lookup", Argument::none, Operation::read, handle_lookup_self},
    Entry{"auth/token/lookup-self", Argument::none, Operation::read, handle_lookup_self},
    Entry{"auth/token/lookup-self", Argument::none, Operation::update, handle_lookup_self},
    Entry{"auth/token/lookup-accessor", Argument::none, Operation::update, handle_lookup_accessor},
    Entry{"auth/token/ancestors-self", Argument::none, Operation::read, handle_ancestors_self, Trait::own},
    Entry{"auth/token/renew", Argument::none, Operation::update, handle_renew, Trait::writes},
    Entry{"auth/token/renew-self", Argument::none, Operation::update, handle_renew_self, Trait::writes},
    Entry{"auth/token/renew-accessor", Argument::none, Operation::update, handle_renew_accessor, Trait::writes},
    Entry{"auth/token/revoke", Argument::none, Operation::update, handle_revoke, Trait::writes},
    Entry{"auth/token/revoke-self", Argument::none, Operation::update, handle_revoke_self, Trait::writes},
    Entry{"auth/token/revoke-orphan", Argument::none, Operation::update, handle_revoke_orphan, Trait::writes},
    Entry{"auth/token/revoke-accessor", Argument::none, Operation::update, handle_revoke_accessor, Trait::writes},
    Entry{"auth/token/accessors", Argument::none, Operation::list, handle_list_accessors},
    Entry{"auth/token/tidy", Argument::none, Operation::update, handle_tidy, Trait::writes},
    Entry{"auth/token/roles", Argument::none, Operation::list, handle_list_roles},
    Entry{"auth/token/roles/", Argument::name, Operation::read, handle_read_role},
    Entry{"auth/token/roles/", Argument::name, Operation::update, handle_write_role, Trait::writes, role_exists},
    Entry{"auth/token/roles/", Argument::name, Operation::erase, handle_delete_role, Trait::writes},
    Entry{"sys/leases/revoke-prefix/", Argument::rest, Operation::update, handle_revoke_prefix, Trait::writes},
    Entry{"sys/capabilities", Argument::none, Operation::update, handle_capabilities},
    Entry{"sys/capabilities-self", Argument::none, Operation::update, handle_capabilities_self},
    Entry{"sys/capabilities-accessor", Argument::none, Operation::update, handle_capabilities_accessor},
    Entry{"sys/policies/acl", Argument::none, Operation::list, handle_list_policies},
    Entry{"sys/policies/acl/", Argument::rest, Operation::list, handle_list_policies},
    Entry{"sys/policies/acl/", Argument::rest, Operation::read, handle_read_policy},
    Entry{"sys/policies/acl/", Argument::rest, Operation::update, handle_write_policy, Trait::writes},
    Entry{"sys/policies/acl/", Argument::rest, Operation::erase, handle_delete_policy, Trait::writes},
    Entry{"sys/policy", Argument::none, Operation::list, handle_list_policies},
    Entry{"sys/policy", Argument::none, Operation::read, handle_list_policies},
    Entry{"sys/policy/", Argument::rest, Operation::list, handle_list_policies},
    Entry{"sys/policy/", Argument::rest, Operation::read, handle_read_policy},
    Entry{"sys/policy/", Argument::rest, Operation::update, handle_write_policy, Trait::writes},
    Entry{"sys/policy/", Argument::rest, Operation::erase, handle_delete_policy, Trait::writes},
    Entry{"sys/wrapping/wrap", Argument::none, Operation::update, handle_wrap},
    Entry{"sys/wrapping/unwrap", Argument::none, Operation::update, handle_unwrap, Trait::writes},
    Entry{"sys/wrapping/rewrap", Argument::none, Operation::update, handle_rewrap, Trait::writes},
    Entry{"sys/wrapping/lookup", Argument::none, Operation::update, handle_lookup_wrapping, Trait::open},
    Entry{"sys/wrapping/lookup", Argument::none, Operation::read, handle_lookup_wrapping, Trait::open},
    Entry{"sys/audit-hash/", Argument::rest, Operation::update, handle_audit_hash},
    Entry{"cubbyhole", Argument::none, Operation::read, handle_read_cubbyhole},
    Entry{"cubbyhole", Argument::none, Operation::update, handle_write_cubbyhole, Trait::writes},
    Entry{"cubbyhole", Argument::none, Operation::erase, handle_delete_cubbyhole, Trait::writes},
    Entry{"cubbyhole", Argument::none, Operation::list, handle_list_cubbyhole},
    Entry{"cubbyhole/", Argument::rest, Operation::read, handle_read_cubbyhole},
    Entry{"cubbyhole/", Argument::rest, Operation::update, handle_write_cubbyhole, Trait::writes, item_exists},
    Entry{"cubbyhole/", Argument::rest, Operation::erase, handle_delete_cubbyhole, Trait::writes},
    Entry{"cubbyhole/", Argument::rest, Operation::list, handle_list_cubbyhole},
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

Route route_of(const Entry& entry, std::string_view path) {
  return {.handler = entry.handler,
          .writes = entry.trait == Trait::writes,
          .open = entry.trait == Trait::open,
          .own = entry.trait == Trait::own,
          .exists = entry.exists,
          .argument = path.substr(entry.path.size())};
}

// Paths on which servers ask for sudo, whatever is to be done there.
bool asks_sudo(std::string_view path) {
  constexpr std::array<std::string_view, 6> kStarts{"auth/token/accessors",      "auth/token/revoke-orphan/",
                                                    "sys/leases/revoke-prefix/", "sys/leases/revoke-force/",
                                                    "sys/leases/lookup/",        "sys/raw"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return path.starts_with(start); });
}

RouteProblem absent(std::string_view path) {
  const bool mounted = path == "auth/token" || path.starts_with("auth/token/") || path.starts_with("sys/");
  return mounted ? RouteProblem::no_path : RouteProblem::no_mount;
}

}  // namespace

RouteResult find_route(Method method, std::string_view path) {
  const Operation operation = operation_of(method);
  const bool sudo = asks_sudo(path);
  if (path.ends_with('/')) path.remove_suffix(1);
  bool path_known = false;
  for (const auto& entry : kEntries) {
    if (!matches(entry, path)) continue;
    // To a server a path that is listed ends in a slash: it is not the path of another operation, unless that takes
    // any.
    path_known = path_known || operation != Operation::list || entry.argument == Argument::rest;
    if (entry.operation != operation) continue;
    Route route = route_of(entry, path);
    route.sudo = sudo;
    return {route, std::nullopt};
  }
  return {{.sudo = sudo}, path_known ? RouteProblem::no_operation : absent(path)};
}

Response reply_problem(RouteProblem problem, Method method, std::string_view path) {
  switch (problem) {
    case RouteProblem::no_mount: break;
    case RouteProblem::no_path: return reply_raised(404, "unsupported path");
    case RouteProblem::no_operation: return reply_raised(405, "unsupported operation");
  }
  const std::string_view slash = method == Method::list && !path.ends_with('/') ? "/" : "";
  return reply_error(404, fmt::format("no handler for route \"{}{}\". route entry not found.", path, slash));
}

}  // namespace vtoken::store
