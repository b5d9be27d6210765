#include "scan/reading.hpp"

#include <algorithm>
#include <array>

namespace vtoken::scan {

bool PeekedStream::look_further() {
  if (end_) return false;
  std::array<char, 8192> piece{};
  const Result<std::size_t> got = read_(piece.data(), piece.size());
  if (!got || *got == 0) {
    end_ = got;
    return false;
  }
  head_.append(piece.data(), std::min(*got, piece.size()));
  return true;
}

Result<std::size_t> PeekedStream::read(char* buffer, std::size_t size) {
  if (const std::size_t count = head().copy(buffer, size); count > 0) {
    at_ += count;
    return count;
  }
  if (end_) return *std::exchange(end_, std::nullopt);
  Result<std::size_t> got = read_(buffer, size);
  if (got) *got = std::min(*got, size);
  return got;
}

Piece read_piece(const ReadSome& read, std::span<char> room, const std::string& name, ScanTotals& totals,
                 ScanSink& sink) {
  Result<std::size_t> got = read(room.data(), room.size());
  if (!got) {
    if (got.error().context.empty()) got.error().context = name;
    sink.trouble(got.error());
    ++totals.troubles;
    return {0, true};
  }
  totals.bytes += *got;
  if (*got == 0) ++totals.files;
  return {*got, *got == 0};
}

}  // namespace vtoken::scan
