#include "token/jwt.hpp"

#include <string>

#include "token/base64url.hpp"

namespace vtoken {
namespace {

// `{"` in base64url, and the first two bits of the letter behind it.
constexpr std::string_view kStart = "eyJ";

bool is_object(const SecretBytes& bytes) { return bytes.size() >= 2 && bytes.front() == '{' && bytes.back() == '}'; }

TokenFault fault_at(std::size_t at, std::string_view reason) {
  return {TokenFault::Unit::character, at, std::string(reason)};
}

}  // namespace

bool starts_like_jwt(std::string_view text) {
  if (!text.starts_with(kStart)) return false;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  SecretBytes header;
  return !decode_base64url(text.substr(0, dot), header) && is_object(header);
}

std::optional<TokenFault> read_jwt(std::string_view text, Jwt& out) {
  out = Jwt{};
  struct Part {
    SecretBytes& bytes;
    std::string_view missing;
    std::string_view no_object;  // empty for what is none
  };
  const Part parts[] = {{out.header, "the header is missing", "the header is no JSON object"},
                        {out.claims, "the claims are missing", "the claims are no JSON object"},
                        {out.signature, "the signature is missing", {}}};
  std::size_t at = 0;
  for (const Part& part : parts) {
    if (at > text.size()) return fault_at(text.size(), part.missing);
    const std::string_view body = text.substr(at, text.find('.', at) - at);
    const std::optional<Base64Fault> fault = decode_base64url(body, part.bytes);
    if (fault) return fault_at(at + fault->at, fault->reason);
    if (body.empty()) return fault_at(at, part.missing);
    if (!part.no_object.empty() && !is_object(part.bytes)) return fault_at(at, part.no_object);
    at += body.size() + 1;
  }
  if (at <= text.size()) return fault_at(at - 1, "a fourth part");
  return std::nullopt;
}

}  // namespace vtoken
