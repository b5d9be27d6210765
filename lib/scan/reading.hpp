// Streams whose first bytes are looked at before it is known how to read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "scan/scan.hpp"

namespace vtoken::scan {

/// A stream that can be looked into. Nothing is lost: what was looked at is read again, and so is a failure.
class PeekedStream {
 public:
  explicit PeekedStream(ReadSome read) : read_(std::move(read)) {}

  /// What was looked at, and not read yet.
  [[nodiscard]] std::string_view head() const noexcept { return std::string_view(head_).substr(at_); }
  /// Looks at more. False when there is no more.
  [[nodiscard]] bool look_further();
  /// Leaves out bytes of the head.
  void skip(std::size_t bytes) noexcept { at_ += bytes; }

  [[nodiscard]] Result<std::size_t> read(char* buffer, std::size_t size);

 private:
  ReadSome read_;
  std::string head_;
  std::size_t at_ = 0;
  std::optional<Result<std::size_t>> end_;  // how the stream ended while it was looked at
};

/// A failure to read `name`.
[[nodiscard]] Error with_context(Error error, const std::string& name);

}  // namespace vtoken::scan
