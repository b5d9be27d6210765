// `accessors revoke`: by accessors as arguments, or by what the tokens are (a sweep).
#include <fmt/format.h>

#include <optional>

#include "cmd/command.hpp"
#include "cmd/confirm.hpp"
#include "cmd/inputs.hpp"
#include "cmd/interrupts.hpp"
#include "cmd/many.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/sweep_flags.hpp"
#include "cmd/sweep_journal.hpp"
#include "cmd/sweep_progress.hpp"
#include "cmd/sweep_report.hpp"
#include "sweep/sweep.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error revoking tokens";
constexpr std::int64_t kMostRounds = 1000;

class AccessorsRevoke final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.group("Which tokens");
    chosen_.declare(flags);
    flags.group("How");
    flags.boolean({"yes", "Do not ask: revoke what is found."}, yes_);
    flags.boolean({"dry-run", "Show what would be revoked, and revoke nothing."}, dry_run_);
    flags.boolean({"include-self", "Revoke the token in use and its ancestors too, last of all."}, include_self_);
    flags.boolean({"include-root", "Revoke root tokens too, after all others."}, include_root_);
    flags.integer({"max", "Revoke nothing when more than so many tokens are found.", "N"}, max_);
    flags.integer({"rounds", "How often to revoke and list again before giving up on new ones; 5 unless given.", "N"},
                  rounds_);
    flags.boolean({"verify", "Look each revoked token up once more."}, verify_);
    flags.text({"journal", "Note in this file what is to be revoked and what was.", "FILE", {}, false, Values::file},
               journal_);
    flags.boolean({"resume", "Go on with the sweep that the journal tells of."}, resume_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (!arguments.empty()) return revoke_given(context, arguments);
    if (auto checked = check(context); !checked) return tl::unexpected(checked.error());
    return run_sweep(context);
  }

 private:
  Result<int> revoke_given(Context& context, const std::vector<std::string>& arguments) const {
    if (chosen_.given() || resume_ || journal_) {
      return fail(ErrorKind::usage,
                  "accessors as arguments and flags that choose tokens do not go together; "
                  "-accessors-from=FILE takes accessors beside other flags");
    }
    const auto items = expand_arguments(context, arguments);
    if (!items) return tl::unexpected(items.error());
    auto session = connect(context, "Error revoking token");
    if (!session) return tl::unexpected(session.error());
    TokenClient& client = (*session)->client;
    return revoke_each(**session, *items, Item::accessor,
                       [&](std::string_view item) { return client.accessor_request("revoke-accessor", item); });
  }

  [[nodiscard]] Result<void> check(const Context& context) const {
    const auto usage = [](std::string text) { return fail(ErrorKind::usage, std::move(text)); };
    if (!chosen_.given() && !resume_) {
      return usage("which tokens? Give accessors, or flags such as -policy=NAME; -all means every token");
    }
    if (context.common.output_curl_string || context.common.output_policy) {
      return usage("what a sweep asks depends on the answers: -output-curl-string and -output-policy cannot show it");
    }
    if (resume_ && !journal_) return usage("-resume needs -journal=FILE, the journal to go on with");
    if (resume_ && dry_run_) return usage("-resume and -dry-run do not go together");
    if (journal_ && dry_run_) return usage("-journal and -dry-run do not go together: nothing is revoked");
    if (max_ && *max_ < 0) return usage("-max is a number of tokens: 0 or more");
    if (rounds_ && (*rounds_ < 1 || *rounds_ > kMostRounds)) return usage("-rounds is between 1 and 1000");
    if (!yes_ && !dry_run_ && !context.streams.in_is_terminal) {
      return usage("nobody can be asked here: -yes revokes without asking, -dry-run shows what would be revoked");
    }
    if (!yes_ && !dry_run_ && chosen_.accessors_from == "-") {
      return usage("standard input cannot both hold accessors and answer: add -yes, or give a file");
    }
    return {};
  }

  [[nodiscard]] sweep::SweepOptions options(const Session& session, SweepJournal& journal) const {
    sweep::SweepOptions options;
    options.filter = journal.filter;
    options.accessors = journal.accessors ? &*journal.accessors : nullptr;
    options.dry_run = dry_run_;
    options.include_self = include_self_;
    options.include_root = include_root_;
    options.verify = verify_;
    options.rounds = static_cast<int>(rounds_.value_or(options.rounds));
    if (max_) options.max = static_cast<std::size_t>(*max_);
    options.list_timeout = chosen_.list_timeout_seconds();
    if (chosen_.concurrency) options.pace.fixed = static_cast<std::size_t>(*chosen_.concurrency);
    options.is_store = session.target.kind == Target::Kind::store;
    options.journal = journal.journal ? &*journal.journal : nullptr;
    options.past = journal.past ? &*journal.past : nullptr;
    options.only_past = journal.only_past;
    return options;
  }

  Result<int> run_sweep(Context& context) const {
    const auto filter = chosen_.filter(context.services.clock.now());
    if (!filter) return tl::unexpected(filter.error());
    auto accessors = chosen_.accessors(context);
    if (!accessors) return tl::unexpected(accessors.error());
    // Before libcurl may start a thread, which would take the signals.
    Interrupts interrupts;
    auto session = connect(context, kDoing, MissingStore::is_an_error, Retries::by_command);
    if (!session) return tl::unexpected(session.error());
    if ((*session)->target.unnamed) {
      return fail(ErrorKind::usage,
                  fmt::format("name what to sweep: -address=URL, or -store={}", (*session)->target.path));
    }
    (*session)->client.options().wrap_ttl.clear();
    auto journal = open_sweep_journal(**session, {journal_, resume_, chosen_.given(), *filter, std::move(*accessors)});
    if (!journal) return tl::unexpected(journal.error());
    return sweep(**session, *journal, interrupts);
  }

  Result<int> sweep(Session& session, SweepJournal& journal, Interrupts& interrupts) const {
    const Context& context = session.context;
    SweepReport report(session, journal.filter, journal.path);
    report.doubts(chosen_.doubts());
    SweepProgress progress(context.streams.err, context.services.clock, progress_style(context));
    sweep::SweepEvents events;
    events.met = [&](const sweep::CallerFacts& caller) { report.begin(caller); };
    events.plan = [&](const sweep::Plan& plan) {
      progress.finish();
      report.plan(plan, !yes_ && !dry_run_);
    };
    events.confirm = [&](const sweep::Plan& plan) -> Result<bool> {
      return yes_ || plan.total == 0 ? true : confirm(context, SweepReport::question(plan));
    };
    events.settled = [&](const sweep::Settled& settled) {
      if (context.streams.out_is_terminal) progress.clear();
      report.settled(settled);
    };
    events.progress = [&](const sweep::Progress& state) { progress.show(state); };
    events.interrupts = [&] { return interrupts.requested(); };
    const auto summary = sweep::sweep(session.client, context.services.clock, options(session, journal), events);
    progress.finish();
    if (!summary) {
      journal.discard();
      if (exit_status(summary.error().error) == kUsage) return tl::unexpected(summary.error().error);
      return session.failed(kDoing, summary.error());
    }
    return report.finish(*summary, dry_run_);
  }

  SweepFlags chosen_;
  bool yes_ = false;
  bool dry_run_ = false;
  bool include_self_ = false;
  bool include_root_ = false;
  bool verify_ = false;
  bool resume_ = false;
  std::optional<std::int64_t> max_, rounds_;
  std::optional<std::string> journal_;
};

}  // namespace

