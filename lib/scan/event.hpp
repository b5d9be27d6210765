// What the work on a file brings to light, on its way to the sink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

#include "scan/file.hpp"
#include "scan/finding.hpp"
#include "scan/scan.hpp"

namespace vtoken::scan {

struct Event {
  std::variant<Finding, Error> what;
  /// Of a finding whose path, line and column are still to be filled in: where it is. Else null.
  std::shared_ptr<const File> file = {};
  std::uint64_t offset = 0;

  /// Memory that it holds, about.
  [[nodiscard]] std::size_t size() const noexcept {
    const auto* finding = std::get_if<Finding>(&what);
    return sizeof(Event) + (finding == nullptr ? 0 : finding->token.size() + finding->path.size());
  }
};

/// Takes events in their order.
class Outlet {
 public:
  virtual ~Outlet() = default;
  /// False: nobody wants more.
  [[nodiscard]] virtual bool put(Event event) = 0;
};

}  // namespace vtoken::scan
