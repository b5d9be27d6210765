#include "scan/plain_stream.hpp"

#include "scan/lines.hpp"
#include "scan/reading.hpp"
#include "scan/rolling_text.hpp"

namespace vtoken::scan {

namespace {

constexpr std::size_t kPiece = std::size_t{512} << 10U;

}  // namespace

ScanTotals scan_plain_stream(const ReadSome& read, const std::string& name, Confidence least, ScanSink& sink) {
  ScanTotals totals;
  RollingText text(kPiece);
  LineCounter lines;
  const auto on_passed = [&](std::string_view passed) { lines.pass(passed); };
  const auto on_match = [&](const TokenMatch& match, std::uint64_t /*at*/, std::string_view token) {
    if (match.confidence < least) return true;
    ++totals.findings;
    return sink.found(finding_of(match, token, name, lines.line(), lines.column()));
  };
  for (bool last = false; !last && !totals.ended_early;) {
    // After a failure, what was read until then is scanned all the same.
    const Piece piece = read_piece(read, text.room(), name, totals, sink);
    last = piece.last;
    text.add(piece.size);
    totals.ended_early = !text.search(last, on_match, on_passed);
  }
  return totals;
}

}  // namespace vtoken::scan
