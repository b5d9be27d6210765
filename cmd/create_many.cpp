#include "cmd/create_many.hpp"

#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.hpp"
#include "cmd/created_rows.hpp"
#include "cmd/creation_checks.hpp"
#include "cmd/interrupts.hpp"
#include "cmd/readable.hpp"
#include "cmd/session.hpp"
#include "cmd/shell_word.hpp"
#include "cmd/status.hpp"
#include "core/display_name.hpp"
#include "core/glance.hpp"
#include "core/retrying_backend.hpp"
#include "core/surprise.hpp"
#include "sweep/dispatch.hpp"
#include "sweep/stop.hpp"

namespace vtoken::cmd {
namespace {

constexpr Nanoseconds kFirstPatience = 5 * kSecond;  // for the first token
constexpr Nanoseconds kPatience = 60 * kSecond;      // once tokens were made
constexpr std::size_t kMostWarnings = 20;            // that are told
constexpr Nanoseconds kLookAgain = kSecond / 50;     // for signals
constexpr std::size_t kLookEvery = 64;               // tokens of a store, between looks at the clock and at signals

class Making {
 public:
  Making(Session& session, const CreationFlags& flags, std::size_t count, Interrupts& interrupts)
      : session_(session),
        flags_(flags),
        count_(count),
        interrupts_(interrupts),
        clock_(session.context.services.clock),
        started_(clock_.now()),
        request_(session.client.create_request(flags.create)),
        rows_(session) {}

  int run() {
    const bool more = !sends_one_first() || first_alone();
    if (more && made_ < count_) {
      is_store() ? in_store() : static_cast<void>(on_server(count_ - made_, kPatience));
    }
    rows_.finish();
    return told();
  }

  [[nodiscard]] bool reader_gone() const noexcept { return rows_.reader_gone(); }

 private:
  [[nodiscard]] bool is_store() const { return session_.target.kind == Target::Kind::store; }

  // What is wrong with one token is wrong with all. A store tells after its one transaction, which is too late for what
  // depends on the answer.
  [[nodiscard]] bool sends_one_first() const {
    if (!is_store() || flags_.require_policies) return true;
    const auto& field = session_.context.common.field;
    return field && *field != (request_.wrap_ttl.empty() ? "token" : "wrapping_token");
  }

  bool first_alone() {
    if (!is_store()) return on_server(1, kFirstPatience);
    return take(session_.client.backend().handle(request_));
  }

  // A system call, so not for each request.
  int interrupts() {
    const Nanoseconds now = clock_.now();
    if (now - looked_ >= kLookAgain || now < looked_) {
      looked_ = now;
      interrupted_ = interrupts_.requested();
    }
    return interrupted_;
  }

  bool on_server(std::size_t wanted, Nanoseconds patience) {
    sweep::Dispatcher dispatcher(session_.client.backend(), clock_,
                                 {.pace = {.patience = patience},
                                  .interrupts = [this] { return interrupts(); },
                                  .tick = [this] { rows_.tick(clock_.now()); },
                                  .repeatable = may_ask_again});
    std::size_t taken = 0;
    std::size_t answered = 0;
    const auto next = [&]() -> sweep::Work {
      if (taken == wanted) return tl::unexpected(sweep::NoWork::done);
      return static_cast<std::uint32_t>(taken++);
    };
    auto ended = dispatcher.run(
        next, [this](std::uint32_t /*work*/) { return Offer(request_); },
        [&](const sweep::Answered& one) {
          ++answered;
          return take(one.response);
        });
    unknown_ += taken - answered;
    if (!ended) failure_ = failure_.value_or(ApiFailure{std::move(ended.error())});
    if (ended && ended->why != sweep::Ended::Why::done && ended->why != sweep::Ended::Why::stopped) {
      const sweep::Stop stop = stop_of(*ended);
      if (!failure_) failure_ = ApiFailure{Error{sweep::kind_of(*ended), stop.problem, {}, stop.advice}};
    }
    return !failure_ && status_ == kDone && !rows_.broken();
  }

  void in_store() {
    const std::size_t wanted = count_ - made_;
    std::size_t given = 0;
    bool interrupted = false;
    const auto source = [&]() -> Offer {
      if (given % kLookEvery == 0 && interrupts_.requested() > 0) {
        interrupted = true;
        return Offer::stop();
      }
      return given++ < wanted ? Offer(request_) : Offer(std::nullopt);
    };
    // What a transaction made is made, whether it is looked at or not.
    bool enough = false;
    const auto sink = [&](std::size_t index, const Result<Response>& response) {
      if (enough) {
        if (response && response->status == 200) ++made_;
        return true;
      }
      if (index % kLookEvery == 0) {
        rows_.tick(clock_.now());
        interrupted = interrupted || interrupts_.requested() > 0;
      }
      if (take(response) && !interrupted) return true;
      enough = true;
      return !is_batch() || !request_.wrap_ttl.empty();
    };
    if (const auto done = session_.client.backend().submit(source, sink); !done && !failure_) {
      failure_ = ApiFailure{done.error()};
    }
    if (interrupted && !failure_) failure_ = ApiFailure{Error{ErrorKind::server, "it was interrupted", {}, {}}};
  }

