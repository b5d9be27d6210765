#include "store/addresses.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

namespace vtoken::store {

bool is_address_or_block(const std::string& text) {
  if (text.starts_with('/')) return true;
  const auto slash = text.find('/');
  const std::string host = text.substr(0, slash);
  in6_addr buffer{};
  const bool v4 = inet_pton(AF_INET, host.c_str(), &buffer) == 1;
  const bool v6 = !v4 && inet_pton(AF_INET6, host.c_str(), &buffer) == 1;
  if (!v4 && !v6) return false;
  if (slash == std::string::npos) return true;
  const std::string length = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  return error == std::errc{} && end == length.data() + length.size() && bits >= 0 && bits <= (v4 ? 32 : 128);
}

namespace {

// An IPv4 address as an IPv6 one: servers do not tell the two apart.
std::optional<std::array<unsigned char, 16>> mapped(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  if (host.find(':') != std::string::npos) {
    if (inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
  }
  bytes[10] = bytes[11] = 0xff;
  if (inet_pton(AF_INET, host.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  return bytes;
}

}  // namespace

bool block_holds(const std::string& text, const std::string& address) {
  if (!is_address_or_block(text) || text.starts_with('/')) return false;
  const auto slash = text.find('/');
  const std::string host = text.substr(0, slash);
  const auto block = mapped(host);
  const auto wanted = mapped(address);
  if (!block || !wanted) return false;
  unsigned bits = 128;
  if (slash != std::string::npos) {
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
    if (host.find(':') == std::string::npos) bits += 96;
  }
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned mask = 0x80U >> (i % 8);
    if (((block->at(i / 8) ^ wanted->at(i / 8)) & mask) != 0) return false;
  }
  return true;
}

std::string shortest_block(const std::string& text) {
  constexpr std::string_view kMapped = "::ffff:";
  if (text.starts_with(kMapped) && text.find('.') != std::string::npos && text.find('/') == std::string::npos)
    return text.substr(kMapped.size());
  const std::string_view single = text.find(':') == std::string::npos ? "/32" : "/128";
  return text.ends_with(single) && !text.starts_with('/') ? text.substr(0, text.size() - single.size()) : text;
}

}  // namespace vtoken::store
