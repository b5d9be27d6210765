#include "cmd/default_store.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <ostream>

#include "store/admin.hpp"

namespace vtoken::cmd {

Result<void> make_store_folder(const Target& target) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path(target.path).parent_path()) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST && !std::filesystem::is_directory(made)) {
      return fail(ErrorKind::io, std::string("cannot be made: ") + strerrordesc_np(errno), made.string());
    }
  }
  return {};
}

Result<void> make_default_store(const Context& context, const Target& target) {
  if (auto made = make_store_folder(target); !made) return made;
  auto report = store::init({target.path, target.unlock}, context.services.clock);
  std::error_code ignored;
  if (!report && report.error().kind == ErrorKind::refused && std::filesystem::is_regular_file(target.path, ignored)) {
    return {};  // another process was faster
  }
  if (!report) return tl::unexpected(report.error());
  context.streams.err << "Made the store " << target.path << "; its root token is in " << report->token_file << '\n';
  return {};
}

}  // namespace vtoken::cmd
