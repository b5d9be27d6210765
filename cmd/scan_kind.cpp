#include "cmd/scan_kind.hpp"

namespace vtoken::cmd {

std::size_t scan_kind(const Finding& finding) noexcept {
  switch (finding.format) {
    case TokenFormat::ssc: return 0;
    case TokenFormat::inner: return 1;
    case TokenFormat::legacy: return 2;
    case TokenFormat::batch: return 3;
    case TokenFormat::recovery: return 4;
    case TokenFormat::jwt:
    case TokenFormat::accessor:
    case TokenFormat::uuid:
    case TokenFormat::unknown: break;
  }
  return 5;
}

}  // namespace vtoken::cmd
