// The tables of a store, and the version they are in. FORMAT.md describes the same for readers of the file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "store/database.hpp"

namespace vtoken::store {

inline constexpr std::uint32_t kApplicationId = 0x56544f4b;  ///< "VTOK", in the file's header
inline constexpr int kFormatVersion = 2;  ///< the newest that this program knows and the one it writes

/// Names in the table `meta`.
inline constexpr std::string_view kMetaStoreId = "store_id";  ///< 16 random bytes
inline constexpr std::string_view kMetaLock = "lock";         ///< the wrapped keyring (unlock.hpp)
inline constexpr std::string_view kMetaCreated = "created";   ///< decimal nanoseconds since 1970
inline constexpr std::string_view kMetaAudit = "audit";       ///< sealed: where requests are noted (audit_config.hpp)

/// The one row of `state`: what changes with commits.
struct StoreState {
  std::int64_t commit_index = 0;  ///< raised by each commit that changes tokens; SSC tokens carry it
  std::int64_t index_epoch = 0;   ///< raised by each restore; fits 32 bits
  std::int64_t next_seq =
      1;  ///< the `seq` of the next token; never given twice, since children name their parent by it
  std::int64_t keyring_version = 0;  ///< raised whenever meta.lock changes
  std::int64_t policy_version = 0;   ///< raised by each commit that changes a policy
};

[[nodiscard]] Result<StoreState> read_state(Database& database);
/// The part of the state that a file of any version has.
[[nodiscard]] Result<std::int64_t> read_keyring_version(Database& database);
[[nodiscard]] Result<void> write_state(Database& database, const StoreState& state);

/// A value of `meta`. Fails with damaged when it is not there.
[[nodiscard]] Result<std::string> read_meta(Database& database, std::string_view key);
/// The same for a value that may be missing.
[[nodiscard]] Result<std::optional<std::string>> find_meta(Database& database, std::string_view key);
[[nodiscard]] Result<void> write_meta(Database& database, std::string_view key, std::string_view value);
[[nodiscard]] Result<void> erase_meta(Database& database, std::string_view key);

/// Makes all tables in an empty file, switches it to WAL, and sets `state` to its defaults.
[[nodiscard]] Result<void> create_schema(Database& database);

/// Looks at the first bytes of the file at `path` without opening it as a database, so that a file that is no store
/// stays as it is. Fails with not_found, io, or damaged: empty, foreign, cut short, newer than this program.
[[nodiscard]] Result<void> check_header(const std::string& path);

/// What is said about a file of format `version` when `newest` is the newest that is known.
[[nodiscard]] Error newer_format(std::int64_t version, std::int64_t newest, const std::string& path);

/// One step from a format version to the next; runs inside the upgrade's transaction.
using Migration = std::function<Result<void>(Database& database)>;

/// Brings an open file to version `1 + steps.size()`: step i leads from version i + 1 to i + 2. All or nothing. Fails
/// with damaged when the file is newer, or is no store.
[[nodiscard]] Result<void> upgrade(Database& database, std::span<const Migration> steps);

/// The steps to kFormatVersion.
[[nodiscard]] std::span<const Migration> migrations();

/// The format version of an open file. Fails with damaged when it is no store or newer than `newest`.
[[nodiscard]] Result<std::int64_t> read_version(Database& database, std::int64_t newest = kFormatVersion);

/// The name of the first table or index that is not as kFormatVersion has it; empty when all are.
[[nodiscard]] Result<std::string> foreign_schema_object(Database& database);

}  // namespace vtoken::store