  bool take(const Result<Response>& response) {
    if (first_ && response && rows_.takes_glances()) {
      const auto glance = glance_at_token(*response);
      if (glance && rows_.add(*glance)) {
        ++made_;
        return !rows_.broken();
      }
    }
    auto answer = read_api_answer(request_, response);
    if (!answer) {
      if (!response || response->status >= 500) ++unknown_;
      if (!failure_) failure_ = std::move(answer.error());
      return false;
    }
    if (flags_.require_policies && lacks_policy(*answer) && (!is_store() || made_ == 0)) {
      status_ = take_back(session_, *answer);
      return false;
    }
    ++made_;
    tell_warnings(*answer);
    if (const int status = rows_.add(*answer); status != kDone) status_ = worse(status_, status);
    if (!first_) first_ = std::move(*answer);
    return status_ == kDone && !rows_.broken();
  }

  // Each text once.
  void tell_warnings(const Answer& answer) {
    if (!answer.warnings || answer.warnings->empty()) return;
    session_.warned = true;
    std::vector<std::string> fresh;
    for (const std::string& warning : *answer.warnings) {
      if (warnings_.size() < kMostWarnings && warnings_.insert(warning).second) fresh.push_back(warning);
    }
    if (!session_.context.common.quiet) session_.output.warnings(fresh);
  }

  int told() {
    const bool all = made_ == count_ && !failure_ && status_ == kDone && !rows_.broken();
    if (failure_) status_ = worse(status_, session_.failed(kCreating, *failure_));
    if (!all) status_ = worse(status_, kFailed);
    if (!all && made_ + unknown_ > 0) tell_part();
    if (first_ && !failure_ && !rows_.broken()) tell_surprises(session_, flags_.create, *first_);
    return worse(status_, session_.settled());
  }

  // What there is now, and how to be rid of it.
  void tell_part() {
    const bool quiet = session_.context.common.quiet;
    const bool batch = is_batch();
    // Whoever reads no further wants no more: nothing is left behind that could be ended.
    if (rows_.reader_gone() && (batch || quiet)) return;
    std::string text = fmt::format("{} of {} tokens were made", grouped(made_), grouped(count_));
    if (session_.context.common.output_file) {
      text += ", and -output-file was not written";
    } else if (rows_.broken()) {
      text += fmt::format(", and standard output took no more than {}", grouped(rows_.written()));
    } else if (rows_.written() < made_) {
      text += fmt::format(", and {} of them shown", grouped(rows_.written()));
    }
    if (unknown_ > 0) text += fmt::format("; {} more may have been, whose answers did not come", grouped(unknown_));
    session_.output.error(text + ".");
    if (quiet) return;
    session_.output.info(batch ? "Batch tokens cannot be revoked: these end by themselves."
                               : fmt::format("To find them, with others made since: `{} {}`; `{}` with the same flags "
                                             "revokes them.",
                                             session_.context.invocation("accessors list"), filters(),
                                             session_.context.invocation("accessors revoke")));
  }

  [[nodiscard]] bool is_batch() const {
    if (first_ && first_->auth) return first_->auth->token_type == "batch";
    return flags_.create.type == "batch";
  }

  // Flags that choose the tokens that were made.
  [[nodiscard]] std::string filters() const {
    std::string text =
        flags_.create.role.empty() ? "-path=auth/token/create" : "-role=" + shell_word(flags_.create.role);
    text += " -created-after=" + format_time(started_ / kSecond * kSecond);
    if (flags_.create.display_name) {
      text += " -display-name=" + shell_word(served_display_name(*flags_.create.display_name));
    }
    return text;
  }

  Session& session_;
  const CreationFlags& flags_;
  const std::size_t count_;
  Interrupts& interrupts_;
  Nanoseconds looked_ = 0;
  int interrupted_ = 0;
  const Clock& clock_;
  const Nanoseconds started_;
  const Request request_;
  CreatedRows rows_;
  std::size_t made_ = 0;
  std::size_t unknown_ = 0;  // requests without an answer that may have made a token
  int status_ = kDone;
  std::optional<Answer> first_;
  std::optional<ApiFailure> failure_;
  std::set<std::string> warnings_;
};

Result<int> create(const Context& context, const CreationFlags& flags, std::size_t count, Interrupts& interrupts,
                   bool& reader_gone) {
  auto connected = connect(context, kCreating, MissingStore::is_made, Retries::by_command);
  if (!connected) return tl::unexpected(connected.error());
  Session& session = **connected;
  session.tell(doubtful_policies(flags.create));
  if (session.printing) {
    const auto printed = session.client.create(flags.create);
    return printed ? kDone : session.failed(kCreating, printed.error());
  }
  if (flags.require_policies) {
    if (const std::string missing = missing_policy(session, flags.create); !missing.empty()) {
      return refuse_policy(session, missing);
    }
  }
  Making making(session, flags, count, interrupts);
  const int status = making.run();
  reader_gone = making.reader_gone();
  return status;
}

}  // namespace

Result<int> create_many(const Context& context, const CreationFlags& flags, std::size_t count) {
  bool reader_gone = false;
  Result<int> status = kDone;
  {
    // Before libcurl may start a thread, which would take the signals.
    Interrupts interrupts;
    status = create(context, flags, count, interrupts, reader_gone);
  }
  // As a program ends that does not look.
  if (reader_gone) static_cast<void>(std::raise(SIGPIPE));
  return status;
}

}  // namespace vtoken::cmd
