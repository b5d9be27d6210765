// Scans files, the larger ones in parts that several threads can take.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "scan/event.hpp"
#include "scan/file.hpp"
#include "scan/scan.hpp"
#include "scan/window.hpp"

namespace vtoken::scan {

/// One part of a file that is text.
struct Part {
  std::shared_ptr<File> file;
  std::uint64_t from = 0;
};

/// Does the work of one thread. The totals it returns are those of one call, without what the outlet was given.
class FileScanner {
 public:
  /// Gets the part that follows, as soon as it is known that there is one: somebody else may begin with it.
  using OnPart = std::function<void(Part next)>;

  /// `stop` ends a wait for a stream's next bytes.
  FileScanner(const ScanSettings& settings, const std::atomic<bool>& stop) : settings_(settings), stop_(stop) {}

  /// The first part of a file, or all of one that is no text.
  [[nodiscard]] ScanTotals begin(const WalkedFile& walked, Outlet& out, const OnPart& on_part);
  [[nodiscard]] ScanTotals go_on(const Part& part, Outlet& out, const OnPart& on_part);

 private:
  [[nodiscard]] ScanTotals scan_part(const Part& part, std::string_view text, std::uint64_t text_at, Outlet& out);
  [[nodiscard]] ScanTotals scan_stream(const std::shared_ptr<File>& file, Outlet& out);
  [[nodiscard]] ScanTotals scan_utf16(const std::shared_ptr<File>& file, bool big_endian, Outlet& out);

  const ScanSettings& settings_;
  const std::atomic<bool>& stop_;
  Window window_;
};

}  // namespace vtoken::scan
