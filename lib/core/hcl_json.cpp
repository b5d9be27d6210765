#include "core/hcl_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>

#include "core/json.hpp"

namespace vtoken::hcl {
namespace {

// Reads characters and tells how far it has come, which nlohmann's parser does not.
class Tape {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  explicit Tape(const char* at, std::size_t* passed = nullptr) : at_(at), passed_(passed) {}
  reference operator*() const { return *at_; }
  Tape& operator++() {
    ++at_;
    if (passed_ != nullptr) ++*passed_;
    return *this;
  }
  Tape operator++(int) {
    Tape before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Tape& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* passed_;
};

// Builds the value while the parser reads: members in their order, also two of one name, and where each stands.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::size_t& passed) : text_(text), passed_(passed) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(Number{std::to_string(value)}); }
  bool number_unsigned(number_unsigned_t value) override { return add(Number{std::to_string(value)}); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return add(Number{std::string(text.view())});
  }
  bool string(string_t& value) override { return add(std::string(value.view())); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Object()); }
  bool start_array(std::size_t /*size*/) override { return open(List()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto& items = std::get<Object>(open_.back()->value).items;
    const Position at = place();
    items.push_back({{std::string(name.view())}, {}, at});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    go_to(position == 0 ? 0 : position - 1);
    mistake_ = at_;
    return false;
  }

  Result<Object> take() && {
    if (too_deep_) return fail(ErrorKind::usage, fmt::format("nested deeper than {} levels", kDeepest));
    if (mistake_) return wrong(*mistake_, "it begins as JSON, but here it is none");
    if (auto* object = std::get_if<Object>(&root_.value)) return std::move(*object);
    return fail(ErrorKind::usage, "the JSON is no object");
  }

 private:
  void go_to(std::size_t offset) {
    for (; offset_ < std::min(offset, text_.size()); ++offset_) {
      at_ = text_[offset_] == '\n' ? Position{at_.line + 1, 1} : Position{at_.line, at_.column + 1};
    }
  }

  // Where the word begins that was just read: behind the one before it, and what stands between words.
  Position place() {
    const auto start = text_.find_first_not_of(" \t\r\n,:", offset_);
    go_to(start);
    const Position begin = at_;
    go_to(passed_);
    return begin;
  }

  Value* put(Value value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (auto* list = std::get_if<List>(&open_.back()->value)) {
      list->push_back(std::move(value));
      return &list->back();
    }
    return &(std::get<Object>(open_.back()->value).items.back().value = std::move(value));
  }

  template <class Content>
  bool add(Content content) {
    const Position at = place();
    put({std::move(content), at});
    return true;
  }

  // The outermost object is no level of its own, as in HCL.
  template <class Content>
  bool open(Content content) {
    too_deep_ = open_.size() > static_cast<std::size_t>(kDeepest);
    if (too_deep_) return false;
    const Position at = place();
    open_.push_back(put({std::move(content), at}));
    return true;
  }

  bool close() {
    open_.pop_back();
    go_to(passed_);
    return true;
  }

  std::string_view text_;
  const std::size_t& passed_;
  std::size_t offset_ = 0;  // how far at_ is
  Position at_{1, 1};
  Value root_;
  std::vector<Value*> open_;  // outermost first; an outer one is not changed while an inner one is open
  std::optional<Position> mistake_;
  bool too_deep_ = false;
};

}  // namespace

Result<Object> parse_as_json(std::string_view text) {
  std::size_t passed = 0;
  Builder builder(text, passed);
  // Its answer is known to the builder.
  static_cast<void>(Json::sax_parse(Tape(text.data(), &passed), Tape(text.data() + text.size()), &builder));
  return std::move(builder).take();
}

}  // namespace vtoken::hcl
