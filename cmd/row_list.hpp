// Rows of a table that grow one by one: a name and what is said of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "cmd/output_table.hpp"

namespace vtoken::cmd {

class RowList {
 public:
  /// Secrets are masked unless `reveal`.
  explicit RowList(bool reveal);

  void add(std::string_view name, SecretString value);
  void add(std::string_view name, const std::string& value) { add(name, SecretString(value)); }
  void add(std::string_view name, const char* value) { add(name, SecretString(value)); }
  /// Nothing when it is empty. What could steer a terminal is escaped; so it is by the two below.
  void add_text(std::string_view name, std::string_view value);
  void add_secret(std::string_view name, std::string_view secret);
  void add_list(std::string_view name, const std::vector<std::string>& values);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] bool reveal() const noexcept { return reveal_; }
  /// The rows under the header "Key", "Value".
  [[nodiscard]] Rows take() { return std::move(rows_); }

 private:
  bool reveal_;
  Rows rows_;
};

}  // namespace vtoken::cmd
