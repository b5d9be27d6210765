// What the finder's tests share.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.hpp"
#include "token/mint.hpp"
#include "token/scan.hpp"

namespace vtoken::scan_test {

inline Key some_key() {
  Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i * 7);
  return key;
}

inline std::string minted(const MintSettings& settings) {
  return std::string(mint_token(settings, some_key()).value().view());
}

/// Every token in `text`, asked for in one piece.
inline std::vector<TokenMatch> all_in(std::string_view text) {
  std::vector<TokenMatch> found;
  for (std::size_t at = 0; const auto match = find_token(text, at, text.size());) {
    found.push_back(*match);
    at = match->at + match->length;
  }
  return found;
}

/// Every token in `text`, cut into pieces of `size` bytes, each shown with as much around it as the contract asks for.
inline std::vector<TokenMatch> all_in_pieces(std::string_view text, std::size_t size) {
  std::vector<TokenMatch> found;
  std::size_t next = 0;
  for (std::size_t start = 0; start < text.size(); start += size) {
    const std::size_t first = start < kContextBefore ? 0 : start - kContextBefore;
    // A copy, so that a look beyond it is seen by AddressSanitizer.
    const std::string piece(text.substr(first, start - first + size + kContextAfter));
    next = std::max(next, start);
    const std::size_t until = start + size - first;
    while (next < start + size) {
      auto match = find_token(piece, next - first, until);
      if (!match) break;
      match->at += first;
      next = match->at + match->length;
      found.push_back(*match);
    }
  }
  return found;
}

/// "proved ssc", "weak unknown"; "nothing"; or how many, when there are more.
inline std::string verdict(std::string_view text) {
  const auto found = all_in(text);
  if (found.empty()) return "nothing";
  if (found.size() > 1) return std::to_string(found.size()) + " tokens";
  return std::string(name_of(found[0].confidence)) + " " + std::string(name_of(found[0].format));
}

/// The text of the one token in `text`.
inline std::string only_in(std::string_view text) {
  const auto found = all_in(text);
  if (found.size() != 1) return std::to_string(found.size()) + " tokens";
  return std::string(text.substr(found[0].at, found[0].length));
}

inline std::string random_text(std::mt19937_64& random, std::size_t length, std::string_view alphabet) {
  std::string text(length, ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

inline constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kId = "RzprRZgpP872y58PSNguilJe";
inline constexpr std::string_view kNamespace = "E6NGEG";

}  // namespace vtoken::scan_test
