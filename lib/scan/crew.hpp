// Several threads scan files; one, the caller's, tells what they find, in order.
#pragma once

#include "scan/scan.hpp"
#include "scan/walk.hpp"

namespace vtoken::scan {

/// Scans what a walk gives on `threads` threads, two or more, besides the caller's, which calls the sink. What waits to
/// be told takes a few MiB at most: threads that are far ahead wait for it.
[[nodiscard]] ScanTotals scan_with_crew(Walk& walk, unsigned threads, const ScanSettings& settings, ScanSink& sink);

/// The same on the caller's thread alone.
[[nodiscard]] ScanTotals scan_alone(Walk& walk, const ScanSettings& settings, ScanSink& sink);

}  // namespace vtoken::scan
