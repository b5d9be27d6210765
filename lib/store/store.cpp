#include "store/store.hpp"

#include "store/engine.hpp"

namespace vtoken::store {

Result<std::unique_ptr<Backend>> open(const OpenOptions& options, const Clock& clock) {
  auto file = StoreFile::open(options.path, options.unlock);
  if (!file) return tl::unexpected(file.error());
  return std::make_unique<Engine>(std::move(*file), clock);
}

std::string token_file(const std::string& path) { return path + ".token"; }

}  // namespace vtoken::store
