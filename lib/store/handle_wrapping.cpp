// sys/wrapping/wrap, unwrap, rewrap and lookup.
#include <algorithm>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/fields.hpp"
#include "store/wrapping.hpp"

namespace vtoken::store {
namespace {

// The wrapping token that a request is about: one that the body names, or the caller's own.
struct Subject {
  TokenRow row;
  bool third_party = false;
};

// refuse_wrapping_token() has found it before; only its last use may be under way by now.
Result<std::optional<Subject>> subject_of(Call& call) {
  const std::string_view named = text_member(call.body, "token");
  if (named.empty() && call.caller.presence == Presence::found) return Subject{call.caller.row, false};
  const std::string_view text = named.empty() ? call.request.token.view() : named;
  auto found = find_presented(text, call.tokens, call.keyring, call.state, call.now);
  if (!found) return tl::unexpected(found.error());
  if (found->presence != Presence::found) return std::nullopt;
  return Subject{std::move(found->row), !named.empty()};
}

Response used_already() {
  return reply_raised(500,
                      "error decrementing wrapping token's use-count: invalid token entry provided for use count "
                      "decrementing");
}

// Takes what the token holds, and the token with it: nobody gets it twice.
Result<std::optional<Wrapped>> take(Call& call, const Subject& subject) {
  auto wrapped = read_wrapped(call, subject.row.seq);
  if (!wrapped || !*wrapped) return wrapped;
  // The caller's own goes with its last use.
  if (subject.third_party) {
    if (auto removed = call.tokens.remove_alone(subject.row.seq); !removed) return tl::unexpected(removed.error());
  }
  call.changed = true;
  return wrapped;
}

Response reply_nothing_found(int status) {
  return reply_error(status, "no information found; wrapping token may be from a previous OpenBao version");
}

}  // namespace

Result<Response> handle_wrap(Call& call) {
  const auto ttl = parse_duration(call.request.wrap_ttl);
  if (!ttl || *ttl == 0) return reply_error(400, "endpoint requires response wrapping to be used");
  return reply_data(call.body);
}

Result<Response> handle_unwrap(Call& call) {
  if (!call.may_write) return call.needs_write();
  auto subject = subject_of(call);
  if (!subject) return tl::unexpected(subject.error());
  if (!*subject || ((*subject)->third_party && (*subject)->row.uses < 0)) return used_already();
  auto wrapped = take(call, **subject);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (!*wrapped) return reply_nothing_found(500);
  return Response{(*wrapped)->status, std::move((*wrapped)->answer), {}};
}

Result<Response> handle_rewrap(Call& call) {
  if (!call.may_write) return call.needs_write();
  auto subject = subject_of(call);
  if (!subject) return tl::unexpected(subject.error());
  if (!*subject || ((*subject)->third_party && (*subject)->row.uses < 0)) return used_already();
  auto wrapped = take(call, **subject);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (!*wrapped) return reply_nothing_found(400);
  // The shorter of what the token had and what this request asks for.
  const auto asked = parse_duration(call.request.wrap_ttl);
  if (asked && *asked > 0) (*wrapped)->ttl = std::min((*wrapped)->ttl, *asked);
  return wrap_again(call, **wrapped);
}

Result<Response> handle_lookup_wrapping(Call& call) {
  Fields fields(call.body, {});
  fields.know("token");
  Warnings warnings;
  warn_unknown(fields.unknown(), warnings);
  const auto subject = subject_of(call);
  if (!subject) return tl::unexpected(subject.error());
  if (!*subject) return reply_nothing_found(400);
  const auto wrapped = read_wrapped(call, (*subject)->row.seq);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (!*wrapped) return reply_nothing_found(400);
  Json data = {{"creation_path", (*wrapped)->creation_path}, {"creation_time", (*wrapped)->creation_time}};
  const Nanoseconds ttl = (*wrapped)->ttl;
  if (ttl % kSecond == 0) {
    data["creation_ttl"] = ttl / kSecond;
  } else {
    data["creation_ttl"] = static_cast<double>(ttl) / static_cast<double>(kSecond);
  }
  return reply_data(data, warnings);
}

}  // namespace vtoken::store
