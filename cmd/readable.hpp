// Numbers, and texts that others wrote, for people at a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vtoken::cmd {

/// `text` with everything that a terminal may act on, or that cannot be seen, written as an escape ("\x1b", "\n",
/// "\u202e"): controls, bytes that are not UTF-8, marks that change the direction of writing, spaces but for " ".
[[nodiscard]] std::string readable(std::string_view text);

/// As readable(), but at most `most` columns (at least 4), the last three of them "..." when something was cut.
[[nodiscard]] std::string readable(std::string_view text, std::size_t most);

/// How many columns of a terminal a text without controls takes, at most.
[[nodiscard]] std::size_t count_columns(std::string_view text) noexcept;

/// The beginning of such a text that takes no more than `most` columns. Borrowed from `text`.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t most) noexcept;

/// "1,234,567".
[[nodiscard]] std::string grouped(std::size_t number);

/// "1 token", "1,234 tokens": `noun` with an s unless there is one.
[[nodiscard]] std::string counted(std::size_t number, std::string_view noun);

}  // namespace vtoken::cmd
