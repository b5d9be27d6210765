#include "store/engine.hpp"

#include <utility>
#include <vector>

#include "core/json.hpp"
#include "store/accessor_list.hpp"

namespace vtoken::store {
namespace {

bool has_default_policy(const TokenEntry& entry) {
  for (const auto& policy : entry.policies) {
    if (policy == "default") return true;
  }
  return false;
}

bool may_use(const Route& route, const Presented& caller) {
  if (caller.row.entry.is_root()) return true;
  if (route.access == Access::everyone) return true;
  return route.access == Access::default_policy && has_default_policy(caller.row.entry);
}

// What the store does not do, said instead of ignored.
std::optional<Response> refuse_unsupported(const Request& request) {
  if (!request.namespace_path.empty())
    return reply_error(400, "a store has no namespaces: leave out -namespace and VAULT_NAMESPACE");
  if (!request.wrap_ttl.empty())
    return reply_error(400, "a store does not wrap responses yet: leave out -wrap-ttl and VAULT_WRAP_TTL");
  return std::nullopt;
}

// The request's body as an object, or the answer that refuses it.
struct Body {
  Json object = Json::object();
  std::optional<Response> refusal;
};

Body read_body(const Request& request) {
  Body body;
  if (request.body.empty()) return body;
  auto parsed = parse_json(request.body.view());
  if (!parsed) {
    body.refusal = reply_error(400, "failed to decode JSON input: the body is not valid JSON");
  } else if (parsed->is_object()) {
    body.object = std::move(*parsed);
  } else if (!parsed->is_null()) {
    const char* type = parsed->is_array()     ? "array"
                       : parsed->is_string()  ? "string"
                       : parsed->is_boolean() ? "bool"
                                              : "number";
    body.refusal = reply_error(400, "failed to decode JSON input: json: cannot unmarshal " + std::string(type) +
                                        " into Go value of type map[string]interface {}");
  }
  return body;
}

// A creation that may be of a batch token starts without the write lock, which it then never needs.
bool starts_writing(const Request& request, const RouteResult& found) {
  if (found.problem || !found.route.writes) return false;
  const bool creation = request.path.starts_with("auth/token/create");
  if (!creation) return true;
  return found.route.argument.empty() && request.body.find("batch") == SecretString::npos;
}

}  // namespace

struct Engine::Attempt {
  Response response = {};
  bool wants_write = false;
};

Engine::Engine(StoreFile file, const Clock& clock)
    : file_(std::move(file)),
      clock_(clock),
      tokens_(file_.database(), file_.keyring()),
      roles_(file_.database(), file_.keyring()) {}

std::string Engine::address() const { return "file://" + file_.path(); }

void Engine::forget() {
  kept_.reset();
  roles_.forget();
}

Result<void> Engine::refresh() {
  const auto others_wrote = file_.refresh();
  if (!others_wrote) return tl::unexpected(others_wrote.error());
  if (!*others_wrote && state_known_) return {};
  const auto state = read_state(file_.database());
  if (!state) return tl::unexpected(state.error());
  state_ = *state;
  state_known_ = true;
  forget();
  return {};
}

Result<std::optional<Response>> Engine::find_caller(const Request& request, Nanoseconds now, Presented& caller) {
  if (request.token.empty()) return reply_bad_caller();
  if (kept_ && equal_secrets(kept_->token.view(), request.token.view()) &&
      (kept_->presented.end == 0 || kept_->presented.end > now)) {
    caller = kept_->presented;
    return std::nullopt;
  }
  auto found = find_presented(request.token.view(), tokens_, file_.keyring(), working_, now);
  if (!found) return tl::unexpected(found.error());
  if (found->presence == Presence::stale) return reply_error(412, "required index state not present");
  if (found->presence != Presence::found) return reply_bad_caller();
  caller = std::move(*found);
  if (caller.row.uses == 0) kept_ = KeptCaller{request.token, caller};
  return std::nullopt;
}

Result<Engine::Attempt> Engine::dispatch(const Request& request, const Route& route, const Json& body,
                                         Presented& caller, bool may_write, Nanoseconds now) {
  if (!may_use(route, caller)) return Attempt{reply_denied()};
  std::string_view path = request.path;
  if (path.ends_with('/')) path.remove_suffix(1);
  Call call{.request = request,
            .body = body,
            .path = path,
            .argument = route.argument,
            .now = now,
            .may_write = may_write,
            .database = file_.database(),
            .tokens = tokens_,
            .roles = roles_,
            .keyring = file_.keyring(),
            .state = working_,
            .caller = caller};
  auto response = route.handler(call);
  if (!response) return tl::unexpected(response.error());
  if (call.changed) {
    changed_ = true;
    if (!call.only_added) forget();
  }
  return Attempt{std::move(*response), call.wants_write};
}

// One go at a request. Without `may_write` it may turn out that it has to write: then nothing has happened yet.
Result<Engine::Attempt> Engine::attempt(const Request& request, bool may_write) {
  if (auto refusal = refuse_unsupported(request)) return Attempt{std::move(*refusal)};
  const Body body = read_body(request);
  if (body.refusal) return Attempt{*body.refusal};
  const Nanoseconds now = clock_.now();
  Presented caller;
  auto refusal = find_caller(request, now, caller);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal) return Attempt{std::move(**refusal)};

