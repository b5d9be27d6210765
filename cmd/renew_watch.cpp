#include "cmd/renew_watch.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"
#include "base/duration.hpp"
#include "cmd/failure_line.hpp"
#include "cmd/interrupts.hpp"
#include "cmd/noting_backend.hpp"
#include "cmd/on_end.hpp"
#include "cmd/renew_watch_text.hpp"
#include "cmd/reopening_backend.hpp"
#include "cmd/status.hpp"
#include "cmd/systemd_notify.hpp"
#include "renewal/wait.hpp"

namespace vtoken::cmd {
namespace {

using renewal::End;
using renewal::Event;
using renewal::Outcome;

constexpr std::string_view kDoing = "Error renewing token";

bool is_pending(int signal) {
  sigset_t pending{};
  return ::sigpending(&pending) == 0 && sigismember(&pending, signal) == 1;
}

// What one run of the watch prints, tells systemd and waits with.
class Watch {
 public:
  Watch(Session& session, const WatchFlags& flags, const SecretString& token, std::optional<Nanoseconds> increment)
      : session_(session), flags_(flags), token_(token), increment_(increment), notify_(session.context.environment) {}

  [[nodiscard]] Result<int> run(renewal::Subject subject) {
    const auto own = session_.target.kind == Target::Kind::store ? reopening() : nullptr;
    TokenClient client(own ? *own : *session_.backend, session_.client.options());
    renewal::Settings settings;
    settings.increment = increment_;
    settings.look_first = !session_.context.common.quiet;
    settings.longest_request = longest_request();
    renewal::Keeper keeper(client, std::move(subject), settings,
                           {.wait = [this](Nanoseconds length) { return wait(length); }});
    keeper.on_event([this](const Event& event) { show(event); });
    return finish(keeper.run());
  }

 private:
  // A store may be replaced meanwhile, and is not kept open for hours.
  [[nodiscard]] std::unique_ptr<Backend> reopening() const {
    const auto open = [this] { return session_.context.services.open_backend(session_.target); };
    std::unique_ptr<Backend> backend = std::make_unique<ReopeningBackend>(open, session_.backend->address());
    if (!session_.context.common.verbose) return backend;
    return noting_backend(std::move(backend), session_.context.streams.err);
  }

  // As the settings say, and no longer than systemd waits for a sign of life.
  [[nodiscard]] int longest_request() const {
    const auto set = std::chrono::ceil<std::chrono::seconds>(session_.target.server.timeout).count();
    const int longest = static_cast<int>(std::min<std::int64_t>(set, 3600));
    if (!notify_.watchdog()) return longest;
    const int watched = static_cast<int>(std::clamp<Nanoseconds>(*notify_.watchdog() / kSecond, 1, 3600));
    return longest == 0 ? watched : std::min(longest, watched);
  }

  [[nodiscard]] Nanoseconds now() const { return session_.context.services.clock.now(); }
  [[nodiscard]] bool as_ndjson() const { return session_.context.format == Format::ndjson; }

  void say(std::string_view text) {
    if (session_.context.common.quiet || as_ndjson()) return;
    session_.output.info(fmt::format("{} {}", format_time(now() / kSecond * kSecond), text));
  }

  void show(const Event& event) {
    const std::string line = event_line(event, now(), token_.view());
    if (event.kind == Event::Kind::failed) {
      notify_.status(line);
    } else {
      notify_.working(line);
    }
    if (as_ndjson()) return print(event_json(event, now(), token_.view()));
    if (event.kind == Event::Kind::last) return session_.tell({line});
    say(line + ".");
    std::vector<std::string> warnings = event_warnings(event, increment_);
    // What is said after each renewal in the same words is no news.
    if (event.kind == Event::Kind::renewed && warnings != std::exchange(warned_, warnings)) session_.tell(warnings);
  }

  void print(const SecretString& line) {
    session_.context.streams.out << line.view() << '\n' << std::flush;
    // Nobody reads any more: end as a program does that writes into a closed pipe.
    if (!session_.context.streams.out) gone_ = true;
  }

  // Signals are looked at while nothing is asked only: a request under way ends with the program.
  bool wait(Nanoseconds length) {
    Interrupts interrupts;
    const Nanoseconds until = renewal::boot_time() + length;
    while (!gone_) {
      const Nanoseconds left = until - renewal::boot_time();
      if (left <= 0) break;
      notify_.alive();
      const Descriptor timer(renewal::open_timer(std::min(left, notify_.watchdog().value_or(left))));
      std::array<pollfd, 2> watched = {pollfd{interrupts.descriptor(), POLLIN, 0}, pollfd{timer.number(), POLLIN, 0}};
      ::poll(watched.data(), watched.size(), timer.open() ? -1 : 100);
      if (watched[0].revents != 0) return stop(interrupts);
    }
    notify_.alive();
    return !gone_;
  }

