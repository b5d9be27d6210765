#include "cmd/scan_baseline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cmd/inputs.hpp"
#include "cmd/scan_format.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kLength = 64;                   // of a fingerprint
constexpr std::size_t kLong = std::size_t{8} << 20U;  // bytes from which on JSON may have more values than are read
constexpr std::string_view kMark = "\xef\xbb\xbf";    // some editors begin a file with it

constexpr std::string_view kNoReport = "this is no report of vtoken scan: make one with -format=json, ndjson or sarif";

tl::unexpected<Error> wrong(const std::string& source, std::string message) {
  return fail(ErrorKind::usage, std::move(message), source);
}

bool is_fingerprint(std::string_view text) {
  return text.size() == kLength &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// False when there is none.
bool add(Fingerprints& known, std::string_view fingerprint) {
  if (!is_fingerprint(fingerprint)) return false;
  known.emplace(fingerprint);
  return true;
}

Result<Fingerprints> read_list(const Json& findings, const std::string& source) {
  Fingerprints known;
  std::size_t number = 0;
  for (const Json& finding : findings) {
    ++number;
    if (!add(known, text_member(finding, kFingerprintMember))) {
      return wrong(source, fmt::format("entry {} has no fingerprint: {}", number, kNoReport));
    }
  }
  return known;
}

Result<Fingerprints> read_sarif(const Json& runs, const std::string& source) {
  Fingerprints known;
  std::size_t number = 0;
  for (const Json& run : runs) {
    const Json* results = find_member(run, "results");
    if (results == nullptr || !results->is_array()) continue;
    for (const Json& result : *results) {
      ++number;
      const Json* prints = find_member(result, "partialFingerprints");
      if (prints == nullptr || !add(known, text_member(*prints, kSarifFingerprint))) {
        return wrong(source, fmt::format("result {} has no fingerprint of ours: {}", number, kNoReport));
      }
    }
  }
  return known;
}

Result<Fingerprints> read_lines(std::string_view text, const std::string& source) {
  Fingerprints known;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = vtoken::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto finding = parse_json(line);
    if (!finding || !add(known, text_member(*finding, kFingerprintMember))) {
      return wrong(source, fmt::format("line {} has no fingerprint: {}", number, kNoReport));
    }
  }
  return known;
}

}  // namespace

Result<Fingerprints> read_baseline(std::string_view text, const std::string& source) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Fingerprints{};
  const std::string_view line = text.substr(first, text.find('\n', first) - first);
  // Only a line of an ndjson report is a whole finding.
  if (const auto finding = parse_json(line); finding && find_member(*finding, kFingerprintMember) != nullptr) {
    return read_lines(text, source);
  }
  const auto whole = parse_json(text);
  if (!whole && text.size() > kLong) {
    return wrong(source, "this is no report of vtoken scan, or too long a one: make one with -format=ndjson");
  }
  if (!whole) return wrong(source, std::string(kNoReport));
  if (whole->is_array()) return read_list(*whole, source);
  const Json* runs = find_member(*whole, "runs");
  if (runs == nullptr || !runs->is_array()) return wrong(source, std::string(kNoReport));
  return read_sarif(*runs, source);
}

Result<Fingerprints> read_baseline_file(const Context& context, const std::string& path) {
  const auto text = read_secret_file(context, path);
  if (!text) return tl::unexpected(text.error());
  return read_baseline(text->view(), path);
}

}  // namespace vtoken::cmd
