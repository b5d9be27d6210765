// -output-file=FILE: what a command prints goes into a file, whole or not at all.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Declares -output-file.
void declare_output_file(FlagSet& flags, CommonValues& values);

/// A file in the making, readable for its owner alone. It takes its name at one stroke, in put_in_place(), or never: of
/// a process that is killed nothing is left where the file system knows nameless files (most do).
class OutputFile {
 public:
  /// Fails before anything is asked of a back end: usage (no name, a folder, a symbolic link, a device), not_found (no
  /// such folder), io (the folder, or the file that is there, may not be written; the disk is full).
  [[nodiscard]] static Result<OutputFile> create(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  /// Where to print.
  [[nodiscard]] std::ostream& stream() noexcept;
  /// Whether anything was printed.
  [[nodiscard]] bool has_content() const noexcept;
  /// Fails with io when not all that was printed could be written.
  [[nodiscard]] Result<void> flush();
  /// Replaces what was there by what was printed. On the disk when it returns. Fails with io, and leaves everything as
  /// it was.
  [[nodiscard]] Result<void> put_in_place();

 private:
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vtoken::cmd
