#include "store/token_keys.hpp"

#include <fmt/format.h>

#include "store/engine.hpp"

namespace vtoken::store {

bool Engine::verify(const SscToken& token) const { return verify_ssc(token, file_.keyring().ssc_key()); }

Result<BatchEntry> Engine::open(const BatchEnvelope& envelope) const {
  const AesGcm* cipher = file_.keyring().cipher(envelope.key_term);
  if (cipher == nullptr) {
    return fail(ErrorKind::not_found, fmt::format("the store has no key of term {}", envelope.key_term));
  }
  return open_batch(envelope, *cipher);
}

std::optional<SecretBytes> Engine::unseal(const BatchEnvelope& envelope) const {
  const AesGcm* cipher = file_.keyring().cipher(envelope.key_term);
  return cipher == nullptr ? std::nullopt : cipher->open(as_text(envelope.sealed), "");
}

const TokenKeys* token_keys(const Backend& backend) noexcept { return dynamic_cast<const TokenKeys*>(&backend); }

}  // namespace vtoken::store
