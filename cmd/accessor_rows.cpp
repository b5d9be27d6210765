#include "cmd/accessor_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

#include "cmd/output_json.hpp"
#include "cmd/output_table.hpp"
#include "cmd/output_yaml.hpp"
#include "cmd/readable.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

std::string ttl_text(const sweep::TokenFacts& token) {
  if (token.endless) return "never";
  return token.ttl ? std::string(human_seconds(*token.ttl).view()) : "";
}

std::vector<std::string> cells(const sweep::TokenFacts& token) {
  return {readable(token.accessor),
          readable(token.display_name),
          readable(token.type),
          ttl_text(token),
          readable(fmt::format("{}", fmt::join(token.all_policies(), ","))),
          readable(token.path)};
}

// Values of a list, printed one by one as the whole list would be.
class ListPrinter {
 public:
  explicit ListPrinter(Output& output) : output_(output) {}

  [[nodiscard]] SecretString text(const Json& value) const {
    switch (output_.format()) {
      case Format::ndjson: return dump_json(value) + "\n";
      case Format::yaml: return yaml_text(Json::array({value})).value_or("");
      default: {
        const SecretString whole = json_text(Json::array({value}));  // "[\n", the value, "\n]"
        return whole.substr(1, whole.size() - 3);
      }
    }
  }

  [[nodiscard]] bool print(const SecretString& text) {
    std::ostream& out = output_.streams().out;
    if (output_.format() == Format::json) out << (any_ ? "," : "[");
    any_ = true;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    return static_cast<bool>(out);
  }

  void finish() {
    std::ostream& out = output_.streams().out;
    if (output_.format() == Format::json) out << (any_ ? "\n]\n" : "[]\n");
    if (output_.format() == Format::yaml && !any_) out << "[]\n";
  }

 private:
  Output& output_;
  bool any_ = false;
};

// The answer's data, as the server said it.
Json data_of(const Response& response) {
  auto whole = parse_json(response.body.view());
  return whole && whole->is_object() ? std::move((*whole)["data"]) : Json();
}

class TokenTable final : public AccessorRows {
 public:
  TokenTable(Output& output, TokenOrder order) : output_(output), order_(std::move(order)) {}

  bool take(const sweep::TokenFacts& token, const Response& /*response*/) override {
    rows_.push_back({order_.values(token), cells(token)});
    return static_cast<bool>(output_.streams().out);
  }

  int finish() override {
    std::sort(rows_.begin(), rows_.end(), [this](const Row& a, const Row& b) { return order_.less(a.order, b.order); });
    std::vector<std::vector<std::string>> rows;
    rows.reserve(rows_.size());
    for (Row& row : rows_) rows.push_back(std::move(row.cells));
    output_.table({"Accessor", "Display Name", "Type", "TTL", "Policies", "Path"}, rows);
    return 0;
  }

 private:
  struct Row {
    std::vector<OrderValue> order;
    std::vector<std::string> cells;
  };
  Output& output_;
  TokenOrder order_;
  std::vector<Row> rows_;
};

class TokenStream final : public AccessorRows {
 public:
  explicit TokenStream(Output& output) : printer_(output) {}

  bool take(const sweep::TokenFacts& /*token*/, const Response& response) override {
    return printer_.print(printer_.text(data_of(response)));
  }
  int finish() override {
    printer_.finish();
    return 0;
  }

 private:
  ListPrinter printer_;
};

class SortedTokens final : public AccessorRows {
 public:
  SortedTokens(Output& output, TokenOrder order) : output_(output), printer_(output), order_(std::move(order)) {}

  bool take(const sweep::TokenFacts& token, const Response& response) override {
    rows_.push_back({order_.values(token), printer_.text(data_of(response))});
    return static_cast<bool>(output_.streams().out);
  }

  int finish() override {
    std::sort(rows_.begin(), rows_.end(), [this](const Row& a, const Row& b) { return order_.less(a.order, b.order); });
    for (const Row& row : rows_) {
      if (!printer_.print(row.text)) break;
    }
    printer_.finish();
    return 0;
  }

 private:
  struct Row {
    std::vector<OrderValue> order;
    SecretString text;
  };
  Output& output_;
  ListPrinter printer_;
  TokenOrder order_;
  std::vector<Row> rows_;
};

std::string title_of(TokenField field) {
  switch (field) {
    case TokenField::policies: return "Policy";
    case TokenField::role: return "Role";
    case TokenField::path: return "Path";
    case TokenField::display_name: return "Display Name";
    default: return "Type";
  }
}

class Groups final : public AccessorRows {
 public:
  Groups(Output& output, TokenField field) : output_(output), field_(field) {}

  bool take(const sweep::TokenFacts& token, const Response& /*response*/) override {
    for (std::string& group : groups_of(field_, token)) ++counts_[std::move(group)];
    return static_cast<bool>(output_.streams().out);
  }

  int finish() override {
    std::vector<std::pair<std::string, std::size_t>> groups(counts_.begin(), counts_.end());
    // Stable: equals stay in the order of their keys.
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    output_.format() == Format::table ? print_table(groups) : print_list(groups);
    return 0;
  }

 private:
  using Counted = std::vector<std::pair<std::string, std::size_t>>;

  void print_table(const Counted& groups) {
    std::vector<std::vector<std::string>> rows;
    rows.reserve(groups.size());
    for (const auto& [key, count] : groups) rows.push_back({readable(key), fmt::to_string(count)});
    output_.table({title_of(field_), "Count"}, rows);
  }

  void print_list(const Counted& groups) {
    ListPrinter printer(output_);
    for (const auto& [key, count] : groups) {
      Json row = Json::object();
      row["key"] = SecretString(key);
      row["count"] = count;
      if (!printer.print(printer.text(row))) break;
    }
    printer.finish();
  }

  Output& output_;
  TokenField field_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace

std::unique_ptr<AccessorRows> token_rows(Output& output, std::optional<TokenOrder> order) {
  if (output.format() == Format::table) {
    if (!order) order = TokenOrder::parse("accessor").value();
    return std::make_unique<TokenTable>(output, std::move(*order));
  }
  if (order) return std::make_unique<SortedTokens>(output, std::move(*order));
  return std::make_unique<TokenStream>(output);
}

std::unique_ptr<AccessorRows> group_rows(Output& output, TokenField field) {
  return std::make_unique<Groups>(output, field);
}

}  // namespace vtoken::cmd
