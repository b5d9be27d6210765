#include "scan/scan.hpp"

#include <sched.h>

#include <algorithm>

#include "scan/crew.hpp"
#include "scan/plain_stream.hpp"
#include "scan/walk.hpp"

namespace vtoken {

namespace {

constexpr unsigned kMostThreads = 64;

unsigned cores_of_this_process() noexcept {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&cores));
}

}  // namespace

ScanTotals scan_paths(const std::vector<std::string>& paths, const ScanSettings& settings, ScanSink& sink) {
  scan::Walk walk(paths, settings.ignored);
  const unsigned wanted = settings.threads == 0 ? cores_of_this_process() : settings.threads;
  const unsigned threads = std::clamp(wanted, 1U, kMostThreads);
  if (threads == 1) return scan::scan_alone(walk, settings, sink);
  return scan::scan_with_crew(walk, threads, settings, sink);
}

ScanTotals scan_stream(const ReadSome& read, const std::string& name, StreamForm /*form*/, const ScanSettings& settings,
                       ScanSink& sink) {
  return scan::scan_plain_stream({}, read, name, settings.least, sink);
}

}  // namespace vtoken
