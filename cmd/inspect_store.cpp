#include "cmd/inspect_store.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cmd/caller_token.hpp"
#include "cmd/inspect_keys.hpp"
#include "cmd/inspect_live.hpp"
#include "cmd/session.hpp"
#include "cmd/target.hpp"
#include "store/token_keys.hpp"

namespace vtoken::cmd {
namespace {

// Whether the command line or the environment says where the store is. If not, and the default cannot be told,
// `inspect` works offline.
bool names_a_store(const Context& context) {
  return context.common.store || !context.common.addresses.empty() || read_own_variable(context, "VTOKEN_STORE");
}

std::string first_text(const ApiFailure& failure) {
  return failure.texts.empty() ? failure.error.message : failure.texts.front();
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

void StoreAtHand::ask_for_life(Inspection& inspection) {
  KeyFacts& facts = inspection.keys;
  if (caller_.empty()) {
    if (facts.contents) return take_own_life(inspection, context_.services.clock.now());
    facts.unknown = "unknown: no token to ask the store with";
    return;
  }
  CallOptions options;
  options.token = caller_;
  TokenClient client(*backend_, std::move(options));
  const bool like_accessor = is_like_accessor(inspection.token.format);
  const std::string_view text = inspection.text.view();
  auto answer = like_accessor ? client.lookup_accessor(text) : client.lookup(text);
  const bool is_accessor = like_accessor && answer;
  if (!answer && like_accessor) answer = client.lookup(text);
  if (answer) {
    take_known(*answer, Checker::store, is_accessor, inspection);
  } else {
    const std::string_view hint = inspection.token.prefix.empty() ? "" : "; is it revoked or expired?";
    facts.unknown = fmt::format("unknown: the store answers \"{}\"{}", first_text(answer.error()), hint);
  }
}

Result<void> StoreAtHand::complete(Inspection& inspection, bool keep_plaintext) {
  if (inspection.token.fault) return {};
  if (!tried_) {
    tried_ = true;
    if (auto opened = open(); !opened) return opened;
  }
  if (backend_ == nullptr) return {};
  // Nothing that only the store's keys can tell needs a caller.
  if (const TokenKeys* keys = store::token_keys(*backend_)) check_with(*keys, inspection, keep_plaintext);
  const bool is_foreign = inspection.keys.is_genuine == false || (inspection.token.batch && !inspection.keys.contents);
  if (is_foreign) {
    inspection.keys.unknown = "unknown: this store did not make the token";
  } else {
    ask_for_life(inspection);
  }
  return {};
}

}  // namespace vtoken::cmd
