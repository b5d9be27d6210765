#include "core/key_stream.hpp"

#include <algorithm>

#include "core/json.hpp"

namespace vtoken {
namespace {

constexpr std::size_t kMaxRest = 1 << 20;
constexpr std::size_t kMaxKey = 65535;
constexpr std::size_t kMaxKeys = std::size_t{256} << 20U;
constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kWhite = " \t\r\n";

}  // namespace

bool KeyStream::begin(int status) {
  status_ = status;
  return true;
}

bool KeyStream::piece(std::string_view bytes) {
  if (!problem_.empty() || stopped_) return false;
  if (status_ >= 400) return keep(bytes);
  for (std::size_t at = 0; at < bytes.size();) {
    const bool go_on = state_ == State::outside  ? outside(bytes, at)
                       : state_ == State::in_key ? key_bytes(bytes, at)
                                                 : inside(bytes, at);
    if (!go_on) return false;
  }
  return true;
}

Result<Response> KeyStream::rest() const {
  if (!problem_.empty()) return fail(ErrorKind::damaged, problem_);
  return Response{status_, kept_, headers_};
}

// Everything but the list of keys: copied, and watched for the place where that list begins.
bool KeyStream::outside(std::string_view bytes, std::size_t& at) {
  const std::size_t start = at;
  while (at < bytes.size()) {
    const char c = bytes[at++];
    if (in_string_) {
      const bool ends = c == '"' && !escaped_;
      escaped_ = c == '\\' && !escaped_;
      if (ends) string_ended();
      if (in_string_ && name_follows_ && name_.size() < 8) name_ += c;
      continue;
    }
    switch (c) {
      case '"':
        in_string_ = true;
        if (name_follows_) name_.clear();
        break;
      case '{':
      case '[':
        if (open_.size() >= kMaxDepth) return damaged("the answer is nested too deep");
        open(c);
        break;
      case '}':
      case ']': close(); break;
      case ',': name_follows_ = !open_.empty() && open_.back() == '{'; break;
      default: break;
    }
    if (state_ != State::outside) break;
  }
  return keep(bytes.substr(start, at - start));
}

void KeyStream::string_ended() {
  in_string_ = false;
  name_follows_ = false;
}

void KeyStream::open(char bracket) {
  const bool is_key_list = bracket == '[' && open_ == "{{" && outer_name_ == "data" && name_ == "keys";
  if (bracket == '{' && open_.size() == 1) outer_name_ = name_;
  open_ += bracket;
  name_follows_ = bracket == '{';
  if (is_key_list) state_ = State::list_begins;
}

void KeyStream::close() {
  if (!open_.empty()) open_.pop_back();
  name_follows_ = false;
}

// Between the keys: white space, commas, a key's beginning or the list's end.
bool KeyStream::inside(std::string_view bytes, std::size_t& at) {
  at = bytes.find_first_not_of(kWhite, at);
  if (at == std::string_view::npos) {
    at = bytes.size();
    return true;
  }
  const char c = bytes[at++];
  if (c == ']' && state_ != State::after_comma) {
    state_ = State::outside;
    listed_ = true;
    close();
    return keep("]");
  }
  if (c == '"' && state_ != State::after_key) {
    state_ = State::in_key;
    key_.clear();
    key_has_escapes_ = false;
    escaped_ = false;
    return true;
  }
  if (c == ',' && state_ == State::after_key) {
    state_ = State::after_comma;
    return true;
  }
  return damaged("the answer's keys are not a list of strings");
}

bool KeyStream::key_bytes(std::string_view bytes, std::size_t& at) {
  const std::size_t start = at;
  while (at < bytes.size()) {
    if (!escaped_) {
      at = std::min(bytes.find_first_of("\"\\", at), bytes.size());
      if (at == bytes.size()) break;
      if (bytes[at] == '"') {
        key_.append(bytes, start, at - start);
        ++at;
        return give_key();
      }
      key_has_escapes_ = true;
      escaped_ = true;
    } else {
      escaped_ = false;
    }
    ++at;
  }
  key_.append(bytes, start, at - start);
  return key_.size() <= kMaxKey || damaged("a key in the answer is too long");
}

bool KeyStream::give_key() {
  state_ = State::after_key;
  if (key_.size() > kMaxKey) return damaged("a key in the answer is too long");
  if (key_has_escapes_) {
    const auto text = parse_json("\"" + key_ + "\"");
    if (!text) return damaged("a key in the answer is not a JSON string");
    key_ = text->get_ref<const SecretString&>().view();
  }
  // Who takes keys mostly holds them, so an endless list would fill the memory. Even an empty key has to be held.
  given_ += key_.size() + 1;
  if (given_ > kMaxKeys) return damaged("the list is longer than 256 MiB, which no Vault server sends");
  if (take_(key_)) return true;
  stopped_ = true;
  return false;
}

bool KeyStream::damaged(std::string why) {
  problem_ = std::move(why);
  return false;
}

bool KeyStream::keep(std::string_view bytes) {
  if (kept_.size() + bytes.size() > kMaxRest) return damaged("the answer is too long");
  kept_.append(bytes);
  return true;
}

}  // namespace vtoken
