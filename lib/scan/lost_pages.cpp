#include "scan/lost_pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace vtoken::scan {

namespace {

// The one way to tell a signal handler anything. Each thread sees its own.
struct Watched {
  std::uintptr_t begin;
  std::size_t size;
  volatile sig_atomic_t lost;
};
constinit thread_local Watched watched{0, 0, 0};

void on_bus_error(int signal, siginfo_t* info, void* /*context*/) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  if (at - watched.begin < watched.size) {
    // The page's start, made from the pointer that was given: a number does not become a pointer.
    char* const start = static_cast<char*>(info->si_addr) - at % page;
    if (::mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
      watched.lost = 1;
      return;
    }
  }
  // Not ours: what failed is tried again, and ends the process this time.
  struct sigaction fatal = {};
  fatal.sa_handler = SIG_DFL;
  ::sigaction(signal, &fatal, nullptr);
}

bool set_handler() noexcept {
  struct sigaction ours = {};
  ours.sa_sigaction = on_bus_error;
  ours.sa_flags = SA_SIGINFO;
  return ::sigaction(SIGBUS, &ours, nullptr) == 0;
}

}  // namespace

void watch_pages(void* begin, std::size_t size) noexcept {
  [[maybe_unused]] static const bool set = set_handler();
  watched = {reinterpret_cast<std::uintptr_t>(begin), size, 0};
}

bool pages_were_lost() noexcept { return watched.lost != 0; }

}  // namespace vtoken::scan
