#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cmd/command.hpp"
#include "cmd/inspect_keys.hpp"
#include "cmd/inspect_live.hpp"
#include "cmd/inspect_sources.hpp"
#include "cmd/inspect_store.hpp"
#include "cmd/inspection.hpp"
#include "cmd/inspection_explain.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

class Inspect final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean(
        {"explain", "Show every byte of the token and what it means, and what tokens of its type can and cannot do."},
        shown_.explain);
    flags.boolean({"lookup",
                   "Ask the server, or the store, for what is true now: TTL, policies, uses left. It is asked with "
                   "your token; without one the token asks about itself, which counts as a use of it."},
                  lookup_);
    flags.boolean({"verify",
                   "Check the HMAC, or open the batch token, with the store's keys or with -verify-key. The exit "
                   "status is 2 when that fails or cannot be done."},
                  shown_.verdict);
    flags.text({"verify-key",
                "Verify with the key in this file: 32 bytes, 64 hexadecimal digits, base64, or a UUID. -verify with "
                "-key-file means the same when no store is named.",
                "FILE",
                {},
                false,
                Values::file},
               key_path_);
    flags.boolean({"reveal", "Show tokens, ids and secret bytes whole instead of masked."}, shown_.reveal);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    std::vector<std::string> sources = arguments;
    if (sources.empty() && !context.streams.in_is_terminal) sources.emplace_back("-");
    if (auto settled = settle(context, sources); !settled) return tl::unexpected(settled.error());
    StoreAtHand store(context);
    Output output = make_output(context);
    int status = kDone;
    for (const std::string& source : sources) {
      const auto found = each_token(
          context, source, [&](std::string_view text) { status = worse(status, show(context, output, store, text)); });
      if (!found) return tl::unexpected(found.error());
    }
    return status;
  }

 private:
  // Everything that can be wrong before the first token is looked at.
  Result<void> settle(Context& context, const std::vector<std::string>& sources) {
    if (sources.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected at least 1, got 0)");
    take_key_file(context);
    const auto readers = std::count(sources.begin(), sources.end(), "-") + (key_path_ == "-" ? 1 : 0) +
                         (context.common.token_file == "-" ? 1 : 0);
    if (readers > 1) return fail(ErrorKind::usage, "standard input (-) can be named once only");
    if (!lookup_ && (context.common.output_curl_string || context.common.output_policy)) {
      return fail(ErrorKind::usage, "there is no request to print: that is for -lookup");
    }
    if (key_path_) {
      shown_.verdict = true;
      auto key = read_loose_key(context, *key_path_);
      if (!key) return tl::unexpected(key.error());
      key_ = std::move(*key);
    }
    if (!lookup_) return {};
    auto live = LiveLookup::connect(context);
    if (!live) return tl::unexpected(live.error());
    live_.emplace(std::move(*live));
    return {};
  }

  // -key-file opens a store. Where there is none to open, it can only mean the key itself.
  void take_key_file(Context& context) {
    if (!shown_.verdict || key_path_ || !context.common.key_file) return;
    const auto target = resolve_target(context);
    if (target && target->kind == Target::Kind::store && !target->unnamed) return;
    key_path_ = std::exchange(context.common.key_file, std::nullopt);
  }

  int show(const Context& context, Output& output, StoreAtHand& store, std::string_view text) {
    const Nanoseconds now = context.services.clock.now();
    Inspection inspection = inspect_offline(text, now);
    int status = inspection.token.fault ? kFailed : kDone;
    if (key_) {
      check_with(*key_, inspection, shown_.explain);
      if (inspection.keys.contents) take_own_life(inspection, now);
    } else if (live_) {
      if (live_->keys() != nullptr) check_with(*live_->keys(), inspection, shown_.explain);
    } else if (const auto completed = store.complete(inspection, shown_.explain); !completed) {
      output.error(completed.error().text());
      status = worse(status, status_of(context, completed.error()));
    }
    if (live_) status = worse(status, live_->ask(inspection));
    if (live_ && live_->is_printing()) return status;
    if (shown_.verdict) status = worse(status, judge(output, inspection));
    return worse(status, print(context, output, inspection));
  }

  // What -field and the formats for programs do not show where a person looks.
  static int judge(Output& output, const Inspection& inspection) {
    const Verdict verdict = verdict_on(inspection);
    if (verdict.is_genuine == true) return kDone;
    output.error(fmt::format("{}: {}: {}", mask_token(inspection.text.view()),
                             verdict.is_genuine ? "not genuine" : "not verified", verdict.text));
    return kFailed;
  }

  int print(const Context& context, Output& output, const Inspection& inspection) {
    const bool first = std::exchange(first_, false);
    if (context.common.field) {
      if (!first) output.line("");
      return print_field(output, inspection_json(inspection, shown_), *context.common.field);
    }
    if (output.format() == Format::table) {
      if (!first) output.line("");
      write(context, render_table(inspection_rows(inspection, shown_)));
      if (!shown_.explain) return kDone;
      output.line("");
      write(context, explain_text(inspection, shown_.reveal));
      return kDone;
    }
    if (!first && output.format() == Format::yaml) output.line("---");
    return output.data(inspection_json(inspection, shown_));
  }

  // What only a lookup tells goes by its own name, too.
  static int print_field(Output& output, const Json& inspection, std::string_view name) {
    const Json* live = find_member(inspection, "lookup");
    const bool is_own = find_member(inspection, name) != nullptr;
    return output.field(is_own || live == nullptr || !live->is_object() ? inspection : *live, name);
  }

  static void write(const Context& context, const SecretString& text) {
    context.streams.out.write(text.data(), static_cast<std::streamsize>(text.size()));
  }

  Shown shown_;
  bool lookup_ = false;
  std::optional<std::string> key_path_;
  std::optional<LooseKey> key_;
  std::optional<LiveLookup> live_;
  bool first_ = true;
};

}  // namespace

