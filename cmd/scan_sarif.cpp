// Findings as SARIF 2.1.0, the form in which code hosts take them (OASIS, "Static Analysis Results Interchange
// Format"). Written as they come: what is known only at the end stands at the end.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cmd/app.hpp"
#include "cmd/output_json.hpp"
#include "cmd/readable.hpp"
#include "cmd/scan_format.hpp"
#include "cmd/scan_kind.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view kBase = "%SRCROOT%";
constexpr std::size_t kMostTroubles = 100;  // that are kept for the end

// SARIF's levels.
std::string_view level_of(Confidence confidence) noexcept {
  switch (confidence) {
    case Confidence::proved: return "error";
    case Confidence::likely: return "warning";
    case Confidence::weak: break;
  }
  return "note";
}

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == '/';
}

class SarifFindings final : public FindingWriter {
 public:
  SarifFindings(bool reveal, std::ostream& out) : reveal_(reveal), out_(out) {}

  void begin() override {
    json_.open('{');
    json_.name("$schema").text(kSchema);
    json_.name("version").text("2.1.0");
    json_.name("runs").open('[').open('{');
    json_.name("tool").open('{').name("driver").open('{');
    json_.name("name").text("vtoken");
    json_.name("semanticVersion").text(program_version());
    json_.name("rules").open('[');
    for (const ScanKind& kind : kScanKinds) write_rule(kind);
    json_.close(']').close('}').close('}');
    // Columns are counted in bytes, which is the same for the lines that tokens stand in as a rule: ASCII.
    json_.name("columnKind").text("utf16CodeUnits");
    json_.name("results").open('[');
    put(out_, text_);
  }

  void write(const Finding& finding, std::string_view fingerprint) override {
    const std::size_t kind = scan_kind(finding);
    json_.open('{');
    json_.name("ruleId").text(kScanKinds[kind].id);
    json_.name("ruleIndex").number(static_cast<std::int64_t>(kind));
    json_.name("level").text(level_of(finding.confidence));
    json_.name("message").open('{').name("text").text(described(finding, reveal_).view()).close('}');
    write_location(finding);
    json_.name("partialFingerprints").open('{').name(kSarifFingerprint).text(fingerprint).close('}');
    json_.name("properties").open('{');
    json_.name("type").text(name_of(finding.type));
    json_.name("format").text(name_of(finding.format));
    json_.name("confidence").text(name_of(finding.confidence));
    json_.close('}').close('}');
    put(out_, text_);
  }

  void trouble(const Error& error) override {
    if (troubles_.size() < kMostTroubles) troubles_.push_back(readable(error.text()));
  }

  void end(int status) override {
    json_.close(']');
    json_.name("invocations").open('[').open('{');
    json_.name("executionSuccessful").flag(status != kFailed);
    json_.name("exitCode").number(status);
    json_.name("toolExecutionNotifications").open('[');
    for (const std::string& text : troubles_) {
      json_.open('{').name("level").text("error");
      json_.name("message").open('{').name("text").text(text).close('}').close('}');
    }
    json_.close(']').close('}').close(']').close('}').close(']').close('}');
    text_ += '\n';
    put(out_, text_);
  }

 private:
  void write_rule(const ScanKind& kind) {
    json_.open('{');
    json_.name("id").text(kind.id);
    json_.name("shortDescription").open('{').name("text").text(kind.name).close('}');
    json_.name("fullDescription").open('{').name("text").text(kind.meaning).close('}');
    json_.name("help").open('{');
    json_.name("text").text("Revoke it (vtoken revoke), find out who used it, and only then remove it here.");
    json_.close('}');
    json_.name("properties").open('{');
    json_.name("tags").open('[').text("security").text("secret").close(']');
    json_.name("security-severity").text("9.0");
    json_.close('}').close('}');
  }

  void write_location(const Finding& finding) {
    const SarifPlace place = sarif_place(finding.path);
    json_.name("locations").open('[').open('{').name("physicalLocation").open('{');
    json_.name("artifactLocation").open('{');
    json_.name("uri").text(place.uri);
    if (place.relative) json_.name("uriBaseId").text(kBase);
    json_.close('}');
    json_.name("region").open('{');
    json_.name("startLine").number(static_cast<std::int64_t>(finding.line));
    json_.name("startColumn").number(static_cast<std::int64_t>(finding.column));
    json_.name("endColumn").number(static_cast<std::int64_t>(finding.column + finding.token.size()));
    json_.close('}').close('}').close('}').close(']');
  }

  bool reveal_;
  std::ostream& out_;
  SecretString text_;  // what is not written yet
  JsonWriter json_{text_};
  std::vector<std::string> troubles_;
};

}  // namespace

SarifPlace sarif_place(std::string_view path) {
  const bool absolute = path.starts_with('/');
  // "./a//b" names what "a/b" does, and code hosts look for the latter.
  std::string uri = absolute ? "file:///" : "";
  std::string_view rest = path;
  bool first = true;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (name.empty() || name == ".") continue;
    if (!std::exchange(first, false)) uri += '/';
    for (const char c : name) {
      if (is_unreserved(c)) {
        uri += c;
      } else {
        uri += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
      }
    }
  }
  return {std::move(uri), !absolute};
}

std::unique_ptr<FindingWriter> make_sarif_writer(bool reveal, std::ostream& out) {
  return std::make_unique<SarifFindings>(reveal, out);
}

}  // namespace vtoken::cmd
