// The deliberate differences between a store and a server: differences.json, read.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "compare.hpp"
#include "operation.hpp"

namespace vtoken::differential {

/// An entry. A pattern that is absent fits everything; each has to fit the whole text.
struct Deliberate {
  std::string why;
  std::optional<std::regex> path;
  std::optional<std::regex> body;
  std::optional<std::regex> where;
  std::optional<std::regex> store;
  std::optional<std::regex> server;
  bool ends = false;  ///< the two sides hold different things after it: nothing more can be compared
  mutable std::size_t met = 0;
};

class Differences {
 public:
  /// Reads the file; a requirement fails when an entry has no reason or a member that is not known.
  explicit Differences(const std::string& file);

  /// The entry that a difference is of; null when it is none.
  [[nodiscard]] const Deliberate* find(const Operation& operation, const Difference& difference) const;
  [[nodiscard]] const std::vector<Deliberate>& all() const noexcept { return entries_; }

 private:
  std::vector<Deliberate> entries_;
};

}  // namespace vtoken::differential
