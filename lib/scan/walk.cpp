#include "scan/walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "scan/repository.hpp"
#include "scan/trouble.hpp"

namespace vtoken::scan {

namespace {

// Above the deepest folders, so many stay open; the others are found again by "..".
constexpr std::size_t kOpenFolders = 64;

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

}  // namespace

Walk::Walk(std::vector<std::string> paths, bool everything) : paths_(std::move(paths)), everything_(everything) {}

std::optional<Walk::Step> Walk::next() {
  while (true) {
    if (!troubles_.empty()) {
      Error first = std::move(troubles_.front());
      troubles_.erase(troubles_.begin());
      return first;
    }
    if (folders_.empty() && next_path_ == paths_.size()) return std::nullopt;
    if (auto step = folders_.empty() ? next_named() : next_entry()) return step;
  }
}

std::optional<Walk::Step> Walk::next_named() {
  const std::string& path = paths_[next_path_++];
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0) return trouble_with(path, errno);
  if (!S_ISDIR(about.st_mode)) return WalkedFile{path, path, nullptr};
  path_.clear();
  inside_.clear();
  rules_ = {};
  learn_surroundings(path);
  return enter(AT_FDCWD, path, path, 0);
}

std::optional<Walk::Step> Walk::next_entry() {
  Folder& folder = folders_.back();
  if (folder.next == folder.entries.size()) return leave();
  Entry entry = std::move(folder.entries[folder.next++]);
  if (entry.type == DT_UNKNOWN) {
    struct stat about = {};
    if (::fstatat(folder.open->number(), entry.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
      return trouble_with(path_ + entry.name, errno);
    }
    entry.type = static_cast<unsigned char>(IFTODT(about.st_mode));
  }
  const bool is_folder = entry.type == DT_DIR;
  if (!is_folder && entry.type != DT_REG) return std::nullopt;
  if (!everything_) {
    if (entry.name == ".git") return std::nullopt;
    if (rules_.leave_out(inside_ + entry.name, is_folder)) {
      ++left_out_;
      return std::nullopt;
    }
  }
  if (is_folder) return enter(folder.open->number(), entry.name, path_ + entry.name, O_NOFOLLOW);
  return WalkedFile{path_ + entry.name, std::move(entry.name), folder.open};
}

std::optional<Error> Walk::enter(int parent, const std::string& name, const std::string& path, int flags) {
  auto open = std::make_shared<const Descriptor>(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | flags));
  struct stat about = {};
  if (!open->open() || ::fstat(open->number(), &about) != 0) return trouble_with(path, errno);
  Folder folder;
  folder.open = std::move(open);
  folder.device = about.st_dev;
  folder.inode = about.st_ino;
  folder.path_size = path_.size();
  folder.inside_size = inside_.size();
  folder.mark = rules_.mark();
  if (is_above(folder)) {
    return Error{ErrorKind::damaged, "a folder that holds itself; it is not read again", path, {}};
  }
  if (folders_.empty()) {
    path_ = path;
    if (!path_.ends_with('/')) path_ += '/';
  } else {
    path_ += name + "/";
    inside_ += name + "/";
  }
  std::optional<Error> failure = read_entries(folder);
  if (!everything_) learn_rules(folder);
  folders_.push_back(std::move(folder));
  if (folders_.size() > kOpenFolders) folders_[folders_.size() - 1 - kOpenFolders].open.reset();
  return failure;
}

std::optional<Error> Walk::read_entries(Folder& folder) {
  const int copy = ::fcntl(folder.open->number(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, CloseFolder> listing(copy < 0 ? nullptr : ::fdopendir(copy));
  if (!listing) {
    const int number = errno;
    if (copy >= 0) ::close(copy);
    return trouble_with(path_, number);
  }
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(listing.get());  // NOLINT(concurrency-mt-unsafe): each folder has its own listing
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const bool wanted = entry->d_type == DT_REG || entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
    if (wanted) folder.entries.push_back({std::string(name), entry->d_type});
  }
  const int number = errno;
  std::sort(folder.entries.begin(), folder.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  if (number != 0) return trouble_with(path_, number);
  return std::nullopt;
}

bool Walk::is_above(const Folder& folder) const noexcept {
  return std::any_of(folders_.begin(), folders_.end(),
                     [&](const Folder& above) { return above.inode == folder.inode && above.device == folder.device; });
}

std::optional<Error> Walk::leave() {
  const Folder left = std::move(folders_.back());
  folders_.pop_back();
  path_.resize(left.path_size);
  inside_.resize(left.inside_size);
  rules_.go_back(left.mark);
  if (folders_.empty() || folders_.back().open) return std::nullopt;
  Folder& folder = folders_.back();
  folder.open = std::make_shared<const Descriptor>(
      ::openat(left.open->number(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
  struct stat about = {};
  const bool opened = folder.open->open() && ::fstat(folder.open->number(), &about) == 0;
  if (opened && about.st_ino == folder.inode && about.st_dev == folder.device) return std::nullopt;
  // What it holds cannot be reached from here. The folders above can be no better off, and are tried all the same.
  const int number = errno;
  folder.next = folder.entries.size();
  if (!opened) return trouble_with(path_, number);
  return Error{ErrorKind::io, "moved while it was read; the rest of it was not read", path_, {}};
}

void Walk::learn_surroundings(const std::string& path) {
  if (everything_) return;
  const Surroundings around = surroundings_of(path);
  inside_ = around.inside;
  for (const auto& [parent, depth] : around.parents) {
    if (depth == 0) learn(read_exclude(parent), parent + "/.git", 0);
    learn(read_settings_file(AT_FDCWD, parent + "/.gitignore"), parent + "/.gitignore", depth);
  }
}

void Walk::learn_rules(const Folder& folder) {
  const auto holds = [&](std::string_view name) {
    const auto at = std::lower_bound(folder.entries.begin(), folder.entries.end(), name,
                                     [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
    return at != folder.entries.end() && at->name == name;
  };
  if (holds(".git")) {
    rules_.begin_repository();
    learn(read_exclude(path_), path_ + ".git", inside_.size());
  }
  if (holds(".gitignore")) {
    learn(read_settings_file(folder.open->number(), ".gitignore"), path_ + ".gitignore", inside_.size());
  }
}

void Walk::learn(const Result<std::string>& bytes, const std::string& path, std::size_t depth) {
  if (bytes) {
    rules_.add(depth, parse_ignore_file(*bytes));
  } else {
    Error told = bytes.error();
    told.context = path;
    troubles_.push_back(std::move(told));
  }
}

}  // namespace vtoken::scan
