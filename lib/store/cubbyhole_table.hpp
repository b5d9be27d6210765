// Cubbyholes: what a service token keeps for itself, sealed, and gone with it (a trigger removes the rows of a token
// that goes). Within a transaction that the caller has begun.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"

namespace vtoken::store {

/// Something in a cubbyhole: where, and the JSON text that was put there.
struct CubbyholeItem {
  std::string path;
  SecretString data;
};

/// What a row's sealed part is bound to.
[[nodiscard]] std::string cubbyhole_aad(std::int64_t seq, std::string_view path_hash);

/// Opens a row's sealed part. Nothing when it is not what was sealed there.
[[nodiscard]] std::optional<CubbyholeItem> open_item(std::int64_t seq, std::string_view path_hash,
                                                     std::string_view sealed, const Keyring& keyring);

/// The keyed hash that an item at `path` is filed under.
[[nodiscard]] Hash cubbyhole_hash(const Keyring& keyring, std::string_view path);

class CubbyholeTable {
 public:
  /// The cubbyhole of the token numbered `seq`. Borrows the others.
  CubbyholeTable(Database& database, const Keyring& keyring, std::int64_t seq)
      : database_(database), keyring_(keyring), seq_(seq) {}

  [[nodiscard]] Result<std::optional<SecretString>> read(std::string_view path);
  [[nodiscard]] Result<void> write(std::string_view path, std::string_view data);
  /// What is not there is no failure.
  [[nodiscard]] Result<void> erase(std::string_view path);
  /// Names below `folder` ("" or ending in a slash), sorted; those of folders end in a slash.
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view folder);

 private:
  Database& database_;
  const Keyring& keyring_;
  std::int64_t seq_;
};

}  // namespace vtoken::store