  if (caller.row.uses > 0) {
    // Every request counts, also one that is denied.
    if (!may_write) return Attempt{{}, true};
    caller.row.uses = caller.row.uses == 1 ? -1 : caller.row.uses - 1;
    if (auto done = tokens_.update(caller.row); !done) return tl::unexpected(done.error());
    changed_ = true;
  }
  const RouteResult found = find_route(request.method, request.path);
  Result<Attempt> result = Attempt{};
  if (found.problem) {
    result->response =
        caller.row.entry.is_root() ? reply_problem(*found.problem, request.method, request.path) : reply_denied();
  } else {
    result = dispatch(request, found.route, body.object, caller, may_write, now);
  }
  if (result && caller.row.uses < 0) {
    if (auto removed = tokens_.remove_tree(caller.row.seq); !removed) return tl::unexpected(removed.error());
  }
  return result;
}

Result<void> Engine::finish_write() {
  if (!changed_) return {};
  return write_state(file_.database(), working_);
}

Result<Response> Engine::handle_writing(const Request& request) {
  auto transaction = Transaction::begin(file_.database(), TransactionKind::immediate);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = refresh(); !done) return tl::unexpected(done.error());
  working_ = state_;
  ++working_.commit_index;
  changed_ = false;
  auto result = attempt(request, true);
  if (result && changed_) {
    auto written = finish_write();
    if (written) written = transaction->commit();
    if (!written) result = tl::unexpected(written.error());
  }
  if (!result) {
    forget();
    return tl::unexpected(result.error());
  }
  if (changed_) state_ = working_;
  return std::move(result->response);
}

Result<Response> Engine::handle(const Request& request) {
  if (starts_writing(request, find_route(request.method, request.path))) return handle_writing(request);
  if (auto done = refresh(); !done) return tl::unexpected(done.error());
  working_ = state_;
  auto result = attempt(request, false);
  if (!result) return tl::unexpected(result.error());
  if (result->wants_write) return handle_writing(request);
  return std::move(result->response);
}

Result<void> Engine::stream(const Request& request, BodySink& sink) {
  const RouteResult found = find_route(request.method, request.path);
  const bool long_answer = !found.problem && found.route.handler == handle_list_accessors;
  if (!long_answer || refuse_unsupported(request)) return Backend::stream(request, sink);
  if (auto done = refresh(); !done) return done;
  working_ = state_;
  Presented caller;
  const Nanoseconds now = clock_.now();
  const auto refusal = find_caller(request, now, caller);
  if (!refusal) return tl::unexpected(refusal.error());
  // Refusals and callers whose uses have to be counted take the ordinary way.
  if (*refusal || caller.row.uses != 0 || !may_use(found.route, caller)) return Backend::stream(request, sink);
  bool begun = false;
  return list_accessors(tokens_, now, [&](std::string_view bytes) {
    if (!begun && !sink.begin(200)) return false;
    begun = true;
    return sink.piece(bytes);
  });
}

Result<void> Engine::submit(const RequestSource& source, const AnswerSink& sink) {
  std::vector<Response> answers;
  {
    auto transaction = Transaction::begin(file_.database(), TransactionKind::immediate);
    if (!transaction) return tl::unexpected(transaction.error());
    if (auto done = refresh(); !done) return done;
    working_ = state_;
    ++working_.commit_index;
    changed_ = false;
    Result<void> outcome;
    while (outcome) {
      const auto request = source();
      if (!request) break;
      auto result = attempt(*request, true);
      if (result) {
        answers.push_back(std::move(result->response));
      } else {
        outcome = tl::unexpected(result.error());
      }
    }
    if (outcome && changed_) {
      outcome = finish_write();
      if (outcome) outcome = transaction->commit();
    }
    if (!outcome) {
      forget();
      return outcome;
    }
    if (changed_) state_ = working_;
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!sink(i, std::move(answers[i]))) break;
  }
  return {};
}

}  // namespace vtoken::store
