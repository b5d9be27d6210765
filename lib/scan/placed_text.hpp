// A text that is put together from lines of a diff, in which each finding has the place that its line has.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>

#include "scan/rolling_text.hpp"

namespace vtoken::scan {

class PlacedText {
 public:
  /// Gets each match in a line that is told. False ends the search.
  using OnFound =
      std::function<bool(const TokenMatch& match, std::string_view token, std::uint64_t line, std::uint64_t column)>;

  explicit PlacedText(OnFound on_found);

  /// What is added from now on is line `number`; `told` when its findings are wanted.
  void begin_line(std::uint64_t number, bool told);
  /// False when a finding was answered so.
  [[nodiscard]] bool add(std::string_view bytes);
  /// Searches what whole lines there are.
  [[nodiscard]] bool search() { return search(false); }
  /// Searches all that is left; another text begins.
  [[nodiscard]] bool end();

 private:
  struct Line {
    std::uint64_t start = 0;
    std::uint64_t number = 0;
    bool told = false;
  };

  [[nodiscard]] bool search(bool last);

  OnFound on_found_;
  RollingText text_;
  std::uint64_t passed_ = 0;  // up to where it was searched
  std::deque<Line> lines_;    // that may still have findings
};

}  // namespace vtoken::scan
