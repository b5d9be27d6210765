#include "scan/repository.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "scan/trouble.hpp"

namespace vtoken::scan {

namespace {

constexpr std::size_t kMostSettings = std::size_t{16} << 20U;

bool is_there(const std::filesystem::path& path) noexcept {
  struct stat about = {};
  return ::lstat(path.c_str(), &about) == 0;
}

/// The path in `text`, as seen from `folder`.
std::string seen_from(const std::string& folder, std::string_view text) {
  return (std::filesystem::path(folder) / trimmed(text)).string();
}

/// The folder that a .git file names, or .git itself.
Result<std::string> git_folder(const std::string& folder) {
  constexpr std::string_view kNames = "gitdir:";
  const Result<std::string> file = read_settings_file(AT_FDCWD, folder + "/.git");
  if (!file) return tl::unexpected(file.error());
  if (!file->starts_with(kNames)) return folder + "/.git";
  return seen_from(folder, std::string_view(*file).substr(kNames.size()));
}

}  // namespace

Result<std::string> read_settings_file(int folder, const std::string& path) {
  const Descriptor file(::openat(folder, path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!file.open()) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::string();
    return tl::unexpected(trouble_with(path, errno));
  }
  struct stat about = {};
  if (::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) return std::string();
  std::string bytes;
  std::array<char, 4096> piece{};
  while (true) {
    const ssize_t got = ::read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(trouble_with(path, errno));
    if (got == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kMostSettings) return fail(ErrorKind::damaged, "too long for a file of rules; it is not used");
  }
}

Result<std::string> read_exclude(const std::string& folder) {
  Result<std::string> git = git_folder(folder);
  if (!git) return git;
  // A second work tree shares the rules of the first.
  Result<std::string> common = read_settings_file(AT_FDCWD, *git + "/commondir");
  if (!common) return common;
  return read_settings_file(AT_FDCWD, (common->empty() ? *git : seen_from(*git, *common)) + "/info/exclude");
}

Surroundings surroundings_of(const std::string& folder) {
  std::error_code trouble;
  const std::filesystem::path real = std::filesystem::canonical(folder, trouble);
  if (trouble) return {};
  std::filesystem::path top = real;
  while (!is_there(top / ".git")) {
    if (top.filename() == ".git" || top == top.parent_path()) return {};
    top = top.parent_path();
  }
  Surroundings found;
  if (top == real) return found;
  for (const std::filesystem::path& part : real.lexically_relative(top)) {
    found.parents.emplace_back(top / found.inside, found.inside.size());
    found.inside += part.string() + "/";
  }
  return found;
}

}  // namespace vtoken::scan
