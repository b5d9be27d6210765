// What a found token is called, in lines for people and in SARIF's rules.
#pragma once

#include <array>
#include <string_view>

#include "scan/finding.hpp"

namespace vtoken::cmd {

struct ScanKind {
  std::string_view id;       ///< a SARIF rule's: "vault-ssc-token"
  std::string_view name;     ///< "SSC service token"
  std::string_view meaning;  ///< a sentence about such tokens
};

/// All kinds; a rule's index in SARIF is its place here.
inline constexpr std::array<ScanKind, 6> kScanKinds{{
    {"vault-ssc-token", "SSC service token",
     "A service token of Vault 1.10 or later, or of OpenBao: who holds it can do what its policies allow."},
    {"vault-service-token", "service token",
     "A root token of Vault 1.10 or later, or the id inside of another service token, which works as that token."},
    {"vault-legacy-token", "legacy service token", "A service token of Vault before 1.10, or of OpenBao."},
    {"vault-batch-token", "batch token",
     "A batch token of Vault or OpenBao. It cannot be revoked by itself: it ends with its parent or its TTL."},
    {"vault-recovery-token", "recovery token",
     "A recovery token of Vault or OpenBao: it can do everything while its server is in recovery mode."},
    {"vault-unknown-token", "token of unknown format",
     "Text that begins as a token of Vault or OpenBao does, and is none that is known."},
}};

/// The place of the finding's kind in kScanKinds.
[[nodiscard]] std::size_t scan_kind(const Finding& finding) noexcept;

}  // namespace vtoken::cmd
