#include "base/descriptor.hpp"

#include <unistd.h>

#include <cerrno>

namespace vtoken {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

bool write_all(int file, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace vtoken
