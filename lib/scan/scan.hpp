// Scans files, folders and streams for tokens: several threads, memory that does not grow with what is read.
//
// Threads: calls of a sink come one at a time, from the thread that called.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "scan/finding.hpp"

namespace vtoken {

struct ScanSettings {
  Confidence least = Confidence::likely;
  bool binaries = false;  ///< also files that hold a NUL byte in their first 8 KiB
  bool ignored = false;   ///< also what .gitignore files and .git/info/exclude say to leave out, and .git itself
  unsigned threads = 0;   ///< 1 to 64; 0 is one a core
};

/// Where findings go. What is found comes in the order of the paths given, files of a folder sorted by name, and within
/// a file from its start to its end, however many threads work.
class ScanSink {
 public:
  virtual ~ScanSink() = default;
  /// False ends the scan (output that nobody reads any more).
  [[nodiscard]] virtual bool found(Finding finding) = 0;
  /// A file or folder that could not be read, or not whole: the scan goes on. The context names it.
  virtual void trouble(const Error& error) = 0;
};

struct ScanTotals {
  std::uint64_t files = 0;  ///< read to their end
  std::uint64_t bytes = 0;
  std::uint64_t binaries = 0;  ///< left out as binary
  std::uint64_t ignored = 0;   ///< files and folders left out by ignore rules (a folder counts once)
  std::uint64_t findings = 0;  ///< of at least the least confidence
  std::uint64_t troubles = 0;
  bool ended_early = false;  ///< a sink said so
};

/// Adds what another scan, or a part of this one, counted.
void add(ScanTotals& totals, const ScanTotals& more) noexcept;

/// Scans files and, with all below them, folders. A file that is named is scanned whatever ignore rules say, a pipe or
/// device that is named is read as a stream; in folders only regular files are, and symbolic links are not followed.
[[nodiscard]] ScanTotals scan_paths(const std::vector<std::string>& paths, const ScanSettings& settings,
                                    ScanSink& sink);

/// Reads the next bytes of a stream into the buffer: how many, 0 at the end, or a failure.
using ReadSome = std::function<Result<std::size_t>(char* buffer, std::size_t size)>;

/// How a stream is to be read.
enum class StreamForm {
  plain,  ///< as text
  diff,  ///< a unified diff (git diff, git show, git log -p): added lines, under the name and line of the new file, and
         ///< what stands outside of hunks (commit messages) under the stream's own
  guess  ///< diff when it starts like one
};

/// Scans a stream to its end, piece by piece. `name` stands for its path.
[[nodiscard]] ScanTotals scan_stream(const ReadSome& read, const std::string& name, StreamForm form,
                                     const ScanSettings& settings, ScanSink& sink);

}  // namespace vtoken
