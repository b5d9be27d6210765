#include "scan/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace vtoken::scan {

Error file_trouble(const File& file, int number) {
  return {number == ENOENT ? ErrorKind::not_found : ErrorKind::io, std::strerror(number), file.path, {}};
}

Result<std::shared_ptr<File>> open_file(const WalkedFile& walked) {
  const bool named = walked.folder == nullptr;
  // What was a file when its folder was listed may be a pipe by now: it is not waited for.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (named ? 0 : O_NOFOLLOW | O_NONBLOCK);
  const int folder = named ? AT_FDCWD : walked.folder->number();
  auto file = std::make_shared<File>(walked.path, ::openat(folder, walked.name.c_str(), flags));
  struct stat about = {};
  if (!file->open.open() || ::fstat(file->open.number(), &about) != 0) {
    return tl::unexpected(file_trouble(*file, errno));
  }
  const bool regular = S_ISREG(about.st_mode);
  if (!named && !regular) return nullptr;
  if (S_ISDIR(about.st_mode)) return tl::unexpected(file_trouble(*file, EISDIR));
  // Files of the kernel say that they are empty and are not.
  file->seekable = regular && about.st_size > 0;
  file->size = file->seekable ? static_cast<std::uint64_t>(about.st_size) : 0;
  return file;
}

const LineCounter& FilePlaces::go_to(std::uint64_t offset) {
  std::vector<char> piece(std::min<std::uint64_t>(offset - std::min(offset, counter_.offset()), 128U << 10U));
  while (counter_.offset() < offset) {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), offset - counter_.offset());
    const ssize_t got = ::pread(file_->open.number(), piece.data(), wanted, static_cast<off_t>(counter_.offset()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    counter_.pass({piece.data(), static_cast<std::size_t>(got)});
  }
  return counter_;
}

}  // namespace vtoken::scan
