// By what tokens are sorted and grouped: the values of -sort and -group-by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sweep/facts.hpp"

namespace vtoken::cmd {

/// What there is to sort and to group by.
enum class TokenField : std::uint8_t { accessor, ttl, created, expires, display_name, path, policies, type, role };

/// A place in the order. Numbers that a token does not tell come after all others, and so does what never ends.
struct OrderValue {
  std::int64_t number = 0;
  std::string text = {};
  bool operator==(const OrderValue&) const = default;
};

/// How tokens are ordered: by the first field, among equals by the next, at last by the accessor.
class TokenOrder {
 public:
  /// Reads "ttl" or "-created,path": field names, each reversed by a "-" in front. Fails (usage) on any other, and on
  /// an empty one.
  [[nodiscard]] static Result<TokenOrder> parse(std::string_view text);

  /// What less() compares.
  [[nodiscard]] std::vector<OrderValue> values(const sweep::TokenFacts& token) const;
  [[nodiscard]] bool less(const std::vector<OrderValue>& a, const std::vector<OrderValue>& b) const;

 private:
  struct By {
    TokenField field;
    bool reversed;
  };
  std::vector<By> fields_;
};

/// Reads "policy", "role", "path", "display-name" or "type". Fails (usage) on anything else.
[[nodiscard]] Result<TokenField> parse_group(std::string_view text);

/// The groups that a token counts in, each once: for policies each of its own and its identity's, and otherwise one,
/// "" when it has no such thing.
[[nodiscard]] std::vector<std::string> groups_of(TokenField field, const sweep::TokenFacts& token);

}  // namespace vtoken::cmd
