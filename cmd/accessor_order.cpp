#include "cmd/accessor_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <tuple>

#include "base/text.hpp"
#include "cmd/args.hpp"

namespace vtoken::cmd {
namespace {

struct Name {
  std::string_view name;
  TokenField field;
};
constexpr std::array<Name, 9> kSorted{{{"accessor", TokenField::accessor},
                                       {"ttl", TokenField::ttl},
                                       {"created", TokenField::created},
                                       {"expires", TokenField::expires},
                                       {"display-name", TokenField::display_name},
                                       {"path", TokenField::path},
                                       {"policies", TokenField::policies},
                                       {"type", TokenField::type},
                                       {"role", TokenField::role}}};
constexpr std::array<Name, 5> kGrouped{{{"policy", TokenField::policies},
                                        {"role", TokenField::role},
                                        {"path", TokenField::path},
                                        {"display-name", TokenField::display_name},
                                        {"type", TokenField::type}}};

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNever = kUnknown - 1;

template <std::size_t N>
Result<TokenField> field_named(const std::array<Name, N>& names, std::string_view flag, std::string_view text) {
  const auto* found = std::find_if(names.begin(), names.end(), [text](const Name& one) { return one.name == text; });
  if (found != names.end()) return found->field;
  std::string list;
  for (const Name& one : names) list += (list.empty() ? "" : ", ") + std::string(one.name);
  return fail(ErrorKind::usage, fmt::format("-{}={} is none of: {}", flag, go_quoted(text), list));
}

std::vector<std::string> sorted_policies(const sweep::TokenFacts& token) {
  std::vector<std::string> names = token.all_policies();
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string_view text_of(TokenField field, const sweep::TokenFacts& token) {
  switch (field) {
    case TokenField::accessor: return token.accessor;
    case TokenField::display_name: return token.display_name;
    case TokenField::path: return token.path;
    case TokenField::type: return token.type;
    case TokenField::role: return token.role;
    default: return {};
  }
}

OrderValue value_of(TokenField field, const sweep::TokenFacts& token) {
  switch (field) {
    case TokenField::ttl: return {token.endless ? kNever : token.ttl.value_or(kUnknown)};
    case TokenField::created: return {token.creation_time.value_or(kUnknown)};
    case TokenField::expires: return {token.endless ? kNever : token.expire_time == 0 ? kUnknown : token.expire_time};
    case TokenField::policies: return {0, fmt::format("{}", fmt::join(sorted_policies(token), ","))};
    default: return {0, std::string(text_of(field, token))};
  }
}

}  // namespace

Result<TokenOrder> TokenOrder::parse(std::string_view text) {
  TokenOrder order;
  for (std::string_view name : split(text, ',')) {
    name = vtoken::trimmed(name);
    const bool reversed = name.starts_with('-');
    const auto field = field_named(kSorted, "sort", name.substr(reversed ? 1 : 0));
    if (!field) return tl::unexpected(field.error());
    order.fields_.push_back({*field, reversed});
  }
  order.fields_.push_back({TokenField::accessor, false});
  return order;
}

std::vector<OrderValue> TokenOrder::values(const sweep::TokenFacts& token) const {
  std::vector<OrderValue> out;
  out.reserve(fields_.size());
  for (const By& by : fields_) out.push_back(value_of(by.field, token));
  return out;
}

bool TokenOrder::less(const std::vector<OrderValue>& a, const std::vector<OrderValue>& b) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (a[i] == b[i]) continue;
    const bool before = std::tie(a[i].number, a[i].text) < std::tie(b[i].number, b[i].text);
    return before != fields_[i].reversed;
  }
  return false;
}

Result<TokenField> parse_group(std::string_view text) { return field_named(kGrouped, "group-by", text); }

std::vector<std::string> groups_of(TokenField field, const sweep::TokenFacts& token) {
  if (field == TokenField::policies) {
    auto names = sorted_policies(token);
    return names.empty() ? std::vector<std::string>{""} : names;
  }
  return {std::string(text_of(field, token))};
}

}  // namespace vtoken::cmd
