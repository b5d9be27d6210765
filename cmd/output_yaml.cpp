#include "cmd/output_yaml.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <ostream>
#include <vector>

#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

using Write = std::function<void(std::string_view)>;

extern "C" int vtoken_yaml_write(void* data, unsigned char* buffer, std::size_t size) {
  (*static_cast<const Write*>(data))({reinterpret_cast<const char*>(buffer), size});
  return 1;
}

// libyaml's emitter for one document. Every call tells whether it went well; after a failure the rest does nothing.
class Emitter {
 public:
  explicit Emitter(Write write) : write_(std::move(write)) {
    ok_ = yaml_emitter_initialize(&emitter_) == 1;
    if (!ok_) return;
    yaml_emitter_set_output(&emitter_, vtoken_yaml_write, &write_);
    yaml_emitter_set_unicode(&emitter_, 1);
    emit([](yaml_event_t* event) { return yaml_stream_start_event_initialize(event, YAML_UTF8_ENCODING); });
    emit([](yaml_event_t* event) { return yaml_document_start_event_initialize(event, nullptr, nullptr, nullptr, 1); });
  }
  Emitter(const Emitter&) = delete;
  Emitter& operator=(const Emitter&) = delete;
  ~Emitter() { yaml_emitter_delete(&emitter_); }

  void value(const Json& value);

  void begin_list() {
    emit([](yaml_event_t* event) {
      return yaml_sequence_start_event_initialize(event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
    });
  }
  void end_list() { emit(yaml_sequence_end_event_initialize); }

  void text(std::string_view text) {
    const auto style = text.find('\n') != std::string_view::npos ? YAML_LITERAL_SCALAR_STYLE
                       : yaml_reads_as_string(text)              ? YAML_PLAIN_SCALAR_STYLE
                                                                 : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    scalar(text, style);
  }

  [[nodiscard]] Result<void> finish() {
    emit([](yaml_event_t* event) { return yaml_document_end_event_initialize(event, 1); });
    emit(yaml_stream_end_event_initialize);
    if (!ok_) return fail(ErrorKind::internal, "cannot write this as YAML");
    return {};
  }

 private:
  template <class Initialize>
  void emit(const Initialize& initialize) {
    if (!ok_) return;
    yaml_event_t event;
    // The emitter takes the event over, also when it fails.
    ok_ = initialize(&event) == 1 && yaml_emitter_emit(&emitter_, &event) == 1;
  }

  void scalar(std::string_view text, yaml_scalar_style_t style) {
    SecretString copy(text);  // libyaml only reads it, but does not say so
    emit([&](yaml_event_t* event) {
      return yaml_scalar_event_initialize(event, nullptr, nullptr, reinterpret_cast<yaml_char_t*>(copy.data()),
                                          static_cast<int>(copy.size()), 1, 1, style);
    });
  }

  void object(const Json& value);

  Write write_;
  yaml_emitter_t emitter_ = {};
  bool ok_ = false;
};

// Go's shortest 'g' form: with an exponent when that is below -4 or above 5.
std::string go_number(double value) {
  char buffer[512];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const char* exponent_text = text.data() + text.find('e') + 1;
  int exponent = 0;
  std::from_chars(exponent_text + (*exponent_text == '+' ? 1 : 0), end, exponent);
  if (exponent < -4 || exponent > 5) return std::string(text);
  const auto fixed = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  return {buffer, fixed};
}

void Emitter::object(const Json& value) {
  using Member = Json::const_iterator;
  std::vector<Member> members;
  for (Member member = value.begin(); member != value.end(); ++member) members.push_back(member);
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& a, const Member& b) { return yaml_name_less(a.key().view(), b.key().view()); });
  emit([](yaml_event_t* event) {
    return yaml_mapping_start_event_initialize(event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE);
  });
  for (const Member& member : members) {
    text(member.key().view());
    this->value(*member);
  }
  emit(yaml_mapping_end_event_initialize);
}

void Emitter::value(const Json& value) {
  if (value.is_object()) return object(value);
  if (value.is_string()) return text(value.get_ref<const SecretString&>().view());
  if (value.is_array()) {
    begin_list();
    for (const Json& item : value) this->value(item);
    return end_list();
  }
  const std::string text = literal_text(value);
  const bool fraction = value.is_number_float() || value.is_binary();
  const std::string plain = fraction ? go_number(std::strtod(text.c_str(), nullptr)) : text;
  scalar(plain, YAML_PLAIN_SCALAR_STYLE);
}

}  // namespace

Result<SecretString> yaml_text(const Json& value) {
  SecretString out;
  Emitter emitter([&out](std::string_view bytes) { out += bytes; });
  emitter.value(value);
  if (auto done = emitter.finish(); !done) return tl::unexpected(done.error());
  // Newer versions of libyaml mark the end of some documents; Go's port does not.
  constexpr std::string_view kEndMark = "...\n";
  if (out.view().ends_with("\n...\n")) out.resize(out.size() - kEndMark.size());
  return out;
}

Result<void> write_key_yaml(std::ostream& out, const KeyList& keys) {
  Emitter emitter(
      [&out](std::string_view bytes) { out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); });
  emitter.begin_list();
  keys.for_each([&](std::string_view key) {
    emitter.text(key);
    return true;
  });
  emitter.end_list();
  return emitter.finish();
}

}  // namespace vtoken::cmd
