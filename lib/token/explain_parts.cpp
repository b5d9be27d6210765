#include "token/explain_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "base/timestamp.hpp"
#include "token/field.hpp"

namespace vtoken::explain {
namespace {

constexpr std::size_t kShownText = 64;

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kShownText)) {
    if (c >= ' ' && c < 0x7f && c != '\\') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > kShownText) out += fmt::format("… ({} bytes)", text.size());
  return out;
}

std::string bytes_of(std::uint64_t count) { return count == 1 ? "1 byte" : fmt::format("{} bytes", count); }

std::string with_note(std::string meaning, std::string_view note) {
  if (note.empty()) return meaning;
  return fmt::format("{}: {}", meaning, note);
}

// Points of time that nanoseconds in 64 bits do not reach stay seconds.
std::string time_of(std::int64_t seconds) {
  if (seconds < 0 || seconds >= kLatestSecond) return std::to_string(seconds);
  return fmt::format("{} ({})", seconds, format_time(seconds * kSecond));
}

std::string number_of(const wire::Field& field, const Known* known) {
  const auto as_signed = static_cast<std::int64_t>(field.value);
  if (known == nullptr) return std::to_string(field.value);
  switch (known->reads) {
    case Reads::ttl: return with_note(human_duration(as_signed), known->note);
    case Reads::time: return with_note(time_of(as_signed), known->note);
    default: return with_note(std::to_string(field.value), known->note);
  }
}

std::string_view follows(wire::Kind kind) {
  switch (kind) {
    case wire::Kind::varint: return "a number follows";
    case wire::Kind::fixed64: return "8 bytes follow";
    case wire::Kind::bytes: return "a length and bytes follow";
    case wire::Kind::fixed32: break;
  }
  return "4 bytes follow";
}

class Walk {
 public:
  Walk(std::string_view message, std::size_t base, unsigned depth, const Schema& schema, std::vector<TokenPart>& parts)
      : message_(message), base_(base), depth_(depth), schema_(schema), parts_(parts) {}

  void run() {
    for (std::size_t at = 0; at < message_.size();) {
      const wire::Field field = wire::read_field(message_, at);
      add_field(field);
      if (field.reading != wire::Reading::whole) return;
      at = field.end;
    }
  }

 private:
  const Known* find(const wire::Field& field) const {
    const auto known = std::find_if(schema_.fields.begin(), schema_.fields.end(),
                                    [&](const Known& one) { return one.number == field.number; });
    return known == schema_.fields.end() ? nullptr : &*known;
  }

  // Nothing, when there is no byte between the two.
  TokenPart* add(std::size_t from, std::size_t to, std::string name, std::string meaning) {
    if (from >= to) return nullptr;
    parts_.push_back({base_ + from, to - from, depth_, std::move(name), std::move(meaning), false, false});
    return &parts_.back();
  }

  // From `from` to the end: not to be read, or less than there should be.
  void add_broken(const wire::Field& field, std::size_t from, std::string name) {
    TokenPart* part = add(from, message_.size(), std::move(name), wire::framing_reason(field));
    if (part == nullptr) return;
    part->secret = true;
    part->damaged = true;
  }

  void add_field(const wire::Field& field) {
    if (field.number == 0) return add_broken(field, field.at, "not to be read");
    const Known* known = find(field);
    const std::string label = wire::label_of(field, known == nullptr ? std::string_view() : known->name);
    add(field.at, field.length_at, label + ", tag", std::string(follows(field.kind)));
    if (field.kind != wire::Kind::bytes) {
      if (field.reading != wire::Reading::whole) return add_broken(field, field.value_at, label);
      const bool hidden = known != nullptr && known->reads == Reads::hidden;
      add(field.value_at, field.end, label, hidden ? "a number" : number_of(field, known))->secret = hidden;
      return;
    }
    const bool has_length = field.reading == wire::Reading::whole || field.reading == wire::Reading::cut_bytes;
    if (!has_length) return add_broken(field, field.length_at, label + ", length");
    add(field.length_at, field.value_at, label + ", length", bytes_of(field.value));
    add_bytes(field, known, label);
  }

  void add_bytes(const wire::Field& field, const Known* known, const std::string& label) {
    if (known != nullptr && known->reads == Reads::message) {
      return add_fields(field.bytes, base_ + field.value_at, depth_ + 1, *known->inside, parts_);
    }
    if (field.reading != wire::Reading::whole) return add_broken(field, field.value_at, label);
    TokenPart* part = add(field.value_at, field.end, label, {});
    if (part == nullptr) return;
    part->secret = known == nullptr || known->reads != Reads::text;
    part->meaning = part->secret ? bytes_of(field.bytes.size()) : plain(field.bytes);
    if (known != nullptr) part->meaning = with_note(part->meaning, known->note);
  }

  std::string_view message_;
  std::size_t base_;
  unsigned depth_;
  const Schema& schema_;
  std::vector<TokenPart>& parts_;
};

}  // namespace

void add_fields(std::string_view message, std::size_t base, unsigned depth, const Schema& schema,
                std::vector<TokenPart>& parts) {
  Walk(message, base, depth, schema, parts).run();
}

void mark_damaged(std::vector<TokenPart>& parts, std::size_t at) {
  for (TokenPart& part : parts) part.damaged = part.damaged || part.at + part.size > at;
}

}  // namespace vtoken::explain
