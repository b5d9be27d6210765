// The first part of an answer: its status and its headers, read line by line within bounds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/request.hpp"

namespace vtoken::remote {

struct Head {
  int status = 0;
  std::vector<Header> headers = {};

  /// The first header of that name, whatever its case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Reads the lines that libcurl passes on. A new status line (after "100 Continue", or a proxy's) starts afresh.
class HeadReader {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{256} << 10U;  ///< of all heads of one exchange together
  static constexpr std::size_t kMostLines = 1000;

  /// Takes one line with its line end. False when there is too much of it; it is then to be given up.
  [[nodiscard]] bool line(std::string_view bytes);

  /// Whether the empty line that ends a head has come.
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] const Head& head() const noexcept { return head_; }
  [[nodiscard]] Head take() noexcept { return std::move(head_); }

 private:
  Head head_;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
  bool complete_ = false;
};

}  // namespace vtoken::remote
