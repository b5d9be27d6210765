#include "base/base64.hpp"

#include <openssl/evp.h>

namespace vtoken {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  // OpenSSL forgives more than Go does: what it gets is checked first.
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    if (c != '\r' && c != '\n') clean += c;
  }
  if (clean.size() % 4 != 0 || clean.size() > std::size_t{1} << 30U) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < clean.size() && clean[clean.size() - 1 - padding] == '=') ++padding;
  const std::string_view data = std::string_view(clean).substr(0, clean.size() - padding);
  if (data.find_first_not_of(kAlphabet) != std::string_view::npos) return std::nullopt;
  if (clean.empty()) return std::string();
  std::string out(clean.size() / 4 * 3, '\0');
  // The cast is OpenSSL's idea of bytes.
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(clean.data()), static_cast<int>(clean.size()));
  if (size < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace vtoken
