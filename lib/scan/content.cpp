#include "scan/content.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "base/utf8.hpp"

namespace vtoken::scan {

namespace {

constexpr char32_t kReplacement = 0xfffd;

class Utf16Reader {
 public:
  Utf16Reader(ReadSome read, bool big_endian) : read_(std::move(read)), big_endian_(big_endian) {}

  Result<std::size_t> operator()(char* buffer, std::size_t size) {
    while (begin_ == end_) {
      if (ended_) return std::size_t{0};
      Result<std::size_t> got = read_(in_.data(), in_.size());
      if (!got) return got;
      ended_ = *got == 0;
      begin_ = end_ = 0;
      take({in_.data(), *got});
      if (ended_) finish();
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::copy_n(out_.data() + begin_, count, buffer);
    begin_ += count;
    return count;
  }

 private:
  void take(std::string_view bytes) {
    for (const char byte : bytes) {
      const auto here = static_cast<unsigned char>(byte);
      if (!half_) {
        half_ = here;
      } else {
        unit(static_cast<char32_t>(big_endian_ ? *half_ << 8U | here : here << 8U | *half_));
        half_.reset();
      }
    }
  }

  void unit(char32_t unit) {
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    if (high_ != 0) {
      const char32_t high = std::exchange(high_, 0);
      if (low) return put(0x10000 + ((high - 0xd800) << 10U) + (unit - 0xdc00));
      put(kReplacement);
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      high_ = unit;
    } else {
      put(low ? kReplacement : unit);
    }
  }

  void finish() {
    if (half_ || high_ != 0) put(kReplacement);
    half_.reset();
    high_ = 0;
  }

  void put(char32_t c) { end_ += put_utf8(c, std::span<char, kLongestUtf8>(out_.data() + end_, kLongestUtf8)); }

  static constexpr std::size_t kPiece = 16384;

  ReadSome read_;
  bool big_endian_;
  bool ended_ = false;
  std::optional<unsigned char> half_;  // of a unit
  char32_t high_ = 0;                  // the first of a surrogate pair
  std::array<char, kPiece> in_{};
  std::array<char, 2 * kPiece + 8> out_{};  // two bytes become three at most
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

Content content_of(std::string_view head) noexcept {
  if (head.starts_with("\xff\xfe")) return Content::utf16_little;
  if (head.starts_with("\xfe\xff")) return Content::utf16_big;
  return head.find('\0') == std::string_view::npos ? Content::text : Content::binary;
}

ReadSome utf16_as_utf8(ReadSome read, bool big_endian) {
  // A std::function is copied, and its copies go on reading where the first was.
  auto reader = std::make_shared<Utf16Reader>(std::move(read), big_endian);
  return [reader](char* buffer, std::size_t size) { return (*reader)(buffer, size); };
}

}  // namespace vtoken::scan
