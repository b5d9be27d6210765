#include "sweep/facts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/timestamp.hpp"
#include "core/json.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::size_t kMaxDepth = 64;  // as parse_json()
constexpr std::string_view kCreateByRole = "auth/token/create/";

enum class Field : std::uint8_t {
  none,
  accessor,
  display_name,
  path,
  role,
  type,
  entity_id,
  policies,
  identity_policies,
  meta,
  orphan,
  creation_time,
  num_uses,
  ttl,
  expire_time
};

struct Name {
  std::string_view name;
  Field field;
};
constexpr std::array<Name, 14> kNames{{{"accessor", Field::accessor},
                                       {"display_name", Field::display_name},
                                       {"path", Field::path},
                                       {"role", Field::role},
                                       {"type", Field::type},
                                       {"entity_id", Field::entity_id},
                                       {"policies", Field::policies},
                                       {"identity_policies", Field::identity_policies},
                                       {"meta", Field::meta},
                                       {"orphan", Field::orphan},
                                       {"creation_time", Field::creation_time},
                                       {"num_uses", Field::num_uses},
                                       {"ttl", Field::ttl},
                                       {"expire_time", Field::expire_time}}};

Field field_named(std::string_view name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [name](const Name& one) { return one.name == name; });
  return found == kNames.end() ? Field::none : found->field;
}

// Keeps what is a member of `data`, and the members of that one's lists and objects where they are wanted; passes over
// all else. Depth 1 is the answer, 2 its data, 3 what is in a member of the data.
class Reader final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return skip(); }
  bool boolean(bool value) override {
    if (in_data() && field_ == Field::orphan) facts_.orphan = value;
    return skip();
  }
  bool number_integer(number_integer_t value) override { return number(value); }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr auto kMost = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return value <= kMost ? number(static_cast<std::int64_t>(value)) : skip();
  }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return skip(); }
  bool binary(binary_t& /*value*/) override { return false; }

  bool string(string_t& value) override {
    if (in_data()) {
      text(value.view());
    } else if (in_member_ && depth_ == 3) {
      inner_text(value.view());
    }
    return skip();
  }

  bool start_object(std::size_t /*size*/) override {
    if (depth_ == 1 && is_data_) {
      facts_ = {};
      has_data_ = in_data_ = true;
    } else if (in_data()) {
      in_member_ = field_ == Field::meta;
    }
    return open();
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override {
    if (depth_ == 0) return false;
    if (in_data()) in_member_ = field_ == Field::policies || field_ == Field::identity_policies;
    return open();
  }
  bool end_array() override { return close(); }

  // Of members with the same name the last counts.
  bool key(string_t& name) override {
    if (depth_ == 1) {
      is_data_ = name.view() == "data";
      if (is_data_) has_data_ = false;
    } else if (in_data()) {
      field_ = field_named(name.view());
      forget();
    } else if (in_member_ && depth_ == 3) {
      name_ = name.view();
      std::erase_if(facts_.metadata, [this](const auto& pair) { return pair.first == name_; });
    }
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

  [[nodiscard]] std::optional<TokenFacts> take() {
    if (!has_data_) return std::nullopt;
    facts_.endless = facts_.ttl == 0 && facts_.expire_time == 0;
    if (facts_.role.empty() && facts_.path.starts_with(kCreateByRole))
      facts_.role = facts_.path.substr(kCreateByRole.size());
    return std::move(facts_);
  }

 private:
  [[nodiscard]] bool in_data() const { return in_data_ && depth_ == 2; }

  bool open() { return ++depth_ <= kMaxDepth; }
  bool close() {
    --depth_;
    if (depth_ < 3) in_member_ = false;
    if (depth_ < 2) in_data_ = false;
    return true;
  }

  // A text alone is no answer.
  [[nodiscard]] bool skip() const { return depth_ > 0; }

  bool number(std::int64_t value) {
    if (in_data() && field_ == Field::ttl) facts_.ttl = value;
    if (in_data() && field_ == Field::num_uses) facts_.num_uses = value;
    if (in_data() && field_ == Field::creation_time) facts_.creation_time = value;
    return skip();
  }

  void text(std::string_view value) {
    if (std::string* member = text_of(field_); member != nullptr) {
      *member = value;
    } else if (field_ == Field::expire_time) {
      facts_.expire_time = parse_time(value).value_or(0);
    }
  }

  void inner_text(std::string_view value) {
    if (field_ == Field::policies) facts_.policies.emplace_back(value);
    if (field_ == Field::identity_policies) facts_.identity_policies.emplace_back(value);
    if (field_ == Field::meta) facts_.metadata.emplace_back(name_, value);
  }

  void forget() {
    if (std::string* member = text_of(field_); member != nullptr) member->clear();
    switch (field_) {
      case Field::policies: facts_.policies.clear(); break;
      case Field::identity_policies: facts_.identity_policies.clear(); break;
      case Field::meta: facts_.metadata.clear(); break;
      case Field::orphan: facts_.orphan = false; break;
      case Field::creation_time: facts_.creation_time.reset(); break;
      case Field::ttl: facts_.ttl.reset(); break;
      case Field::num_uses: facts_.num_uses = 0; break;
      case Field::expire_time: facts_.expire_time = 0; break;
      default: break;
    }
  }

  std::string* text_of(Field field) {
    switch (field) {
      case Field::accessor: return &facts_.accessor;
      case Field::display_name: return &facts_.display_name;
      case Field::path: return &facts_.path;
      case Field::role: return &facts_.role;
      case Field::type: return &facts_.type;
      case Field::entity_id: return &facts_.entity_id;
      default: return nullptr;
    }
  }

  TokenFacts facts_;
  std::size_t depth_ = 0;      // objects and lists that are open
  bool is_data_ = false;       // the answer's latest member is `data` …
  bool has_data_ = false;      // … and was an object
  bool in_data_ = false;       // inside it
  bool in_member_ = false;     // inside a list or an object of it that is wanted
  Field field_ = Field::none;  // the data's latest member
  std::string name_;           // the metadata's latest
};

}  // namespace

std::vector<std::string> TokenFacts::all_policies() const {
  std::vector<std::string> all = policies;
  for (const std::string& policy : identity_policies) {
    if (std::find(all.begin(), all.end(), policy) == all.end()) all.push_back(policy);
  }
  return all;
}

bool TokenFacts::is_root() const noexcept {
  return std::find(policies.begin(), policies.end(), "root") != policies.end();
}

Result<TokenFacts> read_facts(std::string_view body) {
  Reader reader;
  // The parser would take a zero byte for the end of the text.
  if (body.find('\0') == std::string_view::npos && Json::sax_parse(body, &reader)) {
    if (auto facts = reader.take()) return std::move(*facts);
  }
  return fail(ErrorKind::damaged,
              "the answer to the lookup is not what a server sends: no JSON object with data in it");
}

}  // namespace vtoken::sweep
