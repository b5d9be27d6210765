#include "cmd/passphrase.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ostream>

#include "cmd/inputs.hpp"
#include "store/store_file.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr char kInterrupt = 3;  // Ctrl-C

// A terminal without echo. Signals that stop or end the program wait until the echo is back.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    sigset_t stops{};
    sigemptyset(&stops);
    for (const int number : {SIGINT, SIGQUIT, SIGTSTP, SIGTERM, SIGHUP}) sigaddset(&stops, number);
    ::pthread_sigmask(SIG_BLOCK, &stops, &signals_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    quiet.c_lflag |= ECHONL;
    quiet.c_cc[VEOL] = kInterrupt;  // Ctrl-C ends the line, and is then told apart
    ok_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (ok_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    ::pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
    ::close(terminal_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  int terminal_;
  termios before_{};
  sigset_t signals_{};
  bool ok_ = false;
};

// One line, or nothing when it was broken off (Ctrl-C, Ctrl-D) or is too long.
std::optional<SecretString> read_line(int terminal) {
  SecretString line;
  line.reserve(kLongest);
  char c = 0;
  while (line.size() < kLongest) {
    const ssize_t got = ::read(terminal, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == kInterrupt) return std::nullopt;
    if (c == '\n' || c == '\r') return line;
    line.push_back(c);
  }
  return std::nullopt;
}

}  // namespace

Result<SecretString> ask_passphrase(const Context& context, std::string_view prompt) {
  const int terminal =
      context.streams.in_is_terminal && !context.common.non_interactive ? ::open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
  if (terminal < 0) {
    return fail(ErrorKind::usage, "there is no terminal to ask for the passphrase on; give it with -passphrase-file");
  }
  const QuietTerminal quiet(terminal);
  if (!quiet.ok()) return fail(ErrorKind::io, "the terminal cannot be kept from showing the passphrase");
  context.streams.err << prompt << ": " << std::flush;
  auto line = read_line(terminal);
  if (!line || line->empty()) return fail(ErrorKind::usage, "no passphrase was given");
  return std::move(*line);
}

Result<SecretString> ask_new_passphrase(const Context& context) {
  auto first = ask_passphrase(context, "New passphrase");
  if (!first) return first;
  auto second = ask_passphrase(context, "The same again");
  if (!second) return second;
  if (!equal_secrets(first->view(), second->view())) return fail(ErrorKind::usage, "the two passphrases differ");
  return first;
}

Result<SecretString> read_passphrase(const Context& context, const std::string& file) {
  auto text = read_secret_file(context, file);
  if (!text) return text;
  trim_end(*text);
  if (text->empty()) return fail(ErrorKind::usage, "the passphrase is empty", file);
  return text;
}

Result<void> complete_unlock(const Context& context, Target& target) {
  if (target.kind != Target::Kind::store || target.unlock.key_file || target.unlock.passphrase) return {};
  if (!context.streams.in_is_terminal || context.common.non_interactive) return {};
  const auto kind = store::lock_kind(target.path);
  // What keeps the store from being looked at is said by whoever opens it.
  if (!kind || *kind != store::LockKind::passphrase) return {};
  auto passphrase = ask_passphrase(context, "Passphrase of " + target.path);
  if (!passphrase) return tl::unexpected(passphrase.error());
  target.unlock.passphrase = std::move(*passphrase);
  return {};
}

}  // namespace vtoken::cmd
