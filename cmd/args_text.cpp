// The texts of the flag layer: help, quoting and plain values. Apart from args.cpp, which is slow to compile.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
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

std::string_view values_name(Values values) noexcept {
  switch (values) {
    case Values::choice: return "choice";
    case Values::file: return "file";
    case Values::folder: return "folder";
    case Values::token: return "token";
    case Values::accessor: return "accessor";
    case Values::role: return "role";
    case Values::policy: return "policy";
    case Values::path: return "path";
    case Values::command: return "command";
    case Values::any: break;
  }
  return "any";
}

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

std::string go_duration_error(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::array<std::string_view, 8> kUnits = {"ns", "us", "µs", "μs", "ms", "s", "m", "h"};
  const std::string quoted = go_quoted(text);
  if (text.ends_with('d')) {
    const auto number = text.substr(0, text.size() - 1);
    const bool digits = !number.empty() && number.find_first_not_of(kDigits) == std::string_view::npos;
    return fmt::format("strconv.ParseInt: parsing {}: {}", go_quoted(number),
                       digits ? "value out of range" : "invalid syntax");
  }
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  while (!rest.empty()) {
    const auto number = rest.substr(0, rest.find_first_not_of("0123456789."));
    const bool wrong =
        number.find_first_of(kDigits) == std::string_view::npos || std::count(number.begin(), number.end(), '.') > 1;
    if (wrong) break;
    rest.remove_prefix(number.size());
    const auto unit = rest.substr(0, rest.find_first_of("0123456789."));
    if (unit.empty()) return fmt::format("time: missing unit in duration {}", quoted);
    if (std::find(kUnits.begin(), kUnits.end(), unit) == kUnits.end()) {
      return fmt::format("time: unknown unit {} in duration {}", go_quoted(unit), quoted);
    }
    rest.remove_prefix(unit.size());
  }
  return fmt::format("time: invalid duration {}", quoted);
}

std::string_view trimmed(std::string_view text) noexcept { return vtoken::trimmed(text, " \t\r\n\v\f"); }

std::optional<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "True", "TRUE"};
  constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "false", "False", "FALSE"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace vtoken::cmd
