#include "scan/scan.hpp"

#include <sched.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "scan/colours.hpp"
#include "scan/content.hpp"
#include "scan/crew.hpp"
#include "scan/diff_header.hpp"
#include "scan/diff_stream.hpp"
#include "scan/plain_stream.hpp"
#include "scan/reading.hpp"
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

/// Only byte order marks count: a stream that was given is scanned, whatever it holds.
scan::Content content_of(scan::PeekedStream& stream) {
  while (stream.head().size() < scan::kMarkSize && stream.look_further()) continue;
  return scan::content_of(stream.head());
}

bool starts_like_diff(scan::PeekedStream& stream) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  while (true) {
    std::string_view head = stream.head();
    if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
    std::string scratch;
    const auto answer = scan::starts_like_diff(scan::without_colours(head, scratch));
    if (answer) return *answer;
    if (!stream.look_further()) return false;
  }
}

}  // namespace

void add(ScanTotals& totals, const ScanTotals& more) noexcept {
  totals.files += more.files;
  totals.bytes += more.bytes;
  totals.binaries += more.binaries;
  totals.ignored += more.ignored;
  totals.findings += more.findings;
  totals.troubles += more.troubles;
  totals.ended_early = totals.ended_early || more.ended_early;
}

ScanTotals scan_paths(const std::vector<std::string>& paths, const ScanSettings& settings, ScanSink& sink) {
  scan::Walk walk(paths, settings.ignored);
  const unsigned wanted = settings.threads == 0 ? cores_of_this_process() : settings.threads;
  const unsigned threads = std::clamp(wanted, 1U, kMostThreads);
  if (threads == 1) return scan::scan_alone(walk, settings, sink);
  return scan::scan_with_crew(walk, threads, settings, sink);
}

ScanTotals scan_stream(const ReadSome& read, const std::string& name, StreamForm form, const ScanSettings& settings,
                       ScanSink& sink) {
  scan::PeekedStream raw(read);
  const scan::Content content = content_of(raw);
  ReadSome bytes = [&raw](char* buffer, std::size_t size) { return raw.read(buffer, size); };
  if (content == scan::Content::utf16_little || content == scan::Content::utf16_big) {
    raw.skip(scan::kMarkSize);
    bytes = scan::utf16_as_utf8(std::move(bytes), content == scan::Content::utf16_big);
  }
  scan::PeekedStream text(std::move(bytes));
  const bool is_diff = form == StreamForm::diff || (form == StreamForm::guess && starts_like_diff(text));
  const ReadSome all = [&text](char* buffer, std::size_t size) { return text.read(buffer, size); };
  return is_diff ? scan::scan_diff_stream(all, name, settings.least, sink)
                 : scan::scan_plain_stream(all, name, settings.least, sink);
}

}  // namespace vtoken
