#include "token/base62.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/crypto.hpp"

namespace vtoken {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

SecretString random_base62(std::size_t length) {
  SecretString text;
  text.reserve(length);
  // Enough for an id and its rejects in one system call, nearly always; never kept from one call to the next, since
  // a process that forks would hand the same bytes to both halves.
  std::array<unsigned char, 40> random{};
  while (text.size() < length) {
    const std::size_t wanted = std::min(random.size(), (length - text.size()) * 5 / 4 + 8);
    random_bytes(std::span(random).first(wanted));
    for (std::size_t i = 0; i < wanted && text.size() < length; ++i) {
      // 248 is the largest multiple of 62 below 256: larger bytes would favour the first characters.
      if (random[i] < 248) text += kAlphabet[random[i] % 62];
    }
  }
  wipe(random.data(), random.size());
  return text;
}

bool is_base62(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_base62(c); });
}

}  // namespace vtoken
