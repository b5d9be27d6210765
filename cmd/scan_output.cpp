#include "cmd/scan_output.hpp"

#include <fmt/format.h>

#include <ostream>
#include <string_view>
#include <utility>

#include "cmd/readable.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

constexpr int kFound = 1;
constexpr Nanoseconds kPause = kSecond / 10;  // between two times of writing out

// "1.5 MiB".
std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return counted(bytes, "byte");
  constexpr std::string_view kUnits = "KMGTPE";
  auto size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1023.95 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}iB", size, kUnits[unit]);
}

// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

}  // namespace

ScanOutput::ScanOutput(Streams& streams, const Clock& clock, ScanOutputOptions options)
    : streams_(streams),
      clock_(clock),
      options_(std::move(options)),
      writer_(make_finding_writer(options_.format, options_.reveal, streams.out)) {
  writer_->begin();
}

bool ScanOutput::found(Finding finding) {
  const bool distinct = options_.format == ScanFormat::token;
  std::string fingerprint;
  if (options_.baseline || distinct || shows_fingerprints(options_.format)) {
    fingerprint = fingerprint_of(finding.token.view());
  }
  if (options_.baseline && options_.baseline->count(fingerprint) > 0) {
    ++known_;
    return true;
  }
  ++reported_;
  if (distinct && !seen_.insert(fingerprint).second) {
    ++again_;
    return true;
  }
  writer_->write(finding, fingerprint);
  // A reader should see the findings as they come, and many at once should not cost a call of the system each.
  if (streams_.out_is_terminal || clock_.now() - flushed_ >= kPause) flush();
  return streams_.out.good();
}

void ScanOutput::trouble(const Error& error) {
  ++troubles_;
  flush();
  writer_->trouble(error);
  streams_.err << readable(error.text()) << '\n';
}

void ScanOutput::flush() {
  streams_.out.flush();
  flushed_ = clock_.now();
}

int ScanOutput::end(const ScanTotals& totals) {
  int status = reported_ > 0 ? kFound : kDone;
  if (troubles_ > 0 || totals.troubles > 0) status = kFailed;
  writer_->end(status);
  streams_.out.flush();
  if (!streams_.out) {
    // What could not be written is tried once more, and told, when the process ends.
    streams_.out.clear();
    return kFailed;
  }
  if (!options_.quiet) tell(totals);
  return status;
}

void ScanOutput::tell(const ScanTotals& totals) const {
  const std::string_view noun = options_.baseline ? "new token" : "token";
  std::string text =
      reported_ == 0 ? fmt::format("No {}s found", noun) : fmt::format("{} found", counted(reported_, noun));
  const std::string where = options_.only_input ? "standard input" : counted(totals.files, "file");
  text += fmt::format(" in {}, {}", where, size_text(totals.bytes));
  if (again_ > 0) text += fmt::format("; {} different", grouped(reported_ - again_));
  if (known_ > 0) text += fmt::format("; {} in the baseline", grouped(known_));
  std::vector<std::string> left;
  if (totals.binaries > 0)
    left.push_back(fmt::format("{} (-binary reads them)", counted(totals.binaries, "binary file")));
  if (totals.ignored > 0) left.push_back(fmt::format("{} ignored (-no-ignore reads them)", grouped(totals.ignored)));
  if (!left.empty()) text += fmt::format("; left out: {}", joined(left));
  if (troubles_ > 0) text += fmt::format("; {} could not be read whole", grouped(troubles_));
  streams_.err << text << '\n';
}

}  // namespace vtoken::cmd
