// The policies in the file, within a transaction that the caller has begun. `root` has no text, and `default` and
// `response-wrapping` are there from the start.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"

namespace vtoken::store {

/// A policy as it was written, with what servers keep beside it.
struct StoredPolicy {
  std::string name;  ///< in lower case
  std::string text;
  std::int64_t version = 1;  ///< raised by each write
  bool cas_required = false;
  bool allow_wildcards_in_templates = false;
  bool allow_slashes_in_templates = false;
  Nanoseconds modified = 0;    ///< since 1970
  Nanoseconds expiration = 0;  ///< since 1970, 0 for none: from then on it is as good as gone
};

/// As JSON, and back; nothing when it is not what encode_policy() wrote.
[[nodiscard]] std::string encode_policy(const StoredPolicy& policy);
[[nodiscard]] std::optional<StoredPolicy> decode_policy(std::string_view text);

/// The keyed hash that a policy is filed under.
[[nodiscard]] Hash policy_hash(const Keyring& keyring, std::string_view name);

class PolicyTable {
 public:
  /// Borrows both.
  PolicyTable(Database& database, const Keyring& keyring) : database_(database), keyring_(keyring) {}

  /// The policy of that name, which is in lower case; nothing when there is none or it ended before `now`. A `default`
  /// that nobody has changed is the built-in one.
  [[nodiscard]] Result<std::optional<StoredPolicy>> read(std::string_view name, Nanoseconds now);
  [[nodiscard]] Result<void> write(const StoredPolicy& policy);
  /// A policy that is not there is no failure.
  [[nodiscard]] Result<void> erase(std::string_view name);
  /// All names but `root` and `response-wrapping`, sorted.
  [[nodiscard]] Result<std::vector<std::string>> names(Nanoseconds now);

 private:
  Result<StoredPolicy> open(std::string_view name_hash, std::string_view sealed);
  Result<StoredPolicy> builtin(std::string_view name, std::string_view text);

  Database& database_;
  const Keyring& keyring_;
};

}  // namespace vtoken::store
