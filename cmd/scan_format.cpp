#include "cmd/scan_format.hpp"

#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "cmd/readable.hpp"
#include "cmd/scan_kind.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

// "logs/app.log:17:42: SSC service token hvs.****nMDM (proved: why)"
class TextWriter final : public FindingWriter {
 public:
  TextWriter(bool reveal, std::ostream& out) : reveal_(reveal), out_(out) {}

  void write(const Finding& finding, std::string_view /*fingerprint*/) override {
    SecretString line(fmt::format("{}:{}:{}: ", readable(finding.path), finding.line, finding.column));
    line += described(finding, reveal_);
    line += '\n';
    put(out_, line);
  }

 private:
  bool reveal_;
  std::ostream& out_;
};

class TokenWriter final : public FindingWriter {
 public:
  explicit TokenWriter(std::ostream& out) : out_(out) {}

  void write(const Finding& finding, std::string_view /*fingerprint*/) override {
    SecretString line = finding.token;
    line += '\n';
    put(out_, line);
  }

 private:
  std::ostream& out_;
};

}  // namespace

std::optional<ScanFormat> scan_format_named(std::string_view name) {
  const std::string word = lower(name);
  if (word == "text") return ScanFormat::text;
  if (word == "json") return ScanFormat::json;
  if (word == "ndjson") return ScanFormat::ndjson;
  if (word == "sarif") return ScanFormat::sarif;
  if (word == "token") return ScanFormat::token;
  return std::nullopt;
}

void put(std::ostream& out, SecretString& text) {
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  text.clear();
}

SecretString shown_token(const Finding& finding, bool reveal) {
  return reveal ? finding.token : SecretString(mask_token(finding.token.view()));
}

SecretString described(const Finding& finding, bool reveal) {
  SecretString text(kScanKinds[scan_kind(finding)].name);
  text += ' ';
  text += shown_token(finding, reveal);
  text += SecretString(fmt::format(" ({}: {})", name_of(finding.confidence), finding.reason));
  return text;
}

std::unique_ptr<FindingWriter> make_text_writer(bool reveal, std::ostream& out) {
  return std::make_unique<TextWriter>(reveal, out);
}

std::unique_ptr<FindingWriter> make_token_writer(std::ostream& out) { return std::make_unique<TokenWriter>(out); }

std::unique_ptr<FindingWriter> make_finding_writer(ScanFormat format, bool reveal, std::ostream& out) {
  switch (format) {
    case ScanFormat::text: break;
    case ScanFormat::json: return make_json_writer(reveal, out);
    case ScanFormat::ndjson: return make_ndjson_writer(reveal, out);
    case ScanFormat::sarif: return make_sarif_writer(reveal, out);
    case ScanFormat::token: return make_token_writer(out);
  }
  return make_text_writer(reveal, out);
}

}  // namespace vtoken::cmd
