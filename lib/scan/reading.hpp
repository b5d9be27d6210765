// Reading streams: piece by piece, and with a look at the first bytes before it is known how to read them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "scan/scan.hpp"

namespace vtoken::scan {

/// A stream that can be looked into. Nothing is lost: what was looked at is read again, and so is a failure.
class PeekedStream {
 public:
  explicit PeekedStream(ReadSome read) : read_(std::move(read)) {}

  /// What was looked at, and not read yet.
  [[nodiscard]] std::string_view head() const noexcept { return head_.view().substr(at_); }
  /// Looks at more. False when there is no more.
  [[nodiscard]] bool look_further();
  /// Leaves out bytes of the head.
  void skip(std::size_t bytes) noexcept { at_ += bytes; }

  [[nodiscard]] Result<std::size_t> read(char* buffer, std::size_t size);

 private:
  ReadSome read_;
  SecretString head_;
  std::size_t at_ = 0;
  std::optional<Result<std::size_t>> end_;  // how the stream ended while it was looked at
};

/// What a call of read_piece brought.
struct Piece {
  std::size_t size = 0;  ///< bytes
  bool last = false;     ///< there is no more
};

/// Reads the next piece of the stream `name` into `room` and counts it in `totals`: its bytes, the stream as a file
/// when it has ended well, and a failure, which is told to `sink` and after which there is no more.
[[nodiscard]] Piece read_piece(const ReadSome& read, std::span<char> room, const std::string& name, ScanTotals& totals,
                               ScanSink& sink);

}  // namespace vtoken::scan
