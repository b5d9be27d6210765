// The texts of the flag layer: help, quoting and plain values. Apart from args.cpp, which is slow to compile.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/args.hpp"

namespace vtoken::cmd {
namespace {

using Kind = FlagSet::Kind;

// Fills lines up to 80 columns.
std::string wrapped(std::string_view text, std::size_t indent) {
  const std::size_t width = 80 - indent;
  std::string out;
  while (!text.empty()) {
    std::size_t cut = text.size();
    if (cut > width) {
      cut = text.rfind(' ', width);
      if (cut == std::string_view::npos) cut = std::min(text.find(' '), text.size());
    }
    out.append(indent, ' ').append(text.substr(0, cut)).append("\n");
    text.remove_prefix(std::min(cut + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string flags_help(const FlagSet& flags) {
  std::string out;
  std::string_view group;
  for (const auto& declared : flags.declared()) {
    const Flag& flag = declared.flag;
    if (flag.hidden) continue;
    if (declared.group != group || out.empty()) out += fmt::format("{}{}:\n", out.empty() ? "" : "\n", declared.group);
    group = declared.group;
    std::string names = fmt::format("-{}", flag.name);
    if (!flag.alias.empty()) names += fmt::format(", -{}", flag.alias);
    if (declared.kind != Kind::boolean) names += fmt::format("={}", flag.value.empty() ? "VALUE" : flag.value);
    out += fmt::format("  {}\n{}", names, wrapped(flag.help, 6));
  }
  return out;
}

std::string go_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "True", "TRUE"};
  constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "false", "False", "FALSE"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace vtoken::cmd
