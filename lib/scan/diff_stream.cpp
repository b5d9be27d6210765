#include "scan/diff_stream.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "scan/colours.hpp"
#include "scan/diff_lines.hpp"
#include "scan/placed_text.hpp"
#include "scan/reading.hpp"

namespace vtoken::scan {

namespace {

// Lines up to this length are seen whole; of longer ones what begins them says what they are.
constexpr std::size_t kBuffer = std::size_t{256} << 10U;

class DiffScan {
 public:
  DiffScan(const std::string& name, Confidence least, ScanSink& sink)
      : name_(name),
        least_(least),
        sink_(sink),
        around_([this](const auto&... found) { return tell(name_, found...); }),
        hunk_([this](const auto&... found) { return tell(hunk_path_, found...); }) {}

  /// A line, or a piece of one. False when nobody wants more.
  bool piece(std::string_view bytes, bool begins, bool ends) {
    if (stream_start_) {
      coloured_ = bytes.starts_with('\x1b');
      stream_start_ = false;
    }
    if (coloured_) bytes = without_colours(bytes, scratch_);
    bool go_on = true;
    if (begins) go_on = begin(bytes);
    go_on = go_on && (line_.kind == DiffLines::Kind::gone ||
                      (line_.kind == DiffLines::Kind::outside ? around_ : hunk_).add(bytes));
    if (ends) ++stream_line_;
    return go_on;
  }

  /// So much has come, and may be all for a while.
  bool pause() { return around_.search() && hunk_.search(); }
  bool end() { return hunk_.end() && around_.end(); }

  [[nodiscard]] std::uint64_t findings() const noexcept { return findings_; }

 private:
  bool begin(std::string_view& bytes) {
    const bool was_outside = line_.kind == DiffLines::Kind::outside;
    line_ = lines_.next(bytes);
    bytes.remove_prefix(std::min(line_.marks, bytes.size()));
    if (line_.begins_hunk) {
      const bool go_on = hunk_.end() && around_.end();
      hunk_path_ = lines_.path();
      return go_on;
    }
    switch (line_.kind) {
      case DiffLines::Kind::gone: return true;
      case DiffLines::Kind::outside: around_.begin_line(stream_line_, true); return was_outside || hunk_.end();
      case DiffLines::Kind::added:
      case DiffLines::Kind::kept: hunk_.begin_line(line_.number, line_.kind == DiffLines::Kind::added); return true;
    }
    return true;
  }

  bool tell(const std::string& path, const TokenMatch& match, std::string_view token, std::uint64_t line,
            std::uint64_t column) {
    if (match.confidence < least_) return true;
    ++findings_;
    return sink_.found(finding_of(match, token, path, line, column));
  }

  const std::string& name_;
  Confidence least_;
  ScanSink& sink_;
  DiffLines lines_;
  DiffLines::Line line_;
  PlacedText around_;
  PlacedText hunk_;
  std::string hunk_path_;
  std::string scratch_;
  bool stream_start_ = true;
  bool coloured_ = false;
  std::uint64_t stream_line_ = 1;
  std::uint64_t findings_ = 0;
};

/// Cuts a stream into lines, and those that are too long into pieces.
class LineCutter {
 public:
  explicit LineCutter(DiffScan& scan) : scan_(scan), bytes_(kBuffer) {}

  [[nodiscard]] std::span<char> room() noexcept { return std::span<char>(bytes_).subspan(used_); }

  /// So many bytes were written to the room. False when nobody wants more.
  bool add(std::size_t size) {
    used_ += size;
    std::string_view rest(bytes_.data(), used_);
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      if (!give(rest.substr(0, end + 1), true)) return false;
      rest.remove_prefix(end + 1);
    }
    if (rest.size() == bytes_.size()) {
      if (!give(rest, false)) return false;
      rest.remove_prefix(rest.size());
    }
    std::memmove(bytes_.data(), rest.data(), rest.size());
    used_ = rest.size();
    return scan_.pause();
  }

  bool end() { return (used_ == 0 || give({bytes_.data(), used_}, true)) && scan_.end(); }

 private:
  bool give(std::string_view piece, bool ends) { return scan_.piece(piece, std::exchange(begins_, ends), ends); }

  DiffScan& scan_;
  std::vector<char, WipingAllocator<char>> bytes_;
  std::size_t used_ = 0;
  bool begins_ = true;
};

}  // namespace

ScanTotals scan_diff_stream(const ReadSome& read, const std::string& name, Confidence least, ScanSink& sink) {
  ScanTotals totals;
  DiffScan scan(name, least, sink);
  LineCutter lines(scan);
  bool go_on = true;
  for (bool last = false; go_on && !last;) {
    const Piece piece = read_piece(read, lines.room(), name, totals, sink);
    last = piece.last;
    go_on = last ? lines.end() : lines.add(piece.size);
  }
  totals.ended_early = !go_on;
  totals.findings = scan.findings();
  return totals;
}

}  // namespace vtoken::scan
