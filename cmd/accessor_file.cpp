#include "cmd/accessor_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <fstream>
#include <istream>
#include <optional>
#include <streambuf>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "core/json.hpp"
#include "token/prefix.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kMost = std::size_t{256} << 20U;  // bytes
constexpr std::size_t kLongest = 256;                   // of an accessor: they have 24 to 40
constexpr std::size_t kLongestLine = std::size_t{1} << 20U;
constexpr std::string_view kMark = "\xef\xbb\xbf";  // some editors begin a file with it

// Why `text` is no accessor; empty when it may be one. Today's are 24 letters and digits, with a namespace's behind a
// point; older ones were UUIDs.
std::string_view fault_of(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == '_';
  };
  if (text.empty() || text.size() > kLongest || !std::all_of(text.begin(), text.end(), fits)) return "no accessor";
  return token_prefix(text).empty() ? "" : "a token, where an accessor is wanted";
}

// The accessors in one JSON text: strings or objects with a member `accessor`, in a list or alone.
class Reader final : public nlohmann::json_sax<Json> {
 public:
  Reader(KeyList& keys, bool is_list) : keys_(keys), level_(is_list ? 1 : 0) {}

  bool null() override { return other(); }
  bool boolean(bool /*value*/) override { return other(); }
  bool number_integer(number_integer_t /*value*/) override { return other(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return other(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return other(); }
  bool binary(binary_t& /*value*/) override { return false; }

  bool string(string_t& value) override {
    if (depth_ == level_) {
      ++entry_;
    } else if (is_accessor_) {
      has_accessor_ = true;
    } else {
      return true;
    }
    return take(value.view());
  }

  bool key(string_t& name) override {
    is_accessor_ = depth_ == level_ + 1 && name.view() == "accessor" && !has_accessor_;
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    if (depth_ == level_) {
      ++entry_;
      has_accessor_ = is_accessor_ = false;
    }
    return depth_ >= level_ && !is_accessor_ && ++depth_ <= kMaxDepth;
  }
  bool end_object() override { return --depth_ > level_ || has_accessor_; }

  bool start_array(std::size_t /*size*/) override {
    const bool is_whole = level_ == 1 && depth_ == 0;
    return (is_whole || depth_ > level_) && !is_accessor_ && ++depth_ <= kMaxDepth;
  }
  bool end_array() override {
    --depth_;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

  /// The entry of the list that was read last, from 1.
  [[nodiscard]] std::size_t entry() const noexcept { return entry_; }
  /// Of the accessor that ended the reading; empty when it was something else.
  [[nodiscard]] std::string_view fault() const noexcept { return fault_; }

 private:
  static constexpr std::size_t kMaxDepth = 64;

  // Neither a list's entry nor an accessor may be one.
  [[nodiscard]] bool other() const { return depth_ > level_ && !is_accessor_; }

  bool take(std::string_view text) {
    is_accessor_ = false;
    fault_ = fault_of(text);
    if (!fault_.empty()) return false;
    keys_.add(text);
    return true;
  }

  KeyList& keys_;
  std::size_t level_;  // of the entries: 1 within a list, 0 alone
  std::size_t depth_ = 0;
  std::size_t entry_ = 0;
  bool is_accessor_ = false;   // the value that follows is one
  bool has_accessor_ = false;  // the entry's is known
  std::string_view fault_;
};

// Gives on what another has, up to a limit.
class Limited final : public std::streambuf {
 public:
  explicit Limited(std::streambuf& from) : from_(from) {}

  [[nodiscard]] bool too_long() const noexcept { return count_ > kMost; }
  /// A zero byte, which JSON's parser would take for the end.
  [[nodiscard]] bool has_zero() const noexcept { return has_zero_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 protected:
  int_type underflow() override {
    if (failed_ || too_long() || has_zero_) return traits_type::eof();
    const std::streamsize got = read();
    if (got <= 0) return traits_type::eof();
    count_ += static_cast<std::size_t>(got);
    has_zero_ = std::find(buffer_.begin(), buffer_.begin() + got, '\0') != buffer_.begin() + got;
    if (too_long() || has_zero_) return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
    return traits_type::to_int_type(buffer_.front());
  }

 private:
  std::streamsize read() {
    try {
      return from_.sgetn(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    } catch (const std::exception&) {  // a file's buffer throws what read() says
      failed_ = true;
      return 0;
    }
  }

  std::streambuf& from_;
  std::array<char, 65536> buffer_{};
  std::size_t count_ = 0;
  bool has_zero_ = false;
  bool failed_ = false;
};

// "line 3 is no accessor; …", or nothing when all is well.
using Complaint = std::optional<std::string>;

std::string complaint(std::string_view kind, std::size_t number, std::string_view fault) {
  return fmt::format("{} {} is {}; nothing was done", kind, number, fault.empty() ? "no accessor" : fault);
}

Complaint read_list(std::istream& in, KeyList& keys) {
  Reader reader(keys, true);
  if (Json::sax_parse(in, &reader)) return std::nullopt;
  if (!reader.fault().empty()) return complaint("entry", reader.entry(), reader.fault());
  return fmt::format("this is no JSON array of accessors, or of objects that have one: it ends at entry {}",
                     reader.entry());
}

// Reads a line without its end; false at the end of it all. What is longer than a line can be is cut.
bool read_line(std::streambuf& in, std::string& line) {
  using Traits = std::streambuf::traits_type;
  line.clear();
  auto c = in.sbumpc();
  if (c == Traits::eof()) return false;
  for (; c != Traits::eof() && Traits::to_char_type(c) != '\n'; c = in.sbumpc()) {
    if (line.size() <= kLongestLine) line += Traits::to_char_type(c);
  }
  return true;
}

// Why a line is none of those that may be there.
Complaint read_line_of(std::string_view line, std::size_t number, KeyList& keys) {
  if (line.empty() || line.front() == '#') return std::nullopt;
  if (line.size() > kLongestLine) return complaint("line", number, "too long");
  if (line.front() == '{' || line.front() == '"') {
    Reader reader(keys, false);
    if (Json::sax_parse(line, &reader)) return std::nullopt;
    return complaint("line", number, reader.fault().empty() ? "no JSON object with an accessor in it" : reader.fault());
  }
  if (const auto fault = fault_of(line); !fault.empty()) return complaint("line", number, fault);
  keys.add(line);
  return std::nullopt;
}

Complaint read_lines(std::streambuf& in, std::size_t number, KeyList& keys) {
  for (std::string line; read_line(in, line); ++number) {
    if (auto wrong = read_line_of(vtoken::trimmed(std::string_view(line)), number, keys)) return wrong;
  }
  if (keys.empty()) return "there is no accessor in it";
  return std::nullopt;
}

// Past the mark and white space that an array may begin with. What is passed over is no accessor's.
bool begins_array(std::streambuf& in, std::string& passed) {
  using Traits = std::streambuf::traits_type;
  for (auto c = in.sgetc(); c != Traits::eof(); c = in.snextc()) {
    const char byte = Traits::to_char_type(c);
    if (byte == '[') return true;
    const bool blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
    const bool marks = passed.size() < kMark.size() && byte == kMark[passed.size()] && kMark.starts_with(passed);
    if (!blank && !marks) return false;
    passed += byte;
  }
  return false;
}

}  // namespace

Result<KeyList> read_accessors(std::istream& in, const std::string& source) {
  Limited limited(*in.rdbuf());
  std::istream all(&limited);
  KeyList keys;
  std::string passed;
  Complaint wrong;
  if (begins_array(limited, passed)) {
    wrong = read_list(all, keys);
  } else {
    const auto first = 1 + std::count(passed.begin(), passed.end(), '\n');
    wrong = read_lines(limited, static_cast<std::size_t>(first), keys);
  }
  if (limited.failed()) return fail(ErrorKind::io, "cannot be read", source);
  if (limited.too_long()) return fail(ErrorKind::usage, "it is longer than 256 MiB", source);
  if (limited.has_zero()) return fail(ErrorKind::usage, "a zero byte is inside: this is no text", source);
  if (wrong) return fail(ErrorKind::usage, std::move(*wrong), source);
  return keys;
}

Result<KeyList> read_accessor_file(const Context& context, const std::string& path) {
  if (path == "-") return read_accessors(context.streams.in, "standard input");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const auto failed = [&path](int code) {
    return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::io,
                code == 0 ? "cannot be read" : std::generic_category().message(code), path);
  };
  if (!file) return failed(errno);
  if (file.peek() == std::ifstream::traits_type::eof() && file.bad()) return failed(errno);
  file.clear();  // an empty file is told of below
  return read_accessors(file, path);
}

}  // namespace vtoken::cmd
