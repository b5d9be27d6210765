#include "cmd/rewrite_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/descriptor.hpp"
#include "store/private_file.hpp"

namespace vtoken::cmd {
namespace {

tl::unexpected<Error> failed(const std::string& path, int code = errno) {
  return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::io, std::generic_category().message(code), path);
}

// A new file that is gone again unless it was put in place.
class Scratch {
 public:
  explicit Scratch(std::string name)
      : name_(std::move(name)),
        file_(::open(name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~Scratch() {
    if (file_ < 0) return;
    ::close(file_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] bool open() const noexcept { return file_ >= 0; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  void keep() noexcept { name_.clear(); }

  [[nodiscard]] bool write(std::string_view bytes) const { return write_all(file_, bytes) && ::fsync(file_) == 0; }

  // The mode comes last: giving a file away takes set-user-id bits off. Only a privileged user can give it away.
  [[nodiscard]] bool dress_as(const struct stat& model) const {
    struct stat own {};
    if (::fstat(file_, &own) != 0) return false;
    const bool same = own.st_uid == model.st_uid && own.st_gid == model.st_gid;
    if (!same && ::fchown(file_, model.st_uid, model.st_gid) != 0) {
      static_cast<void>(::fchown(file_, static_cast<uid_t>(-1), model.st_gid) == 0);
    }
    return ::fchmod(file_, model.st_mode & 07777U) == 0;
  }

 private:
  std::string name_;
  int file_;
};

}  // namespace

Result<void> rewrite_file(const std::string& path, std::string_view contents) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
  if (!resolved) return failed(path);
  const std::string target = resolved.get();
  struct stat model {};
  if (::stat(target.c_str(), &model) != 0) return failed(path);
  if (!S_ISREG(model.st_mode)) return fail(ErrorKind::io, "it is no regular file", path);
  // Renaming needs no permission to write the file itself; whoever took that away meant something by it.
  if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) return failed(path);
  Scratch scratch(store::scratch_name(target, store::kNewFile));
  if (!scratch.open() || !scratch.dress_as(model) || !scratch.write(contents)) return failed(path);
  auto renamed = store::rename_file(scratch.name(), target, store::IfThere::replace);
  if (renamed) scratch.keep();
  return renamed;
}

}  // namespace vtoken::cmd
