#include "cmd/inspect_store.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/duration.hpp"
#include "cmd/caller_token.hpp"
#include "cmd/session.hpp"
#include "cmd/target.hpp"
#include "core/json.hpp"
#include "store/token_keys.hpp"

namespace vtoken::cmd {
namespace {

// Whether the command line or the environment says where the store is. If not, and the default cannot be told,
// `inspect` works offline.
bool names_a_store(const Context& context) {
  return context.common.store || !context.common.addresses.empty() || read_own_variable(context, "VTOKEN_STORE");
}

void take_life(const Answer& answer, StoreFacts& facts) {
  if (answer.data == nullptr) return;
  const Json* ttl = find_member(*answer.data, "ttl");
  if (ttl == nullptr || !ttl->is_number_integer()) return;
  facts.ttl = ttl->get<std::int64_t>();
  const std::string_view end = text_member(*answer.data, "expire_time");
  if (!end.empty()) facts.expire_time = std::string(end);
}

std::string first_text(const ApiFailure& failure) {
  return failure.texts.empty() ? failure.error.message : failure.texts.front();
}

// Without a caller's token: what the token itself says. Its parent may end it sooner.
void take_life(const BatchEntry& entry, Nanoseconds now, StoreFacts& facts) {
  Nanoseconds end = 0;
  if (__builtin_mul_overflow(entry.creation_time, kSecond, &end) || __builtin_add_overflow(end, entry.ttl, &end)) {
    facts.unknown = "unknown: the token ends beyond the year 2262";
    return;
  }
  facts.ttl = end > now ? (end - now) / kSecond : 0;
  facts.expire_time = format_time(end);
}

}  // namespace

Result<void> StoreAtHand::open() {
  const auto target = resolve_target(context_);
  if (!target) {
    if (names_a_store(context_)) return tl::unexpected(target.error());
    return {};
  }
  if (target->kind != Target::Kind::store) return {};
  if (target->unnamed && !std::filesystem::exists(target->path)) return {};
  auto backend = context_.services.open_backend(*target);
  if (!backend) {
    if (!target->unnamed) return tl::unexpected(backend.error());
    make_output(context_).warn(fmt::format("The default store is left out: {}", backend.error().text()));
    return {};
  }
  backend_ = std::move(*backend);
  const auto caller = resolve_caller_token(context_, *target);
  if (caller) caller_ = caller->token;
  return {};
}

// Nothing that only the store's keys can tell needs a caller.
void StoreAtHand::check(Inspection& inspection) const {
  const TokenKeys* keys = store::token_keys(*backend_);
  StoreFacts& facts = inspection.facts;
  if (keys == nullptr) return;
  if (inspection.token.ssc) facts.signed_here = keys->verify(*inspection.token.ssc);
  if (!inspection.token.batch) return;
  auto contents = keys->open(*inspection.token.batch);
  if (contents) {
    facts.contents = std::move(*contents);
  } else if (contents.error().kind == ErrorKind::wrong_key) {
    facts.sealed = fmt::format("unknown: this store's key of term {} does not open it", *inspection.token.key_term);
  } else {
    facts.sealed = "unknown: " + contents.error().message;
  }
}

void StoreAtHand::ask_for_life(Inspection& inspection) {
  StoreFacts& facts = inspection.facts;
  if (caller_.empty()) {
    if (facts.contents) return take_life(*facts.contents, context_.services.clock.now(), facts);
    facts.unknown = "unknown: no token to ask the store with";
    return;
  }
  CallOptions options;
  options.token = caller_;
  TokenClient client(*backend_, std::move(options));
  const bool like_accessor =
      inspection.token.format == TokenFormat::accessor || inspection.token.format == TokenFormat::uuid;
  const std::string_view text = inspection.text.view();
  auto answer = like_accessor ? client.lookup_accessor(text) : client.lookup(text);
  facts.is_accessor = like_accessor && answer;
  if (!answer && like_accessor) answer = client.lookup(text);
  if (answer) {
    take_life(*answer, facts);
  } else {
    const std::string_view hint = inspection.token.type == TokenType::unknown ? "" : "; is it revoked or expired?";
    facts.unknown = fmt::format("unknown: the store answers \"{}\"{}", first_text(answer.error()), hint);
  }
}

Result<void> StoreAtHand::complete(Inspection& inspection) {
  if (inspection.token.fault) {
    inspection.facts.unknown = "unknown (the token is damaged)";
    return {};
  }
  if (!tried_) {
    tried_ = true;
    if (auto opened = open(); !opened) return opened;
  }
  if (backend_ == nullptr) return {};
  check(inspection);
  const bool is_foreign =
      inspection.facts.signed_here == false || (inspection.token.batch && !inspection.facts.contents);
  if (is_foreign) {
    inspection.facts.unknown = "unknown: this store did not make the token";
  } else {
    ask_for_life(inspection);
  }
  return {};
}

}  // namespace vtoken::cmd
