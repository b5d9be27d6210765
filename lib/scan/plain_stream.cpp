#include "scan/plain_stream.hpp"

#include <algorithm>
#include <cstring>

#include "scan/lines.hpp"
#include "scan/rolling_text.hpp"

namespace vtoken::scan {

namespace {

constexpr std::size_t kPiece = std::size_t{512} << 10U;

Error with_context(Error error, const std::string& name) {
  if (error.context.empty()) error.context = name;
  return error;
}

}  // namespace

ScanTotals scan_plain_stream(std::string_view first, const ReadSome& read, const std::string& name, Confidence least,
                             ScanSink& sink) {
  ScanTotals totals;
  RollingText text(kPiece);
  LineCounter lines;
  const auto on_passed = [&](std::string_view passed) { lines.pass(passed); };
  const auto on_match = [&](const TokenMatch& match, std::uint64_t /*at*/, std::string_view token) {
    if (match.confidence < least) return true;
    ++totals.findings;
    return sink.found({name, lines.line(), lines.column(), SecretString(token), match.type, match.format,
                       match.confidence, match.reason});
  };
  for (bool last = false; !last;) {
    const std::span<char> room = text.room();
    std::size_t got = 0;
    if (!first.empty()) {
      got = first.copy(room.data(), room.size());
      first.remove_prefix(got);
    } else if (const Result<std::size_t> some = read(room.data(), room.size())) {
      got = std::min(*some, room.size());
      last = got == 0;
      totals.files += last ? 1 : 0;
    } else {
      sink.trouble(with_context(some.error(), name));
      ++totals.troubles;
      last = true;  // what was read until then is scanned all the same
    }
    text.add(got);
    totals.bytes += got;
    if (!text.search(last, on_match, on_passed)) {
      totals.ended_early = true;
      break;
    }
  }
  return totals;
}

}  // namespace vtoken::scan
