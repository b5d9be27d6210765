// Scans a stream that is read as it is.
#pragma once

#include <string>
#include <string_view>

#include "scan/scan.hpp"

namespace vtoken::scan {

/// Scans all that `read` gives. Findings, bytes and a failure to read are counted.
[[nodiscard]] ScanTotals scan_plain_stream(const ReadSome& read, const std::string& name, Confidence least,
                                           ScanSink& sink);

}  // namespace vtoken::scan
