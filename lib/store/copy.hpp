// Files that exist for the time of one operation, and copies of whole stores.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "store/database.hpp"

namespace vtoken::store {

/// A database file beside `path` that is removed, with its log, when this goes, unless it was moved to its place.
class ScratchDatabase {
 public:
  ScratchDatabase(const std::string& path, std::string_view purpose);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Gives the closed file its final name. `keep` fails with refused when there is a file of that name.
  [[nodiscard]] Result<void> move_to(const std::string& path);
  [[nodiscard]] Result<void> move_over(const std::string& path);

 private:
  std::string path_;
};

/// Removes what a process that was stopped left behind. Call it with the folder locked.
void remove_old_scratch(const std::string& path, std::string_view purpose);

/// Whether another process has the database at `path` open. Only for files that this process has not.
[[nodiscard]] bool open_elsewhere(const std::string& path);

/// Makes `to` what `from` is, as one commit left it, in one commit. Both are open, outside a transaction.
[[nodiscard]] Result<void> copy_database(Database& from, Database& to);

/// Copies a file's bytes, and its log's, to new files (0600), without opening it as a database. Missing log: no log.
[[nodiscard]] Result<void> copy_store_bytes(const std::string& from, const std::string& to);

}  // namespace vtoken::store
