// How findings are written: a line each for people, JSON, SARIF 2.1.0, or the bare tokens.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "scan/finding.hpp"

namespace vtoken::cmd {

enum class ScanFormat { text, json, ndjson, sarif, token };

/// "text", "json", "ndjson", "sarif" or "token", in any case.
[[nodiscard]] std::optional<ScanFormat> scan_format_named(std::string_view name);

/// Whether findings of this format show their fingerprints.
[[nodiscard]] constexpr bool shows_fingerprints(ScanFormat format) noexcept {
  return format != ScanFormat::text && format != ScanFormat::token;
}

/// Writes one report. What was written is a whole value of its format only after end(). Keeps no finding.
class FindingWriter {
 public:
  virtual ~FindingWriter() = default;
  virtual void begin() {}
  /// `fingerprint` may be empty when the format does not show it.
  virtual void write(const Finding& finding, std::string_view fingerprint) = 0;
  /// What could not be read; for formats that have a place for it.
  virtual void trouble(const Error& error) { static_cast<void>(error); }
  /// `status` is the exit status.
  virtual void end(int status) { static_cast<void>(status); }
};

/// A writer to `out`, which must outlive it. Tokens are masked unless `reveal`, but for ScanFormat::token.
[[nodiscard]] std::unique_ptr<FindingWriter> make_finding_writer(ScanFormat format, bool reveal, std::ostream& out);
[[nodiscard]] std::unique_ptr<FindingWriter> make_text_writer(bool reveal, std::ostream& out);
[[nodiscard]] std::unique_ptr<FindingWriter> make_token_writer(std::ostream& out);
[[nodiscard]] std::unique_ptr<FindingWriter> make_json_writer(bool reveal, std::ostream& out);
[[nodiscard]] std::unique_ptr<FindingWriter> make_ndjson_writer(bool reveal, std::ostream& out);
[[nodiscard]] std::unique_ptr<FindingWriter> make_sarif_writer(bool reveal, std::ostream& out);

/// Writes `text` and empties it.
void put(std::ostream& out, SecretString& text);

/// The finding's token as a report shows it.
[[nodiscard]] SecretString shown_token(const Finding& finding, bool reveal);

/// "SSC service token hvs.****nMDM (proved: why)".
[[nodiscard]] SecretString described(const Finding& finding, bool reveal);

/// The names under which a fingerprint stands: in JSON, and among SARIF's partialFingerprints.
inline constexpr std::string_view kFingerprintMember = "fingerprint";
inline constexpr std::string_view kSarifFingerprint = "vtokenFingerprint/v1";

/// A path as SARIF's artifactLocation has it: a URI relative to where the scan started, or file:// for an absolute
/// path. Bytes that a URI may not hold are percent-encoded, whatever their encoding.
struct SarifPlace {
  std::string uri;
  bool relative = false;  ///< to the base %SRCROOT%
};
[[nodiscard]] SarifPlace sarif_place(std::string_view path);

}  // namespace vtoken::cmd