const CommandInfo kInspect{"inspect",
                           "Show what is inside a token, offline",
                           "inspect [flags] [TOKEN…]",
                           R"(Takes tokens to pieces: type, format, WAL index, HMAC, key term. No server is
asked unless -lookup is given. A local store, if there is one, checks the HMAC,
opens batch tokens that it made, and says how long a token has to live. A TOKEN
may be - for standard input or @FILE, many tokens, one a line; without an
argument, standard input is read. Accessors and wrapping tokens in the format
"jwt" are told apart. The exit status is 2 when a token is damaged.

  One token:

      $ {program} inspect @token.txt

  Every byte, and what a token of this type can do:

      $ {program} inspect -explain @token.txt

  Whether it still lives, and with which policies:

      $ {program} inspect -lookup -address=https://vault:8200 @token.txt

  Whether this store made it, told by the exit status:

      $ {program} inspect -verify -store=tokens.db @token.txt

  The WAL index, for a script:

      $ {program} inspect -field=wal_index - < token.txt

  Many, a line of JSON each:

      $ {program} inspect -format=ndjson - < tokens.txt

A server signs tokens with a key of its own, the 36 characters of a UUID. Root
can read it while the server's configuration has raw_storage_endpoint = true
(compressed=false: one in sixteen keys begins as compressed data would):

      $ umask 077
      $ path=sys/raw/core/index-header-hmac-key
      $ {program} read -field=value $path compressed=false > key
      $ {program} inspect -verify-key=key @token.txt

The keys that seal a server's batch tokens are those that encrypt its storage;
no endpoint shows them. What can be asked instead is the server: a -lookup that
is answered verifies a token, too. A store's keys stay in it: name the store.
)",
                           kTargetFlags | kRequestFlags | kFormatFlag | kFieldFlag,
                           make_command<Inspect>,
                           Values::token,
                           Values::token};

}  // namespace vtoken::cmd
