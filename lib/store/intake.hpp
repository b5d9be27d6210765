// What a request says, read before anybody looks at who asks.
#pragma once

#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken::store {

struct Intake {
  std::unique_ptr<Json> data;  ///< an object: the body, or what a read's query says; empty when there is neither
  Nanoseconds wrap_ttl = 0;    ///< 0 for no wrapping
  std::optional<Response> refusal = {};  ///< the request is no good, whoever asks
};

[[nodiscard]] Intake read_request(const Request& request);

}  // namespace vtoken::store
