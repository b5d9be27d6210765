// What comes from files and standard input: token arguments, passphrases, key=value data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// All of a file, or of standard input for "-". Fails with not_found or io; the text names the file. Fails with usage,
/// as `vtoken`, when standard input was read already.
[[nodiscard]] Result<SecretString> read_secret_file(const Context& context, const std::string& path);

/// Cuts white space off the end.
void trim_end(SecretString& text);

/// Whether a byte below 0x20, or 0x7f, is in `text`.
[[nodiscard]] bool has_control_character(std::string_view text) noexcept;

/// The tokens or accessors that one argument stands for: itself; for "-" the lines of standard input and for "@FILE"
/// those of the file, white space around them and empty lines left out. Fails (usage) when there is none, or a control
/// character is inside one.
[[nodiscard]] Result<std::vector<SecretString>> expand_argument(const Context& context, const std::string& argument);

/// The same for all arguments of a command. Standard input can be named once only.
[[nodiscard]] Result<std::vector<SecretString>> expand_arguments(const Context& context,
                                                                 const std::vector<std::string>& arguments);

/// As expand_argument(), for a command that takes exactly one.
[[nodiscard]] Result<SecretString> expand_one(const Context& context, const std::string& argument);

}  // namespace vtoken::cmd
