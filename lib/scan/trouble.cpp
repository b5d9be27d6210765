#include "scan/trouble.hpp"

#include <cerrno>
#include <cstring>

namespace vtoken::scan {

Error trouble_with(const std::string& path, int number) {
  const char* known = ::strerrordesc_np(number);
  return {number == ENOENT ? ErrorKind::not_found : ErrorKind::io,
          known == nullptr ? "error " + std::to_string(number) : known,
          path,
          {}};
}

}  // namespace vtoken::scan
