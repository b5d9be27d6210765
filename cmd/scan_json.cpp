// Findings as JSON: one array, or an object a line. Both are written as they come.
#include "cmd/output_json.hpp"
#include "cmd/scan_format.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

Json json_text_of(std::string_view text) { return Json(SecretString(text)); }

Json json_of(const Finding& finding, std::string_view fingerprint, bool reveal) {
  Json out = Json::object();
  out["path"] = json_text_of(finding.path);
  out["line"] = finding.line;
  out["column"] = finding.column;
  out["type"] = json_text_of(name_of(finding.type));
  out["format"] = json_text_of(name_of(finding.format));
  out["confidence"] = json_text_of(name_of(finding.confidence));
  out["reason"] = json_text_of(finding.reason);
  out["token"] = shown_token(finding, reveal);
  out[SecretString(kFingerprintMember)] = json_text_of(fingerprint);
  return out;
}

class JsonFindings final : public FindingWriter {
 public:
  JsonFindings(bool reveal, std::ostream& out) : reveal_(reveal), out_(out) {}

  void begin() override {
    json_.open('[');
    put(out_, text_);
  }
  void write(const Finding& finding, std::string_view fingerprint) override {
    json_.value(json_of(finding, fingerprint, reveal_));
    put(out_, text_);
  }
  void end(int /*status*/) override {
    json_.close(']');
    text_ += '\n';
    put(out_, text_);
  }

 private:
  bool reveal_;
  std::ostream& out_;
  SecretString text_;  // what is not written yet
  JsonWriter json_{text_};
};

class NdjsonFindings final : public FindingWriter {
 public:
  NdjsonFindings(bool reveal, std::ostream& out) : reveal_(reveal), out_(out) {}

  void write(const Finding& finding, std::string_view fingerprint) override {
    SecretString line = dump_json(json_of(finding, fingerprint, reveal_));
    line += '\n';
    put(out_, line);
  }

 private:
  bool reveal_;
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<FindingWriter> make_json_writer(bool reveal, std::ostream& out) {
  return std::make_unique<JsonFindings>(reveal, out);
}

std::unique_ptr<FindingWriter> make_ndjson_writer(bool reveal, std::ostream& out) {
  return std::make_unique<NdjsonFindings>(reveal, out);
}

}  // namespace vtoken::cmd
