// Small files that hold secrets: read whole, written whole, mode 0600, on the disk when the call returns.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace vtoken::store {

/// The purpose in the scratch names of files that are being written.
inline constexpr std::string_view kNewFile = "new";

/// Writes a new file. Fails with refused when there is one already, whole or not; a reader never sees a part.
[[nodiscard]] Result<void> write_new_file(const std::string& path, std::string_view bytes);

/// Writes a file, replacing one that is there at one stroke.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view bytes);

/// Reads a file of at most `limit` bytes that must belong to the caller and be closed to everybody else. Fails with
/// not_found, io (another's, or others may read or change it: the message says chmod 600), damaged (longer).
[[nodiscard]] Result<SecretString> read_private_file(const std::string& path, std::size_t limit);

[[nodiscard]] bool file_exists(const std::string& path);

/// Renames, and makes it last. With `keep`, fails with refused when `to` exists.
enum class IfThere { replace, keep };
[[nodiscard]] Result<void> rename_file(const std::string& from, const std::string& to, IfThere there);

/// Gives a file a second name, or copies it where links are not to be had. Fine when `to` exists already.
[[nodiscard]] Result<void> keep_second_name(const std::string& from, const std::string& to);

/// Makes the names in the folder of `path` last.
[[nodiscard]] Result<void> sync_folder(const std::string& path);

/// A new name beside `path` that nobody else uses, such as "path.init-3f9a0c".
[[nodiscard]] std::string scratch_name(const std::string& path, std::string_view purpose);

/// Lets one process at a time do what changes more than one file of the folder that `path` is in (init, rekey,
/// restore). Waits for the others. Leaves no file behind.
class FolderLock {
 public:
  [[nodiscard]] static Result<FolderLock> take(const std::string& path);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int folder) noexcept : folder_(folder) {}
  int folder_;
};

}  // namespace vtoken::store
