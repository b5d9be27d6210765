#include "store/wrapping.hpp"

#include "base/duration.hpp"
#include "core/json.hpp"
#include "policy/builtin.hpp"
#include "store/cubbyhole_table.hpp"
#include "store/mint.hpp"

namespace vtoken::store {
namespace {

// Where a wrapping token keeps what it holds, in its own cubbyhole.
constexpr std::string_view kResponse = "response";
constexpr std::string_view kFacts = "wrapinfo";

CubbyholeTable cubbyhole(Call& call, std::int64_t seq) { return {call.database, call.keyring, seq}; }

SecretString without_newline(SecretString text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

bool names_wrapping_token(const Call& call) {
  // To a server a list's path, like any with a slash at its end, is another.
  if (call.request.method == Method::list || call.request.path.ends_with('/')) return false;
  return call.path == "sys/wrapping/unwrap" || call.path == "sys/wrapping/rewrap" || call.path == "sys/wrapping/lookup";
}

// As the server has it for a list: with a slash.
std::string path_of(const Call& call) {
  std::string path(call.path);
  if (call.request.method == Method::list) path += '/';
  return path;
}

SecretString accessor_within(const SecretString& answer) {
  const auto parsed = parse_json(answer.view());
  const Json* auth = parsed ? find_member(*parsed, "auth") : nullptr;
  return auth == nullptr ? SecretString() : SecretString(text_member(*auth, "accessor"));
}

// Servers give no request id with a wrapping token.
Response wrap_reply(const Minted& minted, const TokenEntry& entry, const Wrapped& wrapped,
                    std::string_view accessor_within_it) {
  Response response;
  SecretString& body = response.body;
  const auto text = [&body](std::string_view name, std::string_view value) {
    body += '"';
    body += name;
    body += "\":";
    append_json_text(body, value);
    body += ',';
  };
  body += R"({"request_id":"","lease_id":"","renewable":false,"lease_duration":0,"data":null,"wrap_info":{)";
  text("token", minted.text.view());
  text("accessor", entry.accessor);
  body += "\"ttl\":";
  body += std::string_view(std::to_string(wrapped.ttl / kSecond));
  body += ',';
  text("creation_time", wrapped.creation_time);
  text("creation_path", wrapped.creation_path);
  if (!accessor_within_it.empty()) text("wrapped_accessor", accessor_within_it);
  body.back() = '}';
  body += ",\"warnings\":null,\"auth\":null}\n";
  return response;
}

Result<Minted> make_token(Call& call, TokenEntry& entry, Nanoseconds ttl) {
  entry.policies = {std::string(policy::kResponseWrapping)};
  entry.path = path_of(call);
  entry.display_name = "token";
  entry.creation_time = call.now / kSecond;
  entry.issue_time = call.now;
  entry.ttl = ttl;
  entry.explicit_max_ttl = ttl;
  entry.lease_ttl = ttl;
  entry.num_uses = 1;
  return mint_service(call, entry, {.ttl = ttl, .num_uses = 1});
}

Result<Response> store(Call& call, const Wrapped& wrapped, std::string_view wrapped_accessor) {
  TokenEntry entry;
  const auto minted = make_token(call, entry, wrapped.ttl);
  if (!minted) return tl::unexpected(minted.error());
  const Json response = {{kResponse, wrapped.answer}};
  const Json facts = {{"creation_path", wrapped.creation_path},
                      {"creation_time", wrapped.creation_time},
                      {"creation_ttl", wrapped.ttl},
                      {"status", wrapped.status}};
  CubbyholeTable own = cubbyhole(call, minted->seq);
  auto written = own.write(kResponse, dump_json(response).view());
  if (written) written = own.write(kFacts, dump_json(facts).view());
  if (!written) return tl::unexpected(written.error());
  return wrap_reply(*minted, entry, wrapped, wrapped_accessor);
}

}  // namespace

bool is_wrapping(const TokenEntry& entry) {
  return entry.policies.size() == 1 && entry.policies.front() == policy::kResponseWrapping;
}

Result<std::optional<Response>> refuse_wrapping_token(const Call& call) {
  if (!names_wrapping_token(call)) return std::nullopt;
  constexpr std::string_view kStart = "error validating wrapping token: ";
  const Json* named = find_member(call.body, "token");
  std::string_view text = call.request.token.view();
  if (named != nullptr && !named->is_null()) {
    if (!named->is_string()) return reply_error(403, std::string(kStart) + "could not decode token in request body");
    text = text_member(call.body, "token");
    if (text.empty()) return reply_error(403, std::string(kStart) + "empty token in request body");
  }
  if (text.empty()) return reply_error(403, std::string(kStart) + "token is empty");
  const auto found = find_presented(text, call.tokens, call.keyring, call.state, call.now);
  if (!found) return tl::unexpected(found.error());
  if (found->presence == Presence::stale) return reply_error(412, "required index state not present");
  if (found->presence != Presence::found || !is_wrapping(found->row.entry)) {
    return reply_error(400, "wrapping token is not valid or does not exist");
  }
  return std::nullopt;
}

Result<Response> wrap_response(Call& call, Response response, Nanoseconds ttl) {
  // A rewrap has wrapped its answer itself, and a list without entries is not wrapped.
  if (call.path == "sys/wrapping/rewrap") return response;
  if (call.request.method == Method::list && response.status == 404) return reply_error(404, "unsupported path");
  if (response.status >= 400 || response.body.empty()) return response;
  Wrapped wrapped;
  wrapped.ttl = ttl;
  wrapped.creation_time = format_time(call.now);
  wrapped.creation_path = path_of(call);
  wrapped.status = response.status;
  // To a server what was unwrapped is plain bytes: a token in it is not seen.
  const SecretString accessor = call.path == "sys/wrapping/unwrap" ? SecretString() : accessor_within(response.body);
  wrapped.answer = without_newline(std::move(response.body));
  return store(call, wrapped, accessor.view());
}

Result<Response> wrap_again(Call& call, const Wrapped& wrapped) {
  Wrapped again = wrapped;
  again.creation_time = format_time(call.now);
  return store(call, again, {});
}

Result<std::optional<Wrapped>> read_wrapped(Call& call, std::int64_t seq) {
  const auto facts = cubbyhole(call, seq).read(kFacts);
  if (!facts) return tl::unexpected(facts.error());
  const auto response = cubbyhole(call, seq).read(kResponse);
  if (!response) return tl::unexpected(response.error());
  if (!*facts || !*response) return std::nullopt;
  const auto known = parse_json((*facts)->view());
  const auto kept = parse_json((*response)->view());
  if (!known || !kept) return std::nullopt;
  Wrapped wrapped;
  wrapped.ttl = number_member(*known, "creation_ttl");
  wrapped.creation_time = text_member(*known, "creation_time");
  wrapped.creation_path = text_member(*known, "creation_path");
  wrapped.status = static_cast<int>(number_member(*known, "status"));
  wrapped.answer = SecretString(text_member(*kept, kResponse));
  return wrapped;
}

}  // namespace vtoken::store
