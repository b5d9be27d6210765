// Scans a unified diff.
#pragma once

#include <string>
#include <string_view>

#include "scan/scan.hpp"

namespace vtoken::scan {

/// Scans all that `read` gives: added lines as the text of the new file, with the
/// lines around them for context; all outside of hunks as text of the stream. Colours are left out when the stream
/// begins with one.
[[nodiscard]] ScanTotals scan_diff_stream(const ReadSome& read, const std::string& name, Confidence least,
                                          ScanSink& sink);

}  // namespace vtoken::scan
