#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "cmd/background.hpp"
#include "cmd/command.hpp"
#include "cmd/creation_checks.hpp"
#include "cmd/run_lease.hpp"
#include "cmd/run_sink.hpp"
#include "cmd/run_token.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/subprocess.hpp"
#include "cmd/supervise.hpp"
#include "cmd/token_environment.hpp"

namespace vtoken::cmd {
namespace {

constexpr int kOwnFailure = 125;
constexpr Nanoseconds kAfterSignal = 2 * kSecond;  // for an answer that is on its way

// The command's environment: ours, but for what says which token is used, and where.
std::vector<SecretString> environment_of(const Session& session, const Auth& created) {
  const auto changes = token_environment(session.context, session.target, session.client.options().namespace_path,
                                         created.client_token.view());
  std::map<std::string, SecretString> merged;
  for (const auto& [name, value] : session.context.environment) merged.emplace(name, SecretString(value));
  for (const std::string& name : changes.unset) merged.erase(name);
  for (const auto& [name, value] : changes.set) merged.insert_or_assign(name, value);
  std::vector<SecretString> out;
  out.reserve(merged.size());
  for (const auto& [name, value] : merged) {
    SecretString& line = out.emplace_back(name);
    line += '=';
    line += value.view();
  }
  return out;
}

// What a shell, and a loop in one, waits for after the interrupt key: that the program ended by it.
void end_by_interrupt() {
  std::signal(SIGINT, SIG_DFL);
  sigset_t interrupt{};
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
  static_cast<void>(std::raise(SIGINT));
}

class Run final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.end_at_argument();
    flags.text({"sink",
                "Write the token to this file, too (0600), which is removed at the end.",
                "FILE",
                {},
                false,
                Values::file},
               sink_);
    flags.duration({"kill-after",
                    "Kill the command when it has not ended so long after a SIGTERM was passed on to it; otherwise it "
                    "is waited for.",
                    "DURATION"},
                   kill_after_);
    asked_.declare(flags);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    const auto status = begin(context, arguments);
    if (status) return *status;
    static_cast<void>(make_output(context).failure("", status.error()));
    return kOwnFailure;
  }

 private:
  // Reads and checks all that can be, before signals are taken: it may ask for a passphrase on the terminal.
  Result<int> begin(Context& context, const std::vector<std::string>& arguments) {
    if (auto checked = check(context, arguments); !checked) return tl::unexpected(checked.error());
    auto connected = connect(context, kCreating, MissingStore::is_made);
    if (!connected) return tl::unexpected(connected.error());
    const std::shared_ptr<Session> session = std::move(*connected);
    if (!session->client.options().wrap_ttl.empty()) {
      return fail(ErrorKind::refused,
                  "the command gets the token itself, which cannot be wrapped: leave out -wrap-ttl and VAULT_WRAP_TTL");
    }
    bool is_interrupted = false;
    int status = kOwnFailure;
    {
      SignalInbox inbox;
      if (!inbox.open()) return fail(ErrorKind::io, std::generic_category().message(errno));
      status = run_with_token(session, inbox, arguments, is_interrupted);
    }
    if (is_interrupted) end_by_interrupt();
    return status;
  }

