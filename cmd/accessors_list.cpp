#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cmd/accessor_order.hpp"
#include "cmd/accessor_rows.hpp"
#include "cmd/command.hpp"
#include "cmd/interrupts.hpp"
#include "cmd/plain.hpp"
#include "cmd/readable.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/sweep_flags.hpp"
#include "cmd/sweep_progress.hpp"
#include "sweep/scan.hpp"
#include "sweep/stop.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kPath = "auth/token/accessors";
constexpr std::string_view kDoing = "Error listing auth/token/accessors";
constexpr Nanoseconds kPatience = 30 * kSecond;
constexpr std::size_t kMostErrors = 10;  // that are told one by one

// Looks the accessors up and shows the tokens that are meant.
class Listing {
 public:
  struct Options {
    sweep::Filter filter = {};
    std::optional<KeyList> accessors = {};  // instead of the server's list
    std::optional<std::size_t> concurrency = {};
    int list_timeout = 0;  // seconds
    bool counts = false;   // whether to tell how many there are
  };

  Listing(Session& session, const Options& options, AccessorRows& rows, Interrupts& interrupts)
      : session_(session),
        options_(options),
        rows_(rows),
        clock_(session.context.services.clock),
        progress_(session.context.streams.err, clock_,
                  session.context.persona == Persona::vtoken ? progress_style(session.context) : ProgressStyle::none),
        dispatcher_(session.client.backend(), clock_,
                    {{.fixed = options.concurrency, .patience = kPatience},
                     session.target.kind == Target::Kind::store,
                     [&interrupts] { return interrupts.requested(); },
                     [this] { show_progress(); }}),
        caller_(session.client, clock_),
        scan_(session.client, clock_, dispatcher_, caller_, ledger_) {}

  int run() {
    const sweep::ScanSink sink{[this](std::uint32_t /*number*/, const sweep::TokenFacts& token,
                                      const Response& response) { return take(token, response); },
                               [this](std::uint32_t number, sweep::Outcome outcome, const std::string& error) {
                                 note(number, outcome, error);
                               }};
    const auto result = scan_.run(options_.accessors ? &*options_.accessors : nullptr, options_.list_timeout, sink);
    progress_.clear();
    if (!result) return session_.failed(kDoing, ApiFailure{result.error()});
    if (result->refusal && ledger_.size() == 0) return session_.failed(kDoing, *result->refusal);
    if (result->stop.early() && ledger_.size() == 0) return tell_end(kDoing, *result);
    const int shown = rows_.finish();
    if (errors_ > kMostErrors) {
      session_.output.error(fmt::format("… and {} more", grouped(errors_ - kMostErrors)));
    }
    if (options_.counts && !session_.context.common.quiet) session_.output.info(counted());
    const int ended = result->stop.early() ? tell_end("This is not all", *result) : kDone;
    return worse(worse(ended, status_), shown);
  }

 private:
  bool take(const sweep::TokenFacts& token, const Response& response) {
    if (!options_.filter.matches(token)) return true;
    ++matched_;
    progress_.clear();
    return rows_.take(token, response);
  }

  void note(std::uint32_t number, sweep::Outcome outcome, const std::string& error) {
    ledger_.settle(number, outcome);
    if (outcome == sweep::Outcome::gone) {
      ++gone_;
      return;
    }
    const Error failure{outcome == sweep::Outcome::denied ? ErrorKind::denied : ErrorKind::server, error, {}, {}};
    status_ = worse(status_, status_of(session_.context, failure));
    if (++errors_ > kMostErrors) return;
    progress_.clear();
    session_.output.error(fmt::format("Error looking up accessor {}: {}{}", readable(ledger_.accessor(number)),
                                      outcome == sweep::Outcome::dangling ? "dangling: " : "", readable(error)));
  }

  // "1,234 tokens, 1,200 shown".
  [[nodiscard]] std::string counted() const {
    std::string text = fmt::format("{}, {} shown", cmd::counted(ledger_.size() - gone_, "token"), grouped(matched_));
    if (errors_ > 0) text += fmt::format(", {} could not be looked up", grouped(errors_));
    return text;
  }

  int tell_end(std::string_view doing, const sweep::ScanResult& result) {
    const Error error{sweep::kind_of(result.ended), result.stop.problem, {}, result.stop.advice};
    static_cast<void>(session_.output.failure(doing, error));
    return status_of(session_.context, error);
  }

  void show_progress() {
    sweep::Progress progress;
    progress.round = 0;
    scan_.report(progress);
    progress.matched = matched_;
    progress.failed = errors_;
    progress.phase_started = started_;
    progress_.show(progress);
  }