  // The signal ends the program when `interrupts` ends, unless it is taken here.
  bool stop(Interrupts& interrupts) {
    notify_.stopping("Stopped by a signal");
    if (as_ndjson()) print(end_json({}, now(), token_.view()));
    session_.context.streams.err.flush();
    if (notify_.active() && is_pending(SIGTERM)) static_cast<void>(interrupts.requested());
    return false;
  }

  [[nodiscard]] Result<int> finish(const Outcome& outcome) {
    if (outcome.end == End::stopped) return gone_ ? kFailed : kDone;
    if (outcome.end == End::endless) return fail(ErrorKind::refused, "the token never ends: there is nothing to renew");
    const std::string line = end_line(outcome, now());
    notify_.stopping(line);
    if (as_ndjson()) print(end_json(outcome, now(), token_.view()));
    const bool limited = outcome.end == End::maximum || outcome.end == End::not_renewable;
    if (limited && !session_.context.common.quiet && !as_ndjson()) {
      session_.output.warn(fmt::format("Warning: {}", line));
    } else if (!limited && !line.empty()) {
      session_.output.error(line);
    }
    const int failed = outcome.failure ? session_.failed(kDoing, *outcome.failure) : kFailed;
    const int status = limited ? int{kNo} : failed;
    if (flags_.on_end) run_end_command(outcome);
    return status;
  }

  void run_end_command(const Outcome& outcome) {
    Environment environment = without_notification(session_.context.environment);
    environment["VTOKEN_END"] = name_of(outcome.end);
    environment["VTOKEN_TTL"] = outcome.left < 0 ? "" : fmt::format("{}", outcome.left / kSecond);
    environment["VTOKEN_ACCESSOR"] = outcome.accessor;
    environment["VTOKEN_ERROR"] = outcome.failure ? failure_line(*outcome.failure, token_.view()) : "";
    session_.context.streams.out.flush();
    session_.context.streams.err.flush();
    const auto ended = run_on_end(*flags_.on_end, environment);
    if (!ended) {
      session_.output.error(fmt::format("The command of -on-end could not be started: {}", ended.error().text()));
    } else if (!ended->empty()) {
      session_.output.error(fmt::format("The command of -on-end ended with {}.", *ended));
    }
  }

  Session& session_;
  const WatchFlags& flags_;
  const SecretString& token_;
  const std::optional<Nanoseconds> increment_;
  SystemdNotify notify_;
  std::vector<std::string> warned_ = {};
  bool gone_ = false;
};

}  // namespace

void WatchFlags::declare(FlagSet& flags) {
  flags.boolean({"watch",
                 "Renew again and again, at half of the token's time to live, until nothing extends it any more; then "
                 "the exit status is 3."},
                watch);
  flags.text({"on-end",
              "With -watch: run this command with sh when the watch ends by itself, a tenth of the token's time before "
              "its end or after failures. VTOKEN_END says why.",
              "COMMAND"},
             on_end);
}

Result<void> WatchFlags::check(const Context& context) const {
  const auto usage = [](std::string text) { return fail(ErrorKind::usage, std::move(text)); };
  if (on_end && !watch) return usage("-on-end needs -watch");
  if (!watch) return {};
  if (context.common.field) return usage("-watch and -field do not go together: there is no one answer");
  if (context.common.output_file) return usage("-watch and -output-file do not go together: there is no one answer");
  if (context.common.format && context.format != Format::table && context.format != Format::ndjson) {
    return usage("-watch prints lines for people, or with -format=ndjson an event a line");
  }
  if (on_end && on_end->empty()) return usage("-on-end needs a command");
  return {};
}

Result<int> watch_renewals(Session& session, const WatchFlags& flags, renewal::Subject subject,
                           std::optional<Nanoseconds> increment) {
  if (!session.client.options().wrap_ttl.empty()) {
    return fail(ErrorKind::usage, "-watch and -wrap-ttl do not go together: a wrapped answer cannot be read");
  }
  const SecretString token = subject.kind == renewal::Subject::Kind::self ? session.caller.token : subject.text;
  return Watch(session, flags, token, increment).run(std::move(subject));
}

}  // namespace vtoken::cmd
