// What servers say, for messages of one line.
#pragma once

#include <string>
#include <string_view>

namespace vtoken {

/// `text` on one line: blanks become one space each; several errors in one text, as servers write them ("2 errors
/// occurred:\n\t* …"), lose the head and are joined by semicolons. Controls become spaces.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace vtoken
