// A back end that tells, for -v, what answers say beside their bodies.
#pragma once

#include <iosfwd>
#include <memory>

#include "core/backend.hpp"

namespace vtoken::cmd {

/// Passes everything on to `inner`. For each answer that names the cluster's state a line "X-Vault-Index: …" goes to
/// `err`; it can be given to -require-index. Borrows `err`.
[[nodiscard]] std::unique_ptr<Backend> noting_backend(std::unique_ptr<Backend> inner, std::ostream& err);

}  // namespace vtoken::cmd
