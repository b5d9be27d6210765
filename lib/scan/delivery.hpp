// Gives events to a sink: with lines and columns, and counted.
#pragma once

#include <memory>
#include <optional>

#include "scan/event.hpp"
#include "scan/file.hpp"
#include "scan/scan.hpp"

namespace vtoken::scan {

/// For the calling thread only. Events of a file come in the order of their offsets.
class Delivery {
 public:
  explicit Delivery(ScanSink& sink) : sink_(sink) {}

  /// False when the sink wants no more.
  [[nodiscard]] bool give(Event event);
  /// How many findings and troubles there were.
  [[nodiscard]] const ScanTotals& told() const noexcept { return told_; }

 private:
  ScanSink& sink_;
  ScanTotals told_;
  std::shared_ptr<const File> file_;  // that places_ reads
  std::optional<FilePlaces> places_;
};

}  // namespace vtoken::scan
