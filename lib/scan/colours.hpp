// Colours in the output of other programs.
#pragma once

#include <string>
#include <string_view>

namespace vtoken::scan {

/// `text` without the sequences that set a terminal's colours, ESC [ … m, and those that clear a line's end. Borrowed
/// from `text`, or from `scratch`, whose memory is used.
[[nodiscard]] std::string_view without_colours(std::string_view text, std::string& scratch);

}  // namespace vtoken::scan
