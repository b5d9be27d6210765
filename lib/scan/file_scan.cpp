#include "scan/file_scan.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "scan/content.hpp"
#include "scan/plain_stream.hpp"
#include "scan/trouble.hpp"

namespace vtoken::scan {

namespace {

constexpr std::uint64_t kPart = std::uint64_t{4} << 20U;
// A token that began before a part reaches into it by at most so much.
constexpr std::uint64_t kBehind = kLongestMatch + kContextBefore;
constexpr int kWaitMilliseconds = 100;

struct Reach {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
};

/// What is looked at for a part.
Reach reach_of(const Part& part) noexcept {
  return {part.from - std::min(part.from, kBehind), std::min(part.file->size, part.from + kPart + kContextAfter)};
}

bool is_last(const Part& part) noexcept { return part.file->size - part.from <= kPart; }

bool in_token(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// Where to begin in a part: behind a token that reaches into it, which is found by who scans the part before.
std::size_t beginning(std::string_view text, std::size_t from) {
  std::size_t start = from;
  while (start > 0 && from - start < kLongestMatch && in_token(text[start - 1])) --start;
  std::size_t next = start;
  while (next < from) {
    const auto match = find_token(text, next, from);
    if (!match) break;
    next = match->at + match->length;
  }
  return std::max(next, from);
}

/// Stream scans tell a sink, threads an outlet.
class SinkToOutlet final : public ScanSink {
 public:
  SinkToOutlet(Outlet& out, File& file) : out_(out), file_(file) {}
  bool found(Finding finding) override { return out_.put({std::move(finding)}); }
  void trouble(const Error& error) override {
    file_.spoiled = true;
    static_cast<void>(out_.put({error}));
  }

 private:
  Outlet& out_;
  File& file_;
};

/// What is told is counted where it is told.
ScanTotals without_told(ScanTotals totals) noexcept {
  totals.findings = 0;
  totals.troubles = 0;
  return totals;
}

/// A failure in place of a file.
ScanTotals only_trouble(const Error& error, Outlet& out) {
  ScanTotals totals;
  totals.ended_early = !out.put({error});
  return totals;
}

}  // namespace

ScanTotals FileScanner::begin(const WalkedFile& walked, Outlet& out, const OnPart& on_part) {
  Result<std::shared_ptr<File>> opened = open_file(walked);
  if (!opened) return only_trouble(opened.error(), out);
  if (!*opened) return {};
  const std::shared_ptr<File>& file = *opened;
  if (!file->seekable) return scan_stream(file, out);

  const Part first{file, 0};
  const std::string_view text = window_.view(*file, 0, reach_of(first).until);
  const Content content = content_of(text.substr(0, kHeadSize));
  if (content == Content::utf16_little || content == Content::utf16_big) {
    return scan_utf16(file, content == Content::utf16_big, out);
  }
  if (content == Content::binary && !settings_.binaries) {
    ScanTotals totals;
    totals.binaries = 1;
    return totals;
  }
  if (!is_last(first)) on_part({file, kPart});
  return scan_part(first, text, 0, out);
}

ScanTotals FileScanner::go_on(const Part& part, Outlet& out, const OnPart& on_part) {
  if (!is_last(part)) on_part({part.file, part.from + kPart});
  const Reach reach = reach_of(part);
  if (next_data(*part.file, reach.from) >= reach.until) {
    ScanTotals totals;
    totals.bytes = std::min(part.file->size - part.from, kPart);
    totals.files = is_last(part) && !part.file->spoiled ? 1 : 0;
    return totals;
  }
  return scan_part(part, window_.view(*part.file, reach.from, reach.until), reach.from, out);
}

ScanTotals FileScanner::scan_part(const Part& part, std::string_view text, std::uint64_t text_at, Outlet& out) {
  ScanTotals totals;
  File& file = *part.file;
  const std::uint64_t end = std::min(file.size, part.from + kPart);
  const std::size_t until = std::min<std::size_t>(end - text_at, text.size());
  std::size_t next = part.from == 0 ? 0 : beginning(text, std::min<std::size_t>(part.from - text_at, text.size()));
  while (next < until && !stop_.load(std::memory_order_relaxed)) {
    const auto match = find_token(text, next, until);
    if (!match) break;
    next = match->at + match->length;
    if (match->confidence < settings_.least) continue;
    Event event{finding_of(*match, text.substr(match->at, match->length)), part.file, text_at + match->at};
    if (!out.put(std::move(event))) {
      totals.ended_early = true;
      return totals;
    }
  }
  totals.bytes = text_at + until - part.from;
  const auto trouble = window_.trouble(file);
  if (trouble && !file.spoiled.exchange(true)) {
    totals.ended_early = !out.put({*trouble});
  }
  totals.files = is_last(part) && !file.spoiled ? 1 : 0;
  return totals;
}

ScanTotals FileScanner::scan_stream(const std::shared_ptr<File>& file, Outlet& out) {
  const auto read = [&](char* buffer, std::size_t size) -> Result<std::size_t> {
    while (true) {
      if (stop_) return std::size_t{0};
      pollfd wait{file->open.number(), POLLIN, 0};
      const int ready = ::poll(&wait, 1, kWaitMilliseconds);
      if (ready == 0) continue;
      const ssize_t got = ready < 0 ? -1 : ::read(file->open.number(), buffer, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR && errno != EAGAIN) return tl::unexpected(trouble_with(file->path, errno));
    }
  };
  SinkToOutlet sink(out, *file);
  return without_told(scan_plain_stream(read, file->path, settings_.least, sink));
}

ScanTotals FileScanner::scan_utf16(const std::shared_ptr<File>& file, bool big_endian, Outlet& out) {
  std::uint64_t at = kMarkSize;
  const auto read = [&](char* buffer, std::size_t size) -> Result<std::size_t> {
    if (stop_) return std::size_t{0};
    const std::size_t wanted = std::min<std::uint64_t>(size, file->size - at);
    while (true) {
      const ssize_t got = ::pread(file->open.number(), buffer, wanted, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return tl::unexpected(trouble_with(file->path, errno));
      at += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
  };
  SinkToOutlet sink(out, *file);
  ScanTotals totals = scan_plain_stream(utf16_as_utf8(read, big_endian), file->path, settings_.least, sink);
  totals.bytes = at;
  return without_told(totals);
}

}  // namespace vtoken::scan
