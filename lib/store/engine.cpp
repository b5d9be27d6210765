#include "store/engine.hpp"

#include <utility>
#include <vector>

#include "store/accessor_list.hpp"

namespace vtoken::store {
namespace {

bool is_creation(const Request& request) { return request.path.starts_with("auth/token/create"); }

// A creation that may be of a batch token starts without the write lock, which it then never needs.
bool starts_writing(const Request& request, const RouteResult& found) {
  if (!request.wrap_ttl.empty()) return true;
  if (found.problem || !found.route.writes) return false;
  if (!is_creation(request)) return true;
  return found.route.argument.empty() && request.body.find("batch") == SecretString::npos;
}

}  // namespace

Engine::Engine(StoreFile file, const Clock& clock)
    : file_(std::move(file)),
      clock_(clock),
      tokens_(file_.database(), file_.keyring()),
      roles_(file_.database(), file_.keyring()),
      policies_(file_.database(), file_.keyring()) {}

std::string Engine::address() const { return "file://" + file_.path(); }

void Engine::forget() {
  kept_.reset();
  roles_.forget();
}

// What was read inside a transaction that came to nothing may never have been there.
void Engine::undone() {
  forget();
  acls_.forget();
}

Result<void> Engine::refresh() {
  const auto others_wrote = file_.refresh();
  if (!others_wrote) return tl::unexpected(others_wrote.error());
  if (!*others_wrote && state_known_) return {};
  const auto state = read_state(file_.database());
  if (!state) return tl::unexpected(state.error());
  // After a restore the same version may be of other policies.
  if (state->index_epoch != state_.index_epoch) acls_.forget();
  auto audit = read_audit_config(file_.database(), file_.keyring());
  if (!audit) return tl::unexpected(audit.error());
  audit_.configure(std::move(*audit));
  state_ = *state;
  state_known_ = true;
  forget();
  return {};
}

// Notes what was asked before it is committed, so that nothing is done that is not in the audit log.
Result<void> Engine::finish_write(Transaction& transaction, const Request* only) {
  if (changed_) {
    ++working_.commit_index;
    if (auto written = write_state(file_.database(), working_); !written) {
      audit_.drop(only, clock_.now());
      return written;
    }
  }
  auto noted = audit_.write(changed_);
  if (!noted) audit_.withdraw(clock_.now());
  if (!noted || !changed_) return noted;
  auto committed = transaction.commit();
  if (!committed) audit_.withdraw(clock_.now());
  return committed;
}

Result<Response> Engine::handle_writing(const Request& request) {
  auto transaction = Transaction::begin(file_.database(), TransactionKind::immediate);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = refresh(); !done) return tl::unexpected(done.error());
  working_ = state_;
  changed_ = false;
  auto result = attempt(request, true);
  if (!result) audit_.drop(&request, clock_.now());
  if (result) {
    if (auto written = finish_write(*transaction, &request); !written) result = tl::unexpected(written.error());
  }
  if (!result) {
    undone();
    return tl::unexpected(result.error());
  }
  if (changed_) state_ = working_;
  return std::move(result->response);
}

// Without the write lock. What it answers is noted.
Result<Engine::Attempt> Engine::attempt_reading(const Request& request) {
  if (auto done = refresh(); !done) return tl::unexpected(done.error());
  working_ = state_;
  auto result = attempt(request, false);
  if (!result) {
    audit_.drop(&request, clock_.now());
    return result;
  }
  if (result->wants_write) return result;
  if (auto noted = audit_.write(false); !noted) return tl::unexpected(noted.error());
  return result;
}

Result<Response> Engine::handle(const Request& request) {
  if (starts_writing(request, find_route(request.method, request.path))) return handle_writing(request);
  auto result = attempt_reading(request);
  if (!result) return tl::unexpected(result.error());
  if (result->wants_write) return handle_writing(request);
  return std::move(result->response);
}

