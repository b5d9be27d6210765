// What becomes of the findings of a scan: known ones are left out, the others are written, and all are counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cmd/app.hpp"
#include "cmd/scan_baseline.hpp"
#include "cmd/scan_format.hpp"
#include "scan/scan.hpp"

namespace vtoken::cmd {

struct ScanOutputOptions {
  ScanFormat format = ScanFormat::text;
  bool reveal = false;
  bool quiet = false;                         ///< no summary
  bool only_input = false;                    ///< nothing but standard input is scanned
  std::optional<Fingerprints> baseline = {};  ///< of findings that are not to be reported
};

/// The sink of one command: findings go to standard output as they come, all else to standard error. Borrows the
/// streams. Memory grows with nothing but the different tokens of ScanFormat::token.
class ScanOutput final : public ScanSink {
 public:
  ScanOutput(Streams& streams, const Clock& clock, ScanOutputOptions options);

  [[nodiscard]] bool found(Finding finding) override;
  void trouble(const Error& error) override;

  /// Writes out what is still held back, so that a reader has it while the scan waits for more.
  void flush();

  /// Ends the report and says on standard error what was seen. Returns the exit status: 0 nothing was found, 1
  /// something was, 2 not all could be read or written.
  [[nodiscard]] int end(const ScanTotals& totals);

 private:
  void tell(const ScanTotals& totals) const;

  Streams& streams_;
  const Clock& clock_;
  ScanOutputOptions options_;
  std::unique_ptr<FindingWriter> writer_;
  Fingerprints seen_;  // of ScanFormat::token
  std::uint64_t reported_ = 0;
  std::uint64_t known_ = 0;  // in the baseline
  std::uint64_t again_ = 0;  // findings of tokens that were written before
  std::uint64_t troubles_ = 0;
  Nanoseconds flushed_ = 0;  // when
};

}  // namespace vtoken::cmd
