#include "scan/scan.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/descriptor.hpp"
#include "scan/plain_stream.hpp"

namespace vtoken {

ScanTotals scan_stream(const ReadSome& read, const std::string& name, StreamForm /*form*/, const ScanSettings& settings,
                       ScanSink& sink) {
  return scan::scan_plain_stream({}, read, name, settings.least, sink);
}

namespace {
void one(const std::string& path, const ScanSettings& settings, ScanSink& sink, ScanTotals& totals) {
  if (totals.ended_early) return;
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path, code)) {
      if (!entry.is_symlink() && (entry.is_directory() || entry.is_regular_file())) names.push_back(entry.path());
    }
    std::sort(names.begin(), names.end());
    for (const auto& name : names) one(name, settings, sink, totals);
    return;
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    ++totals.troubles;
    sink.trouble({ErrorKind::io, std::strerror(errno), path, {}});
    return;
  }
  const auto read = [&](char* buffer, std::size_t size) -> Result<std::size_t> {
    const ssize_t got = ::read(file.number(), buffer, size);
    if (got < 0) return fail(ErrorKind::io, std::strerror(errno), path);
    return static_cast<std::size_t>(got);
  };
  const ScanTotals some = scan::scan_plain_stream({}, read, path, settings.least, sink);
  totals.files += some.files;
  totals.bytes += some.bytes;
  totals.findings += some.findings;
  totals.troubles += some.troubles;
  totals.ended_early = some.ended_early;
}
}  // namespace

ScanTotals scan_paths(const std::vector<std::string>& paths, const ScanSettings& settings, ScanSink& sink) {
  ScanTotals totals;
  for (const auto& path : paths) one(path, settings, sink, totals);
  return totals;
}

}  // namespace vtoken
