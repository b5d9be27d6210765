#include "scan/finding.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "base/hex.hpp"

namespace vtoken {

namespace {

// Keeps the digest apart from any other SHA-256 of a token. Baselines hold the outcome: it never changes.
constexpr std::string_view kLabel = "vtoken finding\n";

}  // namespace

Finding finding_of(const TokenMatch& match, std::string_view token, std::string path, std::uint64_t line,
                   std::uint64_t column) {
  return {std::move(path), line, column, SecretString(token), match.type, match.format, match.confidence, match.reason};
}

std::string fingerprint_of(std::string_view token) {
  SecretString labelled{kLabel};
  labelled.append(token);
  return to_hex(sha256(labelled.view()));
}

}  // namespace vtoken