  Result<void> check(const Context& context, const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
      return fail(ErrorKind::usage, "there is no command to run: give one behind --");
    }
    if (auto settled = asked_.settle(context); !settled) return settled;
    if (context.common.exit_codes) {
      return fail(ErrorKind::usage, "-exit-codes is of no use here: the exit status is the command's");
    }
    if (kill_after_ && *kill_after_ < 0) return fail(ErrorKind::usage, "-kill-after cannot be less than nothing");
    return {};
  }

  // Makes the token, and says what is to be said; in a thread, so that a signal need not wait for a slow server.
  // Nothing when there is none, or a signal came; `status` is what to end with then.
  std::optional<Auth> make(const std::shared_ptr<Session>& session, SignalInbox& inbox, int& status) const {
    struct Making {
      std::optional<Auth> created = {};
      int status = kOwnFailure;
    };
    const auto making = std::make_shared<Making>();
    auto thread = Background::start(
        [making, session, asked = asked_] { making->created = asked.make(*session, making->status); });
    if (!thread) {
      session->output.error(thread.error().text());
      return std::nullopt;
    }
    const Awaited awaited = await(*thread, inbox, {}, kAfterSignal);
    if (awaited.done) status = making->status;
    if (awaited.signal != 0) status = 128 + awaited.signal;
    if (awaited.done) return std::move(making->created);
    session->output.warn("Warning: there was no answer yet: a token may be made, which ends by itself.");
    return std::nullopt;
  }

  int run_with_token(const std::shared_ptr<Session>& session, SignalInbox& inbox,
                     const std::vector<std::string>& arguments, bool& is_interrupted) {
    int status = kOwnFailure;
    auto created = make(session, inbox, status);
    if (!created) return status;
    RunLease lease(*session, inbox, std::move(*created));
    if (status != kOwnFailure) return status;  // a signal came before the command was started
    if (session->settled() != kDone) {
      session->output.error("The command was not run, as there are warnings (-fail-on-warning).");
      return kOwnFailure;
    }
    if (const auto begun = lease.begin(); !begun) {
      static_cast<void>(session->output.failure("", begun.error()));
      return kOwnFailure;
    }
    std::optional<TokenSink> sink;
    if (sink_) {
      auto written = TokenSink::write(*sink_, lease.created().client_token.view());
      if (!written) {
        static_cast<void>(session->output.failure("-sink", written.error()));
        return kOwnFailure;
      }
      sink.emplace(std::move(*written));
    }
    const auto started = start(*session, inbox, arguments, lease.created());
    if (started.error != 0) {
      session->output.error(fmt::format("{}: {}", arguments.front(), std::generic_category().message(started.error)));
      return started.exit_status();
    }
    Supervision supervision;
    if (kill_after_ && *kill_after_ > 0) supervision.kill_after = kill_after_;
    supervision.news = lease.news();
    supervision.on_news = [&lease] { lease.tell_news(); };
    const SupervisedEnd end = supervise(started.process, inbox, supervision);
    sink.reset();
    lease.end();
    is_interrupted = end.interrupted;
    return shell_status(end.wait_status);
  }

  static StartedProgram start(const Session& session, const SignalInbox& inbox,
                              const std::vector<std::string>& arguments, const Auth& created) {
    Program program;
    program.words = arguments;
    program.environment = environment_of(session, created);
    if (const auto path = read_own_variable(session.context, "PATH")) program.path = path->value;
    program.blocked = inbox.blocked_before();
    program.inherited = session.context.services.inherited;
    return start_program(std::move(program));
  }

  RunToken asked_;
  std::optional<std::string> sink_;
  std::optional<Nanoseconds> kill_after_;
};

}  // namespace

const CommandInfo kRun{"run",
                       "Run a command with a token of its own",
                       "run [flags] [--] COMMAND [ARGUMENT...]",
                       R"(Makes a token, and runs a command that has it in VAULT_TOKEN, beside the address
in VAULT_ADDR. The token is a child of the one that you ask with, and is made by
the flags of `create`. It lives for 5 minutes unless -ttl says otherwise, is
renewed while the command runs, and is revoked when the command ends, however it
ends. Flags end at the command's name: what follows is the command's.

Signals are passed on to the command. The exit status is the command's; 128 and
the signal's number when a signal killed it; 127 when there is no such command,
126 when it cannot be run, and 125 when {program} itself failed.

  A deployment with a token for it alone:

      $ {program} run -policy=deploy -- ./deploy.sh staging

  For a program that reads its token from a file:

      $ {program} run -policy=app -sink=/run/app/token -- app --listen :8080

  A batch token, which nobody can renew or revoke, for a build of 20 minutes:

      $ {program} run -type=batch -ttl=20m -policy=ci -- make test
)",
                       kAskFlags,
                       make_command<Run>,
                       Values::command,
                       Values::any,
                       kOwnFailure};

}  // namespace vtoken::cmd
