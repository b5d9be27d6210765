// A file that is open to be scanned.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "scan/lines.hpp"
#include "scan/walk.hpp"

namespace vtoken::scan {

/// Several threads read it, each at its own place.
struct File {
  File(std::string shown, int number) : path(std::move(shown)), open(number) {}

  std::string path;
  Descriptor open;
  std::uint64_t size = 0;             ///< when it was opened; what is appended later is not read
  bool seekable = false;              ///< a regular file that says its size; else it is read as a stream
  std::atomic<bool> spoiled = false;  ///< its trouble was told already
};

/// Opens a file; null when it is none that a folder is searched for any more. Waits for a named pipe's writer.
[[nodiscard]] Result<std::shared_ptr<File>> open_file(const WalkedFile& walked);

/// The first place from `offset` on that is in no hole of the file, which reads as zeros; the file's size when there is
/// none. Holes cost nothing as long as they are not read.
[[nodiscard]] std::uint64_t next_data(const File& file, std::uint64_t offset) noexcept;

/// Finds lines and columns of places in a file, in rising order, by reading what lies between them.
class FilePlaces {
 public:
  explicit FilePlaces(const File& file) noexcept : file_(&file) {}
  [[nodiscard]] const File* file() const noexcept { return file_; }
  /// Reads on to `offset`; the counter then tells its line and column. What cannot be read is not counted.
  [[nodiscard]] const LineCounter& go_to(std::uint64_t offset);

 private:
  const File* file_;
  LineCounter counter_;
};

}  // namespace vtoken::scan
