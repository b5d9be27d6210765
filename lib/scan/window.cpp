#include "scan/window.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/secret.hpp"
#include "scan/lost_pages.hpp"
#include "scan/trouble.hpp"

namespace vtoken::scan {

namespace {

// Below this, reading is faster than mapping.
constexpr std::size_t kSmall = std::size_t{128} << 10U;

std::uint64_t page_size() noexcept {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

}  // namespace

Window::~Window() {
  unmap();
  wipe(bytes_.data(), bytes_.size());
}

void Window::unmap() noexcept {
  if (mapped_ == nullptr) return;
  watch_pages(nullptr, 0);
  ::munmap(mapped_, mapped_size_);
  mapped_ = nullptr;
}

std::string_view Window::view(const File& file, std::uint64_t from, std::uint64_t until) {
  unmap();
  short_ = false;
  failure_ = 0;
  const auto size = static_cast<std::size_t>(until - from);
  if (size < kSmall) return read(file, from, size);
  const std::uint64_t start = from - from % page_size();
  const auto ahead = static_cast<std::size_t>(from - start);
  void* mapped = ::mmap(nullptr, ahead + size, PROT_READ, MAP_PRIVATE, file.open.number(), static_cast<off_t>(start));
  if (mapped == MAP_FAILED) return read(file, from, size);  // some file systems have no mapping
  mapped_ = mapped;
  mapped_size_ = ahead + size;
  watch_pages(mapped_, mapped_size_);
  return {static_cast<const char*>(mapped) + ahead, size};
}

std::string_view Window::read(const File& file, std::uint64_t from, std::size_t size) {
  if (bytes_.size() < size) bytes_.resize(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::pread(file.open.number(), bytes_.data() + have, size - have, static_cast<off_t>(from + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failure_ = errno;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  short_ = have < size;
  return {bytes_.data(), have};
}

std::optional<Error> Window::trouble(const File& file) const {
  if (failure_ != 0) return trouble_with(file.path, failure_);
  const bool mapped = mapped_ != nullptr;
  if (!mapped && !short_) return std::nullopt;
  struct stat about = {};
  const bool shrunk = ::fstat(file.open.number(), &about) == 0 && static_cast<std::uint64_t>(about.st_size) < file.size;
  if (shrunk) return Error{ErrorKind::io, "became shorter while it was read", file.path, {}};
  if (mapped && pages_were_lost()) return trouble_with(file.path, EIO);
  // What is short and still as long as ever is a file of the kernel, whose size says little.
  return std::nullopt;
}

}  // namespace vtoken::scan
