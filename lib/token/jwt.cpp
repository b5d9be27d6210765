#include "token/jwt.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "token/base64url.hpp"

namespace vtoken {
namespace {

// `{"` in base64url, and the first two bits of the letter behind it.
constexpr std::string_view kStart = "eyJ";

bool is_object(const SecretBytes& bytes) { return bytes.size() >= 2 && bytes.front() == '{' && bytes.back() == '}'; }

TokenFault fault_at(std::size_t at, std::string reason) { return {TokenFault::Unit::character, at, std::move(reason)}; }

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
    std::string_view name;
    bool is_json;
  };
  const Part parts[] = {
      {out.header, "header", true}, {out.claims, "set of claims", true}, {out.signature, "signature", false}};
  std::size_t at = 0;
  for (const Part& part : parts) {
    const std::string_view body = text.substr(at, text.find('.', at) - at);
    const bool is_cut = part.is_json && at + body.size() == text.size();
    const std::optional<Base64Fault> fault = decode_base64url(body, part.bytes);
    if (fault && !(fault->at_end && is_cut)) return fault_at(at + fault->at, std::string(fault->reason));
    if (is_cut) return fault_at(text.size(), fmt::format("cut short in the {}", part.name));
    if (body.empty()) return fault_at(at, fmt::format("the {} is missing", part.name));
    if (part.is_json && !is_object(part.bytes)) return fault_at(at, fmt::format("the {} is no JSON object", part.name));
    at += body.size() + 1;
  }
  if (at <= text.size()) return fault_at(at - 1, "a fourth part");
  return std::nullopt;
}

}  // namespace vtoken
