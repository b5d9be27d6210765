#include "cmd/confirm.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <istream>
#include <ostream>

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "cmd/interrupts.hpp"

namespace vtoken::cmd {
namespace {

// Standard error is a file: the question is in there, and the one who is to answer sees it too.
void show_on_terminal(std::string_view prompt) {
  const Descriptor terminal(::open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (terminal.open()) static_cast<void>(write_all(terminal.number(), prompt));
}

// Until a line, or the end of the input, can be read; false for an interrupt.
bool wait_for_line(std::istream& in, Interrupts& interrupts) {
  while (true) {
    if (interrupts.requested() > 0) return false;
    // 0: nothing is there now. Otherwise a line is, or the stream is none that could be waited for.
    if (in.rdbuf()->in_avail() != 0) return true;
    std::array<pollfd, 2> files{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{interrupts.descriptor(), POLLIN, 0}};
    if (::poll(files.data(), files.size(), -1) < 0 && errno != EINTR) return true;
    if (files[0].revents != 0 && files[1].revents == 0) return true;
  }
}

}  // namespace

Result<bool> confirm(const Context& context, std::string_view question) {
  Streams& streams = context.streams;
  if (!streams.in_is_terminal || context.common.non_interactive) {
    return fail(ErrorKind::refused,
                fmt::format("{} Nobody can be asked: {}. Give -yes to go on without a question", question,
                            streams.in_is_terminal ? "-non-interactive was given" : "standard input is no terminal"));
  }
  Interrupts interrupts;
  const std::string prompt = fmt::format("{} [y/N] ", question);
  streams.in.clear();  // the end that another reader of the terminal has seen
  ::tcflush(STDIN_FILENO, TCIFLUSH);
  streams.err << prompt << std::flush;
  if (!streams.err_is_terminal) show_on_terminal(prompt);
  std::string line;
  if (!wait_for_line(streams.in, interrupts) || !std::getline(streams.in, line)) {
    streams.err << '\n' << std::flush;
    return false;
  }
  const std::string answer = lower(trimmed(line));
  return answer == "y" || answer == "yes";
}

}  // namespace vtoken::cmd