Result<void> Engine::stream(const Request& request, BodySink& sink) {
  const RouteResult found = find_route(request.method, request.path);
  const bool long_answer = !found.problem && found.route.handler == handle_list_accessors;
  if (!long_answer || !request.wrap_ttl.empty()) return Backend::stream(request, sink);
  if (auto done = refresh(); !done) return done;
  working_ = state_;
  const auto listed = may_list_at_length(request);
  if (!listed) return tl::unexpected(listed.error());
  // Refusals and callers whose uses have to be counted take the ordinary way.
  if (!*listed) return Backend::stream(request, sink);
  const Nanoseconds now = clock_.now();
  const std::string id = random_uuid();
  if (auto noted = note_list(request, id, now); !noted) return noted;
  bool begun = false;
  return list_accessors(tokens_, now, id, [&](std::string_view bytes) {
    if (!begun && !sink.begin(200)) return false;
    begun = true;
    return sink.piece(bytes);
  });
}

// Until the first request that may change something each is answered at once, as by handle(). That one is given back.
Result<std::optional<Offer>> Engine::answer_reads(const RequestSource& source, const AnswerSink& sink,
                                                  std::size_t& index) {
  for (;;) {
    Offer offer = source();
    if (offer.kind == Offer::Kind::later) {
      pause_for_source();
      continue;
    }
    if (offer.kind != Offer::Kind::request) return std::nullopt;
    // A creation is tried without the lock, so that one that is refused ends what only makes tokens.
    const bool creation = offer.request.wrap_ttl.empty() && is_creation(offer.request);
    if (!creation && starts_writing(offer.request, find_route(offer.request.method, offer.request.path))) return offer;
    auto result = attempt_reading(offer.request);
    if (!result) return tl::unexpected(result.error());
    if (result->wants_write) return offer;
    if (offer.body != nullptr) pour(result->response, *offer.body);
    if (!sink(index++, std::move(result->response))) return std::nullopt;
  }
}

// In an open transaction: `first` and all that follow. False when the source stops it.
Result<bool> Engine::answer_writes(Offer first, const RequestSource& source, Waiting& waiting) {
  for (Offer offer = std::move(first);; offer = source()) {
    if (offer.kind == Offer::Kind::stop) {
      audit_.drop(nullptr, clock_.now());
      return false;
    }
    if (offer.kind == Offer::Kind::later) pause_for_source();
    if (offer.kind == Offer::Kind::done) return true;
    if (offer.kind != Offer::Kind::request) continue;
    auto kept = audit_.write_ahead();
    auto result = kept ? attempt(offer.request, true) : Result<Attempt>(tl::unexpected(kept.error()));
    if (result) kept = waiting.answers.add(result->response);
    if (!result || !kept) {
      audit_.drop(&offer.request, clock_.now());
      return tl::unexpected(result ? kept.error() : result.error());
    }
    if (offer.body != nullptr) waiting.bodies.emplace(waiting.next, offer.body);
    ++waiting.next;
  }
}

Result<void> Engine::submit(const RequestSource& source, const AnswerSink& sink) {
  std::size_t index = 0;
  auto first = answer_reads(source, sink, index);
  if (!first) return tl::unexpected(first.error());
  if (!*first) return {};
  Waiting waiting(file_.path(), index);
  {
    auto transaction = Transaction::begin(file_.database(), TransactionKind::immediate);
    if (!transaction) return tl::unexpected(transaction.error());
    if (auto done = refresh(); !done) return done;
    working_ = state_;
    changed_ = false;
    const auto all = answer_writes(std::move(**first), source, waiting);
    Result<void> outcome;
    if (!all) outcome = tl::unexpected(all.error());
    if (all && *all) outcome = finish_write(*transaction, nullptr);
    if (!outcome || !*all) {
      undone();
      return outcome;
    }
    if (changed_) state_ = working_;
  }
  return waiting.answers.each([&](Response answer) {
    const auto body = waiting.bodies.find(index);
    if (body != waiting.bodies.end()) pour(answer, *body->second);
    return sink(index++, std::move(answer));
  });
}

}  // namespace vtoken::store
