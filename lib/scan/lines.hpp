// Counts lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vtoken::scan {

/// How many newlines a text holds: several bytes at a time.
[[nodiscard]] std::size_t count_newlines(std::string_view text) noexcept;

/// Where the text's last line begins: behind its last newline, or at 0.
[[nodiscard]] std::size_t after_last_newline(std::string_view text) noexcept;

/// Where in a text a place is, told piece by piece.
class LineCounter {
 public:
  /// Passes over the text that follows what was passed before.
  void pass(std::string_view text) noexcept;

  /// Passes over bytes that hold no newline.
  void skip(std::uint64_t bytes) noexcept { offset_ += bytes; }

  /// The place after all that was passed.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }                    ///< bytes
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }                        ///< from 1
  [[nodiscard]] std::uint64_t column() const noexcept { return offset_ - line_start_ + 1; }  ///< in bytes, from 1

 private:
  std::uint64_t offset_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t line_start_ = 0;
};

}  // namespace vtoken::scan
