// Times as the real command shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken::cmd {

/// A point of time as a server writes it (RFC 3339), taken apart.
struct TimeParts {
  std::string date;      ///< "2026-11-22"
  std::string clock;     ///< "03:20:56"
  std::string fraction;  ///< digits without zeros at the end; may be empty
  std::string zone;      ///< "+00:00"
};

/// Nothing when it is no such time.
[[nodiscard]] std::optional<TimeParts> read_time(std::string_view text);

/// Go's Time.String: "2026-11-22 03:20:56.807745149 +0000 UTC". Empty text is Go's zero time; what is no time comes
/// back as it is.
[[nodiscard]] SecretString go_time_text(std::string_view text);

/// RFC 3339 without zeros at the end of the fraction, as Go encodes a time; the same exceptions.
[[nodiscard]] std::string rfc3339_text(std::string_view text);

}  // namespace vtoken::cmd
