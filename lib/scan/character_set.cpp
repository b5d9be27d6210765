#include "scan/character_set.hpp"

#include <array>
#include <optional>

namespace vtoken::scan {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr int kNothing = -1;

bool within(unsigned char c, char first, char last) noexcept {
  return c >= static_cast<unsigned char>(first) && c <= static_cast<unsigned char>(last);
}
bool is_upper(unsigned char c) noexcept { return within(c, 'A', 'Z'); }
bool is_lower(unsigned char c) noexcept { return within(c, 'a', 'z'); }
bool is_digit(unsigned char c) noexcept { return within(c, '0', '9'); }
bool is_alpha(unsigned char c) noexcept { return is_upper(c) || is_lower(c); }
bool is_alnum(unsigned char c) noexcept { return is_alpha(c) || is_digit(c); }
bool is_graph(unsigned char c) noexcept { return within(c, '!', '~'); }
bool is_blank(unsigned char c) noexcept { return c == ' ' || c == '\t'; }

struct Class {
  std::string_view name;
  bool (*holds)(unsigned char) noexcept;
};

constexpr std::array<Class, 12> kClasses{{
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", is_blank},
    {"cntrl", [](unsigned char c) noexcept { return c < ' ' || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned char c) noexcept { return within(c, ' ', '~'); }},
    {"punct", [](unsigned char c) noexcept { return is_graph(c) && !is_alnum(c); }},
    {"space", [](unsigned char c) noexcept { return c == ' ' || within(c, '\t', '\r'); }},
    {"upper", is_upper},
    {"xdigit", [](unsigned char c) noexcept { return is_digit(c) || within(c, 'a', 'f') || within(c, 'A', 'F'); }},
}};

std::optional<bool> class_holds(std::string_view name, unsigned char c) noexcept {
  for (const Class& known : kClasses) {
    if (known.name == name) return known.holds(c);
  }
  return std::nullopt;
}

/// The name in "[:name:]" at `at`, or nothing when it does not end so.
std::optional<std::string_view> class_name(std::string_view glob, std::size_t at) noexcept {
  if (!glob.substr(at).starts_with("[:")) return std::nullopt;
  const std::size_t end = glob.find(']', at + 2);
  if (end == npos || end < at + 3 || glob[end - 1] != ':') return std::nullopt;
  return glob.substr(at + 2, end - at - 3);
}

}  // namespace

bool set_holds(std::string_view glob, std::size_t& at, char c) noexcept {
  const auto wanted = static_cast<unsigned char>(c);
  bool inside = false;
  const bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
  if (negated) ++at;
  int before = kNothing;  // what a range may begin with
  for (bool first = true;; first = false) {
    if (at >= glob.size()) return false;
    if (glob[at] == ']' && !first) break;
    if (const auto name = class_name(glob, at)) {
      const auto holds = class_holds(*name, wanted);
      if (!holds) return false;
      inside = inside || *holds;
      before = kNothing;
      at += name->size() + 4;
      continue;
    }
    const bool range = glob[at] == '-' && before != kNothing && at + 1 < glob.size() && glob[at + 1] != ']';
    if (range) ++at;
    if (glob[at] == '\\' && ++at == glob.size()) return false;
    const auto here = static_cast<unsigned char>(glob[at++]);
    inside = inside || (range ? before <= wanted && wanted <= here : here == wanted);
    before = range ? kNothing : here;
  }
  ++at;
  return inside != negated;
}

}  // namespace vtoken::scan
