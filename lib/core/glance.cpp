#include "core/glance.hpp"

#include <charconv>
#include <system_error>

namespace vtoken {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kScalar = "+-.0123456789aeflnrstuE";  // of numbers, true, false and null

// Walks over JSON text, forward only. After anything unexpected good() is false, and stays so.
class Walker {
 public:
  explicit Walker(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool at_end() noexcept {
    blanks();
    return rest_.empty();
  }

  /// Calls `member(name)` for each, which walks over the value.
  template <class Member>
  void object(const Member& member) noexcept {
    if (!take('{')) return give_up();
    if (take('}')) return;
    do {
      const std::string_view name = text();
      if (!take(':')) return give_up();
      member(name);
    } while (good_ && take(','));
    if (!take('}')) give_up();
  }

  /// A text without escapes.
  std::string_view text() noexcept {
    if (!take('"')) return give_up(), std::string_view();
    const auto end = rest_.find('"');
    const std::string_view found = rest_.substr(0, end);
    if (end == std::string_view::npos || found.find('\\') != std::string_view::npos) {
      return give_up(), std::string_view();
    }
    rest_.remove_prefix(end + 1);
    return found;
  }

  std::int64_t number() noexcept {
    const std::string_view digits = scalar();
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (code != std::errc() || end != digits.data() + digits.size()) give_up();
    return number;
  }

  /// Whether it is null, which is walked over then.
  bool null() noexcept {
    blanks();
    if (!rest_.starts_with("null")) return false;
    rest_.remove_prefix(4);
    return true;
  }

  /// Any value.
  void skip() noexcept {
    std::size_t depth = 0;
    do {
      blanks();
      if (rest_.empty()) return give_up();
      const char first = rest_.front();
      if (first == '"') {
        skip_text();
      } else if (first == '{' || first == '[') {
        ++depth;
        rest_.remove_prefix(1);
      } else if (depth > 0 && (first == '}' || first == ']')) {
        --depth;
        rest_.remove_prefix(1);
      } else if (depth > 0 && (first == ',' || first == ':')) {
        rest_.remove_prefix(1);
      } else {
        scalar();
      }
    } while (good_ && depth > 0);
  }

 private:
  void give_up() noexcept { good_ = false; }

  void blanks() noexcept {
    while (!rest_.empty() && kBlanks.find(rest_.front()) != std::string_view::npos) rest_.remove_prefix(1);
  }

  bool take(char c) noexcept {
    blanks();
    if (!good_ || rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view scalar() noexcept {
    blanks();
    const std::string_view found = rest_.substr(0, rest_.find_first_not_of(kScalar));
    if (found.empty()) give_up();
    rest_.remove_prefix(found.size());
    return found;
  }

  void skip_text() noexcept {
    for (std::size_t from = 1;;) {
      const auto end = rest_.find('"', from);
      if (end == std::string_view::npos) return give_up();
      std::size_t escapes = 0;
      while (rest_[end - 1 - escapes] == '\\') ++escapes;  // the text's first quote ends it
      from = end + 1;
      if (escapes % 2 != 0) continue;
      rest_.remove_prefix(from);
      return;
    }
  }

  std::string_view rest_;
  bool good_ = true;
};

void walk_auth(Walker& walker, Glance& glance) noexcept {
  walker.object([&](std::string_view name) {
    if (name == "client_token") {
      glance.token = walker.text();
    } else if (name == "accessor") {
      glance.accessor = walker.text();
    } else if (name == "lease_duration") {
      glance.seconds = walker.number();
    } else {
      walker.skip();
    }
  });
}

void walk_wrap_info(Walker& walker, Glance& glance) noexcept {
  glance.wrapped = true;
  walker.object([&](std::string_view name) {
    if (name == "token") {
      glance.token = walker.text();
    } else if (name == "accessor") {
      glance.accessor = walker.text();
    } else if (name == "ttl") {
      glance.seconds = walker.number();
    } else {
      walker.skip();
    }
  });
}

}  // namespace

std::optional<Glance> glance_at_token(const Response& response) noexcept {
  if (response.status != 200) return std::nullopt;
  Walker walker(response.body.view());
  Glance glance;
  bool simple = true;
  walker.object([&](std::string_view name) {
    if (name == "auth" || name == "wrap_info") {
      if (walker.null()) return;
      simple = simple && glance.token.empty();
      name == "auth" ? walk_auth(walker, glance) : walk_wrap_info(walker, glance);
    } else if (name == "warnings" || name == "errors") {
      simple = simple && walker.null();
      if (!simple) walker.skip();
    } else {
      walker.skip();
    }
  });
  if (!simple || !walker.good() || !walker.at_end() || glance.token.empty()) return std::nullopt;
  return glance;
}

}  // namespace vtoken
