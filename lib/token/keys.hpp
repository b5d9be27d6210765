// What only the keys of the store (or server) that made a token can tell.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "token/batch.hpp"
#include "token/ssc.hpp"

namespace vtoken {

/// Checks and opens tokens. The store implements it over its keyring; tests over keys of their own. For one thread at a
/// time.
class TokenKeys {
 public:
  virtual ~TokenKeys() = default;

  /// Whether the HMAC was made with these keys.
  [[nodiscard]] virtual bool verify(const SscToken& token) const = 0;

  /// What the batch token carries. Fails with not_found when there is no key of its term, wrong_key when the key of
  /// that term did not seal it, damaged when what is inside cannot be read.
  [[nodiscard]] virtual Result<BatchEntry> open(const BatchEnvelope& envelope) const = 0;

  /// The plaintext (TokenEntry) of a batch token, for tools that show its bytes. Nothing when open() would not find or
  /// accept the key.
  [[nodiscard]] virtual std::optional<SecretBytes> unseal(const BatchEnvelope& envelope) const = 0;
};

}  // namespace vtoken
