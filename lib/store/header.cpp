// The first bytes of a file, judged before SQLite sees it: opening a database can change it (recovering its log), and a
// flag that SQLite would believe, such as auto-vacuum, could make the next write spoil more.
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "store/schema.hpp"

namespace vtoken::store {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeaderSize = 100;
constexpr std::uint32_t kPageSize = 4096;

struct Header {
  std::array<unsigned char, kHeaderSize> bytes{};
  std::int64_t file_size = 0;

  [[nodiscard]] std::uint32_t number(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | bytes[at + i];
    return value;
  }
  [[nodiscard]] std::string_view text(std::size_t at, std::size_t size) const {
    return {reinterpret_cast<const char*>(bytes.data()) + at, size};
  }
};

// Through SQLite's own file layer: closing a descriptor of ours would drop the locks that another connection of this
// process holds on the file.
class VfsFile {
 public:
  explicit VfsFile(const std::string& path) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
    if (vfs == nullptr) return;
    // Follows symbolic links, which xOpen does not.
    std::vector<char> full(static_cast<std::size_t>(vfs->mxPathname) + 1);
    if ((vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(full.size()), full.data()) & 0xff) != SQLITE_OK) return;
    name_ = sqlite3_create_filename(full.data(), "", "", 0, nullptr);
    memory_ =
        std::make_unique<std::max_align_t[]>(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
    file_ = reinterpret_cast<sqlite3_file*>(memory_.get());
    int flags = 0;
    code_ = vfs->xOpen(vfs, name_, file_, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, &flags);
  }
  ~VfsFile() {
    if (file_ != nullptr && file_->pMethods != nullptr) file_->pMethods->xClose(file_);
    sqlite3_free_filename(name_);
  }
  VfsFile(const VfsFile&) = delete;
  VfsFile& operator=(const VfsFile&) = delete;

  bool read(Header& header) {
    if (code_ != SQLITE_OK) return false;
    sqlite3_int64 size = 0;
    code_ = file_->pMethods->xFileSize(file_, &size);
    header.file_size = size;
    if (code_ == SQLITE_OK) code_ = file_->pMethods->xRead(file_, header.bytes.data(), kHeaderSize, 0);
    if (code_ == SQLITE_IOERR_SHORT_READ) code_ = SQLITE_OK;  // the rest was filled with zeros
    return code_ == SQLITE_OK;
  }

 private:
  const char* name_ = nullptr;
  std::unique_ptr<std::max_align_t[]> memory_;
  sqlite3_file* file_ = nullptr;
  int code_ = SQLITE_ERROR;
};

Result<void> check_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return fail(ErrorKind::not_found, "there is no store here; 'vtoken store init' makes one", path);
    }
    return fail(ErrorKind::io, std::string("cannot be read: ") + strerrordesc_np(errno), path);
  }
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::damaged, "is not a file, so not a vtoken store", path);
  return {};
}

// SQLite's file format, section 1.3: what every store has in these places.
bool has_fixed_fields(const Header& header) {
  const unsigned char write_version = header.bytes[18];
  const unsigned char read_version = header.bytes[19];
  return header.bytes[16] == (kPageSize >> 8U) && header.bytes[17] == (kPageSize & 0xffU) &&
         write_version == read_version && (read_version == 1 || read_version == 2) &&
         header.text(20, 4) == "\0\x40\x20\x20"sv  // no reserved bytes; the payload fractions
         && header.number(44) == 4                 // schema format
         && header.number(52) == 0                 // auto-vacuum
         && header.number(56) == 1                 // UTF-8
         && header.number(64) == 0                 // incremental vacuum
         && std::all_of(header.bytes.begin() + 72, header.bytes.begin() + 92,
                        [](unsigned char byte) { return byte == 0; });
}

}  // namespace

Result<void> check_header(const std::string& path) {
  if (auto file = check_file(path); !file) return file;
  Header header;
  if (!VfsFile(path.starts_with('/') ? path : "./" + path).read(header)) {
    return fail(ErrorKind::io, "cannot be read: is it yours?", path);
  }
  const auto damaged = [&path](std::string message) { return fail(ErrorKind::damaged, std::move(message), path); };
  if (header.file_size == 0) return damaged("is empty: not a vtoken store");
  if (header.text(0, 16) != "SQLite format 3\0"sv) {
    return damaged("is not a vtoken store, or its beginning is damaged");
  }
  if (header.number(68) != kApplicationId) {
    return damaged("is a database, but not a vtoken store, or its beginning is damaged");
  }
  const std::uint32_t version = header.number(60);
  if (version > static_cast<std::uint32_t>(kFormatVersion)) {
    return tl::unexpected(newer_format(version, kFormatVersion, path));
  }
  if (version == 0 || !has_fixed_fields(header)) {
    return damaged("the store's header is damaged; bring a backup back with 'vtoken store restore'");
  }
  const std::int64_t expected = static_cast<std::int64_t>(header.number(28)) * kPageSize;
  if (header.file_size < expected && !has_log(path)) {
    return damaged("the store was cut short (" + std::to_string(header.file_size) + " of " + std::to_string(expected) +
                   " bytes); bring a backup back with 'vtoken store restore'");
  }
  return {};
}

}  // namespace vtoken::store
