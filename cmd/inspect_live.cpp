#include "cmd/inspect_live.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/duration.hpp"
#include "base/timestamp.hpp"
#include "cmd/advice.hpp"
#include "cmd/readable.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error looking up token";
constexpr int kDenied403 = 403;

// Wrapping tokens are service tokens, whose ids were UUIDs once.
bool could_wrap(const DecodedToken& token) {
  return token.type != TokenType::batch && token.type != TokenType::recovery && token.type != TokenType::accessor;
}

// Every other failure leaves open what the token is.
bool says_no(const ApiFailure& failure) {
  return failure.status == 400 || failure.status == kDenied403 || failure.status == 404;
}

bool is_wrapping(const Json& data) {
  const std::vector<std::string> policies = list_texts(find_member(data, "policies"));
  return policies.size() == 1 && policies.front() == "response-wrapping";
}

// The id that a lookup takes: of a wrapping token in the format "jwt" the one inside.
SecretString lookup_id(const Inspection& inspection) {
  if (!inspection.jwt || !inspection.jwt->is_wrapping) return inspection.text;
  return SecretString(text_member(*inspection.jwt->claims, "jti"));
}

// Servers set errors out in lines, and count them even when there is one.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t';
    if (!is_space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.ends_with(' ')) line.pop_back();
  constexpr std::string_view kOne = "1 error occurred: * ";
  return readable(std::string_view(line).substr(line.starts_with(kOne) ? kOne.size() : 0));
}

SecretString token_body(std::string_view text) {
  Json body = Json::object();
  body["token"] = SecretString(text);
  return dump_json(body);
}

// Servers have been seen to answer with somebody else's record.
bool is_about(const Json& data, const Inspection& inspection, bool is_accessor) {
  if (is_accessor) return text_member(data, "accessor") == inspection.text.view();
  const std::string_view id = text_member(data, "id");
  return !id.empty() && (id == lookup_id(inspection).view() || id == inspection.token.secret.view());
}

void find_genuine(Checker who, KeyFacts& facts) {
  if (facts.is_genuine) return;
  facts.is_genuine = true;
  facts.checker = who;
}

}  // namespace

void take_known(const Answer& answer, Checker who, bool is_accessor, Inspection& inspection) {
  KeyFacts& facts = inspection.keys;
  facts.is_known = answer.data != nullptr && is_about(*answer.data, inspection, is_accessor);
  facts.is_accessor = is_accessor;
  // A JWT was not shown to anybody, only the id that is in it.
  if (facts.is_known && !inspection.jwt) find_genuine(who, facts);
  if (answer.data == nullptr) return;
  const Json* ttl = find_member(*answer.data, "ttl");
  if (ttl == nullptr || !ttl->is_number_integer()) return;
  facts.ttl = ttl->get<std::int64_t>();
  const std::string_view end = text_member(*answer.data, "expire_time");
  facts.expire_time.reset();
  if (!end.empty()) facts.expire_time = std::string(end);
}

Result<LiveLookup> LiveLookup::connect(const Context& context) {
  if (context.common.wrap_ttl) return fail(ErrorKind::usage, "-wrap-ttl hides the answer that -lookup asks for");
  auto session = cmd::connect(context, kDoing, MissingStore::is_an_error, Retries::as_set, TokenUse::if_any);
  if (!session) return tl::unexpected(session.error());
  (*session)->client.options().wrap_ttl.clear();
  return LiveLookup(std::move(*session));
}

Checker LiveLookup::who() const {
  return session_->target.kind == Target::Kind::store ? Checker::store : Checker::server;
}

int LiveLookup::ask(Inspection& inspection) {
  if (inspection.token.fault) {
    inspection.live.problem = "a damaged token is not asked about";
    return kDone;
  }
  if (inspection.jwt && !inspection.jwt->is_wrapping) {
    return refuse("a JWT that is no wrapping token is not asked about", inspection);
  }
  const bool is_caller = session_->caller.token == inspection.text;
  return session_->caller.token.empty() || is_caller ? ask_by_itself(inspection) : ask_as_caller(inspection);
}

int LiveLookup::ask_as_caller(Inspection& inspection) {
  bool is_accessor = false;
  const auto answer = look_up(inspection, is_accessor);
  if (answer) return take_answer(*answer, is_accessor, inspection);
  // Who may not look tokens up may still be told what a token wraps: it is the token that proves the right.
  const bool may_not = answer.error().status == kDenied403 && !names_invalid_token(answer.error());
  if ((may_not || inspection.jwt) && could_wrap(inspection.token) && !session_->printing) {
    if (const auto wrapping = look_up_wrapping(inspection.text.view())) take_wrapping(*wrapping, inspection);
  }
  return take_failure(answer.error(), inspection);
}

