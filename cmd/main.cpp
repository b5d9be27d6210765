// The process: what it was given goes to cmd::run, and nothing of a token's may reach a core file.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <system_error>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "cmd/services.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared by the program

namespace {

constexpr int kFailed = 2;

// The hard limit stays, so that a program that is started gets its own back.
std::optional<std::uint64_t> forbid_core_files() {
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return std::nullopt;
  const rlimit none{0, limit.rlim_max};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return std::nullopt;
  return limit.rlim_cur;
}

// A program that was started without its standard streams would get their numbers for its files. What is opened instead
// can be read from, so that writing fails and is told.
void keep_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

vtoken::cmd::Environment read_environment() {
  vtoken::cmd::Environment environment;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const char* equals = std::strchr(*each, '=');
    if (equals == nullptr) continue;
    environment.emplace(std::string(*each, static_cast<std::size_t>(equals - *each)), equals + 1);
  }
  return environment;
}

// All is written and closed: the libraries under libcurl need not tidy their memory up, which takes a tenth of the time
// of a short command. A sanitizer looks for leaks in the orderly end.
[[noreturn]] void end(int status) {
#if defined(__SANITIZE_ADDRESS__)
  std::signal(SIGPIPE, SIG_IGN);  // what std::cerr could not write, it tries to write again
  std::exit(status);
#else
  std::_Exit(status);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  vtoken::cmd::Inherited inherited;
  inherited.core_limit = forbid_core_files();
  keep_standard_descriptors();
  // A reader that has gone away ends the program without a word.
  inherited.ignores_broken_pipes = std::signal(SIGPIPE, SIG_DFL) == SIG_IGN;
  // A file that may not grow is an error of the write, which can be told.
  inherited.ignores_long_files = std::signal(SIGXFSZ, SIG_IGN) == SIG_IGN;
  std::ios::sync_with_stdio(false);
  const vtoken::SystemClock clock;
  vtoken::cmd::Services services = vtoken::cmd::system_services(clock);
  services.inherited = inherited;
  vtoken::cmd::Streams streams{std::cin, std::cout, std::cerr, ::isatty(0) == 1, ::isatty(1) == 1, ::isatty(2) == 1};
  const std::vector<std::string> arguments(argv, argv + argc);
  const int status = vtoken::cmd::run(arguments, read_environment(), streams, services);
  errno = 0;
  if (!std::cout.flush()) {
    std::cerr << "standard output: " << (errno != 0 ? std::generic_category().message(errno) : "cannot be written")
              << '\n';
    end(status != 0 ? status : kFailed);
  }
  end(status);
}
