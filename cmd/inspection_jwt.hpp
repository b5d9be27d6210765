// Wrapping tokens in the format "jwt" (a request's X-Vault-Wrap-Format): header.claims.signature, base64url each. The
// claims are jti (the id of the wrapping token itself), type ("wrapping"), addr (the server's), accessor (of the token
// that is wrapped), exp, iat, nbf; the signature is the server's (ES512).
// Source: openbao vault/wrapping.go.
#pragma once

#include "cmd/inspection.hpp"

namespace vtoken::cmd {

/// Reads the JSON of a token of that form; the signature is not checked. Sets Inspection::jwt, the type when it is a
/// wrapping token (a service token is inside), and the TTL that the claims say.
void read_claims(Inspection& inspection, Nanoseconds now);

}  // namespace vtoken::cmd