int LiveLookup::ask_by_itself(Inspection& inspection) {
  if (is_like_accessor(inspection.token.format) && session_->caller.token.empty()) {
    return refuse("an accessor cannot ask: set VAULT_TOKEN or give -token-file=FILE", inspection);
  }
  if (could_wrap(inspection.token)) {
    const auto wrapping = look_up_wrapping(inspection.text.view());
    if (wrapping) {
      take_wrapping(*wrapping, inspection);
      inspection.live.problem = "a wrapping token that asks about itself destroys what it wraps";
      return kDone;
    }
    if (!says_no(wrapping.error()) || inspection.jwt) return take_failure(wrapping.error(), inspection);
  }
  if (session_->caller.token.empty() && !session_->context.common.quiet) {
    session_->output.warn(
        fmt::format("Warning: there is no token to ask with, so {} asks about itself, which counts as a use of it.",
                    mask_token(inspection.text.view())));
  }
  const CallerToken caller = std::exchange(session_->caller, CallerToken{inspection.text, "the command line"});
  session_->client.options().token = inspection.text;
  const auto answer = session_->client.lookup_self();
  const int status = answer ? take_answer(*answer, false, inspection) : take_failure(answer.error(), inspection);
  session_->client.options().token = caller.token;
  session_->caller = caller;
  return status;
}

ApiResult<Answer> LiveLookup::look_up(const Inspection& inspection, bool& is_accessor) {
  TokenClient& client = session_->client;
  const SecretString id = lookup_id(inspection);
  if (!is_like_accessor(inspection.token.format)) return client.lookup(id.view());
  auto answer = client.lookup_accessor(id.view());
  is_accessor = answer.has_value();
  if (answer || session_->printing || answer.error().status == 0) return answer;
  // A custom id may have the shape.
  auto as_token = client.lookup(id.view());
  return as_token ? as_token : answer;
}

ApiResult<Answer> LiveLookup::look_up_wrapping(std::string_view text) {
  Request request;
  request.method = Method::put;
  request.path = "sys/wrapping/lookup";
  request.body = token_body(text);
  // Nobody's token is needed, so that no use of one is counted.
  TokenClient& client = session_->client;
  const SecretString caller = std::exchange(client.options().token, {});
  auto answer = client.ask(std::move(request));
  client.options().token = caller;
  return answer;
}

void LiveLookup::take_wrapping(const Answer& answer, Inspection& inspection) const {
  KeyFacts& facts = inspection.keys;
  inspection.live.wrapping = answer.data;
  if (answer.data == nullptr || find_member(*answer.data, "creation_ttl") == nullptr) return;
  facts.is_known = true;
  // Servers look at the id alone here, not at its HMAC.
  if (!inspection.token.ssc) find_genuine(who(), facts);
  if (facts.expire_time && !inspection.jwt) return;
  const auto created = parse_time(text_member(*answer.data, "creation_time"));
  const std::int64_t ttl = number_member(*answer.data, "creation_ttl");
  Nanoseconds end = 0;
  if (!created || ttl <= 0 || __builtin_mul_overflow(ttl, kSecond, &end) || __builtin_add_overflow(end, *created, &end))
    return;
  const Nanoseconds now = session_->context.services.clock.now();
  facts.ttl = end > now ? (end - now) / kSecond : 0;
  facts.expire_time = format_time(end);
}

int LiveLookup::take_answer(const Answer& answer, bool is_accessor, Inspection& inspection) {
  const bool is_known = answer.data != nullptr && is_about(*answer.data, inspection, is_accessor);
  if (!is_known) return refuse("the answer is about something else", inspection);
  take_known(answer, who(), is_accessor, inspection);
  inspection.live.data = answer.data;
  if (who() == Checker::server) inspection.keys.sealed = "unknown: the server keeps the key";
  if (is_accessor || !is_wrapping(*answer.data)) return kDone;
  if (const auto wrapping = look_up_wrapping(inspection.text.view())) take_wrapping(*wrapping, inspection);
  return kDone;
}

int LiveLookup::take_failure(const ApiFailure& failure, Inspection& inspection) {
  const std::string text = one_line(failure.texts.empty() ? failure.error.message : failure.texts.front());
  inspection.live.problem = mask_tokens_in(text, inspection.text.view());
  const bool answered = failure.status != 0;
  // What is said of a caller's token that is no longer valid is meant of the token only when that asked.
  const bool is_dead =
      text == "bad token" || (session_->caller.token == inspection.text && names_invalid_token(failure));
  const std::string_view hint = is_dead ? "; is it revoked or expired?" : "";
  if (!inspection.keys.ttl) {
    const std::string_view asked = who() == Checker::store ? "store" : "server";
    inspection.keys.unknown =
        answered ? fmt::format("unknown: the {} answers \"{}\"{}", asked, inspection.live.problem, hint)
                 : fmt::format("unknown: the {} did not answer", asked);
  }
  const int status = session_->failed(kDoing, failure);
  if (text.find("different namespace") != std::string::npos && !session_->context.common.quiet) {
    session_->output.info("It belongs to a child namespace: name that with -namespace=PATH.");
  }
  return status;
}

int LiveLookup::refuse(std::string problem, Inspection& inspection) {
  session_->output.error(fmt::format("{}: {}", mask_token(inspection.text.view()), problem));
  inspection.live.problem = std::move(problem);
  return kFailed;
}

}  // namespace vtoken::cmd