  Session& session_;
  const Options& options_;
  AccessorRows& rows_;
  const Clock& clock_;
  Nanoseconds started_ = clock_.now();
  SweepProgress progress_;
  sweep::Ledger ledger_;
  sweep::Dispatcher dispatcher_;
  sweep::Caller caller_;
  sweep::Scan scan_;
  std::size_t matched_ = 0;
  std::size_t gone_ = 0;
  std::size_t errors_ = 0;
  int status_ = kDone;
};

class AccessorsList final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.text({"sort",
                "Look each up, and order by accessor, ttl, created, expires, display-name, path, policies, type or "
                "role; several are joined by commas, and a - in front reverses: -sort=-ttl.",
                "KEYS",
                {},
                false,
                Values::choice,
                "accessor ttl created expires display-name path policies type role"},
               sort_);
    flags.text({"group-by",
                "Count tokens by policy, role, path, display-name or type, largest first.",
                "KEY",
                {},
                false,
                Values::choice,
                "policy role path display-name type"},
               group_);
    chosen_.declare(flags);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 0, "0"); !checked) return tl::unexpected(checked.error());
    auto filter = chosen_.filter(context.services.clock.now());
    if (!filter) return tl::unexpected(filter.error());
    const bool counts = chosen_.given() || sort_ || group_;
    if (!counts && !context.common.detailed) return list_path(context, kPath, chosen_.list_timeout_seconds());
    if (auto read = read_order(); !read) return tl::unexpected(read.error());
    auto accessors = chosen_.accessors(context);
    if (!accessors) return tl::unexpected(accessors.error());
    Listing::Options options{std::move(*filter),
                             std::move(*accessors),
                             {},
                             chosen_.list_timeout_seconds(),
                             counts && context.format == Format::table};
    if (chosen_.concurrency) options.concurrency = static_cast<std::size_t>(*chosen_.concurrency);
    // Before libcurl may start a thread, which would take the signals.
    Interrupts interrupts;
    auto session = connect(context, kDoing, MissingStore::is_an_error, Retries::by_command);
    if (!session) return tl::unexpected(session.error());
    return list(**session, options, interrupts);
  }

 private:
  Result<void> read_order() {
    if (sort_ && group_) {
      return fail(ErrorKind::usage, "-sort orders tokens, and -group-by only counts them: leave one out");
    }
    if (sort_) {
      auto order = TokenOrder::parse(*sort_);
      if (!order) return tl::unexpected(order.error());
      order_ = std::move(*order);
    }
    if (group_) {
      const auto field = parse_group(*group_);
      if (!field) return tl::unexpected(field.error());
      field_ = *field;
    }
    return {};
  }

  int list(Session& session, const Listing::Options& options, Interrupts& interrupts) const {
    if (session.printing) {
      const auto printed = session.client.list_accessors([](std::string_view) { return true; });
      return printed ? kDone : session.failed(kDoing, printed.error());
    }
    // No row could be shown.
    if (const Format format = session.output.format(); format == Format::pretty || format == Format::raw) {
      return session.output.keys({}, {});
    }
    session.tell(chosen_.doubts());
    session.client.options().wrap_ttl.clear();
    const auto rows = field_ ? group_rows(session.output, *field_) : token_rows(session.output, order_);
    return worse(Listing(session, options, *rows, interrupts).run(), session.settled());
  }

  SweepFlags chosen_;
  std::optional<std::string> sort_, group_;
  std::optional<TokenOrder> order_;
  std::optional<TokenField> field_;
};

}  // namespace

const CommandInfo kAccessorsList{"accessors list",
                                 "List the accessors of all tokens, or of some",
                                 "accessors list [flags]",
                                 R"(Lists the accessors of all service tokens; needs sudo. With -detailed, -sort,
-group-by or a flag that chooses tokens each is looked up, many at once: its
name, type, time to live and policies are shown, and how many there are.
Different flags are joined by "and", one that is given again by "or".

      $ {program} accessors list
      $ {program} accessors list -detailed -format=ndjson | jq .display_name

  What there is, and what lives longest:

      $ {program} accessors list -group-by=policy
      $ {program} accessors list -sort=-ttl,path

  The tokens of some policies that were made today:

      $ {program} accessors list -policy='ci-*' -policy=app -created-after=24h

  Saved, and revoked later:

      $ {program} accessors list -role=deploy -format=ndjson > deploy.ndjson
      $ {program} accessors revoke -accessors-from=deploy.ndjson -role=deploy
)",
                                 kAskFlags | kFormatFlag | kDetailedFlag,
                                 make_command<AccessorsList>};

}  // namespace vtoken::cmd
