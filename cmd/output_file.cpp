#include "cmd/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <streambuf>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"
#include "base/secret.hpp"
#include "store/private_file.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::size_t kBufferSize = std::size_t{64} << 10U;  // bytes
constexpr off_t kRoom = off_t{16} << 10U;                    // bytes; more than an answer has

tl::unexpected<Error> failed(const std::string& path, int code = errno) {
  return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::io, std::generic_category().message(code), path);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Renaming would put a file in the place of a device, and would need no leave to write what it replaces.
Result<void> check_place(const std::string& path) {
  if (path.empty()) return fail(ErrorKind::usage, "-output-file names no file");
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return errno == ENOENT && path.back() != '/' ? Result<void>{} : failed(path);
  if (S_ISDIR(info.st_mode)) return fail(ErrorKind::usage, "it is a folder: -output-file names a file", path);
  if (S_ISLNK(info.st_mode)) {
    return fail(ErrorKind::usage, "it is a symbolic link: -output-file names the file that it leads to", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorKind::usage, "it is no regular file: leave -output-file out, and use > instead", path);
  }
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) return failed(path);
  return {};
}

// A stream's way into a descriptor. Its buffer is wiped: tokens pass through it.
class Buffer final : public std::streambuf {
 public:
  explicit Buffer(int file) : file_(file), held_(kBufferSize, '\0') { setp(held_.data(), held_.data() + held_.size()); }

  [[nodiscard]] int failure() const noexcept { return failure_; }  // an errno; 0 when all went well
  [[nodiscard]] bool is_touched() const noexcept { return touched_ || pptr() != pbase(); }

 protected:
  int_type overflow(int_type next) override {
    if (!write_held()) return traits_type::eof();
    if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
    return sputc(traits_type::to_char_type(next));
  }

  int sync() override { return write_held() ? 0 : -1; }

 private:
  bool write_held() {
    const auto size = static_cast<std::size_t>(pptr() - pbase());
    touched_ = touched_ || size > 0;
    if (failure_ == 0 && !write_all(file_, {pbase(), size})) failure_ = errno;
    setp(held_.data(), held_.data() + held_.size());
    return failure_ == 0;
  }

  int file_;
  SecretString held_;
  int failure_ = 0;
  bool touched_ = false;
};

// A full disk is found out before a token is made that would be lost with it. Not every file system can do that.
bool has_room(int file) {
  return ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, kRoom) == 0 ||
         (errno != ENOSPC && errno != EDQUOT && errno != EFBIG);
}

// Gives back the room that was not needed.
bool cut_to_size(int file) {
  const off_t size = ::lseek(file, 0, SEEK_CUR);
  return size >= 0 && ::ftruncate(file, size) == 0;
}

// The descriptor's own name, by which a nameless file can be given one.
std::string own_name(int file) { return fmt::format("/proc/self/fd/{}", file); }

}  // namespace

struct OutputFile::State {
  State(std::string where, int number, std::string scratch_name)
      : path(std::move(where)), file(number), scratch(std::move(scratch_name)), buffer(number), stream(&buffer) {}
  ~State() {
    if (!scratch.empty()) ::unlink(scratch.c_str());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::string path;
  Descriptor file;
  std::string scratch;  // the name so far; empty for none
  Buffer buffer;
  std::ostream stream;
};

OutputFile::OutputFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFile::~OutputFile() = default;
OutputFile::OutputFile(OutputFile&&) noexcept = default;

Result<OutputFile> OutputFile::create(const std::string& path) {
  if (auto place = check_place(path); !place) return tl::unexpected(place.error());
  std::string scratch;
  int file = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (file >= 0 && ::access(own_name(file).c_str(), F_OK) != 0) {  // no /proc: it could never get a name
    ::close(file);
    file = -1;
  }
  if (file < 0) {
    scratch = store::scratch_name(path, store::kNewFile);
    file = ::open(scratch.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return failed(path);
  }
  auto state = std::make_unique<State>(path, file, std::move(scratch));
  if (::fchmod(file, 0600) != 0 || !has_room(file)) return failed(path);  // 0600 whatever the umask is
  return OutputFile(std::move(state));
}

std::ostream& OutputFile::stream() noexcept { return state_->stream; }

bool OutputFile::has_content() const noexcept { return state_->buffer.is_touched(); }

Result<void> OutputFile::flush() {
  state_->stream.flush();
  return state_->buffer.failure() == 0 ? Result<void>{} : failed(state_->path, state_->buffer.failure());
}

Result<void> OutputFile::put_in_place() {
  State& state = *state_;
  if (auto written = flush(); !written) return written;
  if (!cut_to_size(state.file.number()) || ::fsync(state.file.number()) != 0) return failed(state.path);
  if (state.scratch.empty()) {
    std::string name = store::scratch_name(state.path, store::kNewFile);
    const std::string own = own_name(state.file.number());
    if (::linkat(AT_FDCWD, own.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) return failed(state.path);
    state.scratch = std::move(name);
  }
  auto renamed = store::rename_file(state.scratch, state.path, store::IfThere::replace);
  if (renamed) state.scratch.clear();
  return renamed;
}

void declare_output_file(FlagSet& flags, CommonValues& values) {
  Flag flag{"output-file",
            "Write what would be printed into this file, which only you can read. It is replaced at one stroke, and "
            "only when the command succeeds.",
            "FILE"};
  flag.values = Values::file;
  flags.text(flag, values.output_file);
}

}  // namespace vtoken::cmd