const CommandInfo kAccessorsRevoke{"accessors revoke",
                                   "End tokens by their accessors, or by what they are",
                                   "accessors revoke [flags] ACCESSOR… | FILTERS",
                                   R"(Revokes the tokens that accessors stand for, and what was made with them. An
ACCESSOR may be - for standard input or @FILE, with an accessor a line. One
whose token is gone already counts as done.

With flags that choose tokens it lists and looks up all accessors, shows what
it found, asks, and revokes; then it lists again, until none is left. Different
flags are joined by "and"; a flag given twice means any of its values. The
token in use, its ancestors where they are known, and root tokens are spared.
The exit status is 0 only when nothing that was meant is left.

      $ {program} accessors revoke 2Szvb6bbFGqnKREqDJCFZ7cq
      $ {program} accessors revoke @leaked.txt

  All tokens of a policy; first only look:

      $ {program} accessors revoke -policy=ci-* -dry-run
      $ {program} accessors revoke -policy=ci-* -journal=ci.journal

  In a script, and going on after it was cut off:

      $ {program} accessors revoke -path=auth/userpass/* -yes -verify \
            -journal=ann.journal -format=ndjson
      $ {program} accessors revoke -journal=ann.journal -resume -yes

Ctrl-C ends it in order: revocations under way are waited for, up to 5
seconds, and what was done and what is left is said; a second Ctrl-C ends it
at once. Outcomes: revoked, gone (it had ended already), dangling (listed, but
no token that anybody can use), denied, failed, spared, would-revoke.
)",
                                   kAskFlags | kFormatFlag,
                                   make_command<AccessorsRevoke>,
                                   Values::accessor,
                                   Values::accessor};

}  // namespace vtoken::cmd
