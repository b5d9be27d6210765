// Parts of files in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "scan/file.hpp"

namespace vtoken::scan {

/// Shows one part of one file at a time: small ones are read, larger ones mapped, so that nothing is copied. For one
/// thread, from the first view to the end.
class Window {
 public:
  Window() = default;
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// The bytes [from, until) of a file, borrowed until the next call. Where a file has become shorter meanwhile, or its
  /// disk fails, the text is shorter or zeros, and trouble() says so.
  [[nodiscard]] std::string_view view(const File& file, std::uint64_t from, std::uint64_t until);

  /// What has been wrong with the last view: while it was made, or since.
  [[nodiscard]] std::optional<Error> trouble(const File& file) const;

 private:
  void unmap() noexcept;
  [[nodiscard]] std::string_view read(const File& file, std::uint64_t from, std::size_t size);

  std::vector<char> bytes_;
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  bool short_ = false;
  int failure_ = 0;
};

}  // namespace vtoken::scan
