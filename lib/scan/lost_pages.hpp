// Mapped pages of a file that has become shorter, or whose disk fails: to touch one is a signal (SIGBUS) that ends the
// process. Here such a page becomes one of zeros.
#pragma once

#include <cstddef>

namespace vtoken::scan {

/// Pages of this thread that are looked after from now on, instead of earlier ones; none with a size of 0. The first
/// call in the process sets a handler for SIGBUS, which leaves all other addresses as they were: fatal.
void watch_pages(void* begin, std::size_t size) noexcept;

/// Whether one of them was lost since.
[[nodiscard]] bool pages_were_lost() noexcept;

}  // namespace vtoken::scan
