// YAML as the real command writes it: libyaml's emitter, Go's choice of quotes and order of members.
#pragma once

#include <iosfwd>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/json_fwd.hpp"
#include "core/key_list.hpp"

namespace vtoken::cmd {

/// One document, with a newline at the end. Fails (internal) only when memory is short.
[[nodiscard]] Result<SecretString> yaml_text(const Json& value);

/// A list of strings, with a newline at the end. Memory does not grow with it.
[[nodiscard]] Result<void> write_key_yaml(std::ostream& out, const KeyList& keys);

/// Whether a string may stand without quotes: YAML 1.1 readers must not take it for a number, a time, true or null.
[[nodiscard]] bool yaml_reads_as_string(std::string_view text);

/// Go's order of members: letters by their code, digits by the number they form, all else before letters.
[[nodiscard]] bool yaml_name_less(std::string_view a, std::string_view b);

}  // namespace vtoken::cmd
