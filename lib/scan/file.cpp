#include "scan/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/secret.hpp"
#include "scan/trouble.hpp"

namespace vtoken::scan {

namespace {

constexpr std::size_t kPiece = std::size_t{128} << 10U;

}  // namespace

Result<std::shared_ptr<File>> open_file(const WalkedFile& walked) {
  const bool named = walked.folder == nullptr;
  // What was a file when its folder was listed may be a pipe by now: it is not waited for.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (named ? 0 : O_NOFOLLOW | O_NONBLOCK);
  const int folder = named ? AT_FDCWD : walked.folder->number();
  auto file = std::make_shared<File>(walked.path, ::openat(folder, walked.name.c_str(), flags));
  struct stat about = {};
  if (!file->open.open() || ::fstat(file->open.number(), &about) != 0) {
    return tl::unexpected(trouble_with(file->path, errno));
  }
  const bool regular = S_ISREG(about.st_mode);
  if (!named && !regular) return nullptr;
  if (S_ISDIR(about.st_mode)) return tl::unexpected(trouble_with(file->path, EISDIR));
  // Files of the kernel say that they are empty and are not.
  char byte = 0;
  const bool empty = regular && about.st_size == 0 && ::pread(file->open.number(), &byte, 1, 0) == 0;
  file->seekable = regular && (about.st_size > 0 || empty);
  file->size = file->seekable ? static_cast<std::uint64_t>(about.st_size) : 0;
  return file;
}

std::uint64_t next_data(const File& file, std::uint64_t offset) noexcept {
  const off_t found = ::lseek(file.open.number(), static_cast<off_t>(offset), SEEK_DATA);
  if (found >= 0) return static_cast<std::uint64_t>(found);
  if (errno != ENXIO) return offset;  // a file system that does not know
  // There is none, or the file has become shorter, which is no hole.
  struct stat about = {};
  const bool shorter =
      ::fstat(file.open.number(), &about) != 0 || static_cast<std::uint64_t>(about.st_size) < file.size;
  return shorter ? offset : std::max(file.size, offset);
}

const LineCounter& FilePlaces::go_to(std::uint64_t offset) {
  if (counter_.offset() >= offset) return counter_;
  counter_.skip(std::min(next_data(*file_, counter_.offset()), offset) - counter_.offset());
  std::vector<char, WipingAllocator<char>> piece(std::min<std::uint64_t>(offset - counter_.offset(), kPiece));
  while (counter_.offset() < offset) {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), offset - counter_.offset());
    const ssize_t got = ::pread(file_->open.number(), piece.data(), wanted, static_cast<off_t>(counter_.offset()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    counter_.pass({piece.data(), static_cast<std::size_t>(got)});
    const bool more = static_cast<std::size_t>(got) == kPiece;
    if (more) counter_.skip(std::min(next_data(*file_, counter_.offset()), offset) - counter_.offset());
  }
  return counter_;
}

}  // namespace vtoken::scan
