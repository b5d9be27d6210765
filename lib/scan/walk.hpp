// Walks through folders, in order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "scan/ignore_rules.hpp"

namespace vtoken::scan {

/// A file that is to be scanned.
struct WalkedFile {
  std::string path;                          ///< as it is shown
  std::string name;                          ///< what to open, in `folder`
  std::shared_ptr<const Descriptor> folder;  ///< null: the file was named itself, and may be of any kind
};

/// Gives the files of paths one by one, those of a folder sorted by name with what is below its folders between them.
/// Symbolic links are followed only where they were named. Any depth is walked: folders are opened from their parents,
/// so that no path is too long for the system, and few are open at a time.
class Walk {
 public:
  using Step = std::variant<WalkedFile, Error>;

  /// With `everything`, ignore rules do not count, and .git is a folder as any.
  Walk(std::vector<std::string> paths, bool everything);

  /// The next file, or why something could not be walked; nothing at the end.
  [[nodiscard]] std::optional<Step> next();

  /// How many files and folders were left out by ignore rules so far.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

 private:
  struct Entry {
    std::string name;
    unsigned char type = 0;
  };
  struct Folder {
    std::shared_ptr<const Descriptor> open;  // null while too many below are open
    dev_t device = 0;
    ino_t inode = 0;
    std::vector<Entry> entries;
    std::size_t next = 0;
    std::size_t path_size = 0;  // what path_ and inside_ were before it
    std::size_t inside_size = 0;
    IgnoreRules::Mark mark;
  };

  [[nodiscard]] std::optional<Step> next_named();
  [[nodiscard]] std::optional<Step> next_entry();
  [[nodiscard]] std::optional<Error> enter(int parent, const std::string& name, const std::string& path, int flags);
  [[nodiscard]] std::optional<Error> read_entries(Folder& folder);
  [[nodiscard]] bool is_above(const Folder& folder) const noexcept;
  [[nodiscard]] std::optional<Error> leave();
  void learn_surroundings(const std::string& path);
  void learn_rules(const Folder& folder);
  void learn(const Result<std::string>& bytes, const std::string& path, std::size_t depth);

  std::vector<std::string> paths_;
  bool everything_;
  std::size_t next_path_ = 0;
  std::vector<Folder> folders_;  // from the named one to where the walk is
  std::string path_;             // of the deepest one, as shown, with a "/" at its end
  std::string inside_;           // the same from the top of the rules on
  IgnoreRules rules_;
  std::vector<Error> troubles_;  // still to be told
  std::uint64_t left_out_ = 0;
};

}  // namespace vtoken::scan
