// Addresses that no server can have. The real command takes any text for one and fails when it asks, so that as `vault`
// and `bao` we fail then, and so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/backend.hpp"

namespace vtoken::cmd {

struct OddAddress {
  bool at_once = false;  ///< found before anything is asked
  std::string problem;   ///< in the words of Go's net/url or net/http
  std::string base;      ///< what a request's URL begins with
};

/// What Go's client finds wrong; nothing when it would ask.
[[nodiscard]] std::optional<OddAddress> odd_address(std::string_view address);

/// Fails each request (server) as Go's client does: `Get "x/v1/sys/health": unsupported protocol scheme ""`.
[[nodiscard]] std::unique_ptr<Backend> odd_backend(OddAddress odd);

}  // namespace vtoken::cmd
