// One go at a request, in the order of a server's checks: the request itself, the caller, its policies, its uses, and
// only then the handler.
//
// Source of the order: openbao vault/request_handling.go.
#include <utility>

#include "core/json.hpp"
#include "store/addresses.hpp"
#include "store/audit_policies.hpp"
#include "store/engine.hpp"
#include "store/intake.hpp"
#include "store/wrapping.hpp"

namespace vtoken::store {
namespace {

// Who uses a store sits at the machine that it is on.
constexpr const char* kLocalAddress = "127.0.0.1";

// Root tokens without end are bound to no address.
bool may_come_from_here(const TokenEntry& entry) {
  if (entry.ttl == 0 || entry.bound_cidrs.empty()) return true;
  for (const auto& block : entry.bound_cidrs) {
    if (block_holds(block, kLocalAddress)) return true;
  }
  return false;
}

policy::Operation operation_of(Method method, bool exists) {
  switch (method) {
    case Method::get: return policy::Operation::read;
    case Method::list: return policy::Operation::list;
    case Method::del: return policy::Operation::erase;
    case Method::post:
    case Method::put: break;
  }
  return exists ? policy::Operation::update : policy::Operation::create;
}

// Paths from before there was an envelope: their clients look for the data where it was.
bool repeats_data(std::string_view path) {
  return path == "sys/policy" || path.starts_with("sys/policy/") || path.starts_with("sys/capabilities") ||
         path.starts_with("sys/audit-hash/");
}

std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

struct Engine::Visit {
  const Request& request;
  const Intake& intake;
  const RouteResult& found;
  Caller& caller;
  Call call;
  // For the audit log.
  std::int64_t uses = 0;  // that the caller's token had before
  std::optional<bool> allowed = {};
  bool creates = false;
};

Result<std::optional<Response>> Engine::find_caller(const Request& request, Nanoseconds now, Caller& caller) {
  if (request.token.empty()) return reply_bad_caller();
  if (kept_ && equal_secrets(kept_->token.view(), request.token.view()) &&
      (kept_->presented.end == 0 || kept_->presented.end > now)) {
    caller.presented = kept_->presented;
  } else {
    auto found = find_presented(request.token.view(), tokens_, file_.keyring(), working_, now);
    if (!found) return tl::unexpected(found.error());
    if (found->presence == Presence::stale) return reply_error(412, "required index state not present");
    if (found->presence != Presence::found) return reply_bad_caller();
    caller.presented = std::move(*found);
    if (caller.presented.row.uses == 0) kept_ = KeptCaller{request.token, caller.presented};
  }
  if (!may_come_from_here(caller.presented.row.entry)) return reply_bad_caller();
  auto acl = acls_.acl(caller.presented.row.entry.policies, policies_, working_.policy_version, now);
  if (!acl) return tl::unexpected(acl.error());
  caller.acl = std::move(*acl);
  return std::nullopt;
}

// The answer to a caller whose policies do not allow the request.
Result<std::optional<Response>> Engine::refuse_by_policies(Visit& visit) {
  const Route& route = visit.found.route;
  if (route.own) {
    visit.allowed = true;
    return std::nullopt;
  }
  auto existing = route.exists != nullptr ? route.exists(visit.call) : Existing{};
  if (!existing) return tl::unexpected(existing.error());
  if (existing->refusal) return std::move(existing->refusal);
  visit.creates = !existing->there;
  std::string path = visit.request.path;
  // A write to a mount itself is to its folder: servers find that out while they look whether it is there.
  const bool writes = visit.request.method == Method::post || visit.request.method == Method::put;
  if (writes && (path == "cubbyhole" || path == "auth/token" || path == "sys")) path += '/';
  // To a server every list is of a folder.
  if (visit.request.method == Method::list && !path.ends_with('/')) path += '/';
  const auto verdict = visit.caller.acl->ask({.operation = operation_of(visit.request.method, existing->there),
                                              .path = path,
                                              .data = visit.intake.data.get(),
                                              .wrap_ttl = visit.intake.wrap_ttl});
  visit.allowed = verdict.allowed && (verdict.sudo || !route.sudo);
  if (*visit.allowed) return std::nullopt;
  return reply_denied();
}

// Every request counts, also one that is denied.
Result<void> Engine::count_use(Visit& visit) {
  TokenRow& row = visit.caller.presented.row;
  row.uses = row.uses == 1 ? -1 : row.uses - 1;
  changed_ = true;
  return tokens_.update(row);
}

Result<Engine::Attempt> Engine::dispatch(Visit& visit) {
  Call& call = visit.call;
  if (visit.found.problem)
    return Attempt{reply_problem(*visit.found.problem, visit.request.method, visit.request.path)};
  auto response = visit.found.route.handler(call);
  if (!response) return tl::unexpected(response.error());
  if (visit.intake.wrap_ttl > 0 && !call.wants_write)
    response = wrap_response(call, std::move(*response), visit.intake.wrap_ttl);
  if (!response) return tl::unexpected(response.error());
  if (visit.intake.wrap_ttl == 0 && response->status == 200 && repeats_data(call.path))
    response = with_data_on_top(std::move(*response));
  if (call.changed) {
    changed_ = true;
    if (!call.only_added) forget();
  }
  return Attempt{std::move(*response), call.wants_write};
}

Result<Engine::Attempt> Engine::attempt(const Request& request, bool may_write) {
  const Intake intake = read_request(request);
  const Nanoseconds now = clock_.now();
  const RouteResult found = find_route(request.method, request.path);
  Caller caller;
  Visit visit{.request = request,
              .intake = intake,
              .found = found,
              .caller = caller,
              .call = {.request = request,
                       .body = *intake.data,
                       .path = without_slash(request.path),
                       .argument = found.route.argument,
                       .now = now,
                       .may_write = may_write,
                       .database = file_.database(),
                       .tokens = tokens_,
                       .roles = roles_,
                       .policies = policies_,
                       .acls = acls_,
                       .keyring = file_.keyring(),
                       .state = working_,
                       .caller = caller.presented,
                       .acl = nullptr}};
  auto result = intake.refusal ? Attempt{*intake.refusal} : decide(visit);
  if (result && !result->wants_write) {
    if (auto noted = note(visit, result->response); !noted) return tl::unexpected(noted.error());
  }
  return result;
}

Result<Engine::Attempt> Engine::decide(Visit& visit) {
  const RouteResult& found = visit.found;
  Caller& caller = visit.caller;
  // Whether there is a wrapping token, or a token that could be one, comes before who asks.
  auto refusal = refuse_wrapping_token(visit.call);
  if (refusal && !*refusal) refusal = refuse_named_token(visit.call);
  if (refusal && !*refusal && !found.route.open) refusal = find_caller(visit.request, visit.call.now, caller);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal) return Attempt{std::move(**refusal)};
  if (found.route.open) return dispatch(visit);
  visit.uses = caller.presented.row.uses;
  if (visit.uses > 0 && !visit.call.may_write) return Attempt{{}, true};
  visit.call.acl = caller.acl.get();
  refusal = refuse_by_policies(visit);
  if (!refusal) return tl::unexpected(refusal.error());
  if (visit.uses > 0) {
    if (auto counted = count_use(visit); !counted) return tl::unexpected(counted.error());
  }
  auto result = *refusal ? Attempt{std::move(**refusal)} : dispatch(visit);
  if (result && caller.presented.row.uses < 0) {
    if (auto removed = tokens_.remove_tree(caller.presented.row.seq); !removed) return tl::unexpected(removed.error());
  }
  return result;
}

Result<void> Engine::note(const Visit& visit, const Response& response) {
  if (!audit_.on()) return {};
  Presented caller = visit.caller.presented;
  std::vector<std::string> granting;
  if (visit.allowed.value_or(false)) {
    const std::string path = std::string(visit.call.path) + (visit.request.method == Method::list ? "/" : "");
    auto found = granting_policies(caller.row.entry.policies, *visit.caller.acl,
                                   {.operation = operation_of(visit.request.method, !visit.creates), .path = path},
                                   acls_, policies_, working_.policy_version, visit.call.now);
    if (!found) return tl::unexpected(found.error());
    granting = std::move(*found);
  } else if (visit.found.route.open && !visit.request.token.empty()) {
    // Who asks does not matter there, but is noted.
    auto found = find_presented(visit.request.token.view(), tokens_, file_.keyring(), working_, visit.call.now);
    if (!found) return tl::unexpected(found.error());
    caller = std::move(*found);
  }
  AuditFacts facts{.request = visit.request,
                   .response = response,
                   .now = visit.call.now,
                   .creates = visit.creates,
                   .data = visit.intake.refusal ? nullptr : visit.intake.data.get(),
                   .wrap_ttl = visit.intake.wrap_ttl,
                   .caller = caller.presence == Presence::found ? &caller : nullptr,
                   .uses = visit.found.route.open ? caller.row.uses : visit.uses,
                   .allowed = visit.found.route.open ? std::optional(true) : visit.allowed,
                   .granting = std::move(granting)};
  if (visit.request.path.starts_with("auth/token/")) {
    facts.find_made = [&](std::string_view token) -> std::optional<TokenEntry> {
      auto made = find_presented(token, tokens_, file_.keyring(), working_, visit.call.now);
      if (!made || made->presence != Presence::found) return std::nullopt;
      return std::move(made->row.entry);
    };
  }
  audit_.note(facts);
  return {};
}

Result<void> Engine::note_list(const Request& request, const std::string& id, Nanoseconds now) {
  if (!audit_.on()) return {};
  Caller caller;
  if (auto refusal = find_caller(request, now, caller); !refusal) return tl::unexpected(refusal.error());
  auto granting = granting_policies(caller.presented.row.entry.policies, *caller.acl,
                                    {.operation = policy::Operation::list, .path = "auth/token/accessors/"}, acls_,
                                    policies_, working_.policy_version, now);
  if (!granting) return tl::unexpected(granting.error());
  std::int64_t count = 0;
  auto counted = tokens_.each(now, [&count](const TokenRow&) { return ++count > 0; });
  if (!counted) return counted;
  const Intake intake = read_request(request);
  const Response response{200, SecretString(R"({"request_id":")" + id + R"("})"), {}};
  audit_.note({.request = request,
               .response = response,
               .now = now,
               .data = intake.data.get(),
               .caller = &caller.presented,
               .allowed = true,
               .granting = std::move(*granting),
               .listed = count});
  return audit_.write(false);
}

Result<bool> Engine::may_list_at_length(const Request& request) {
  const Intake intake = read_request(request);
  if (intake.refusal) return false;
  Caller caller;
  const auto refusal = find_caller(request, clock_.now(), caller);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal || caller.presented.row.uses != 0) return false;
  const auto verdict = caller.acl->ask(
      {.operation = policy::Operation::list, .path = "auth/token/accessors/", .data = intake.data.get()});
  return verdict.allowed && verdict.sudo;
}

}  // namespace vtoken::store
