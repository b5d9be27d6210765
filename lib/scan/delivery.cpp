#include "scan/delivery.hpp"

#include <utility>

namespace vtoken::scan {

bool Delivery::give(Event event) {
  if (const auto* error = std::get_if<Error>(&event.what)) {
    ++told_.troubles;
    sink_.trouble(*error);
    return true;
  }
  auto& finding = std::get<Finding>(event.what);
  if (event.file) {
    if (file_ != event.file) {
      file_ = std::move(event.file);
      places_.emplace(*file_);
    }
    const LineCounter& place = places_->go_to(event.offset);
    finding.path = file_->path;
    finding.line = place.line();
    finding.column = place.column();
  }
  ++told_.findings;
  return sink_.found(std::move(finding));
}

}  // namespace vtoken::scan
