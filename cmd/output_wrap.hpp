// Paragraphs for warnings.
#pragma once

#include <string>
#include <string_view>

namespace vtoken::cmd {

/// Breaks `text` at its spaces into lines of at most `width` bytes, as evenly as possible, each after `indent`
/// spaces; a longer word gets a line of its own. No newline at the end.
[[nodiscard]] std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace vtoken::cmd
