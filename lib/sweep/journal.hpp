// A sweep's journal: what is to be revoked, what is being revoked and what came of it, a line of JSON each, so that a
// sweep that was killed or cut off goes on where it was.
//
// The first line says what the sweep was for. A plan follows: a line for each accessor, then one that says that it is
// complete. Before an accessor is revoked a line says so, and it is in the operating system's hands when revoking()
// returns, so that it outlives the process; after it a line says what came of it. Later rounds add plans and
// revocations. A last line that is cut off is not read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sweep/outcome.hpp"

namespace vtoken::sweep {

/// What the sweep was for; a sweep goes on only with the same.
struct JournalHead {
  std::string target;          ///< such as "https://127.0.0.1:8200" or "file:///store.db"
  std::string namespace_path;  ///< empty for the root namespace
  std::string filter;          ///< Filter::canonical(), or what else chooses, one line
  bool operator==(const JournalHead&) const = default;
};

/// What is known of a planned accessor.
struct JournalRow {
  std::string accessor;
  std::string display_name;
  std::string path;
  std::vector<std::string> policies;
};

/// What an older run left.
struct JournalPast {
  JournalHead head;
  struct Entry {
    JournalRow row;
    bool tried = false;  ///< revoking was begun
    std::optional<Outcome> outcome = {};
  };
  std::vector<Entry> entries;  ///< in the order planned, each accessor once
  bool plan_complete = false;  ///< of the first round: nothing was revoked otherwise
};

/// One open journal; another process cannot open it meanwhile. Mode 0600.
class Journal {
 public:
  /// A new one. Fails with refused when there is a file already (the text names -resume), io.
  [[nodiscard]] static Result<Journal> create(const std::string& path, const JournalHead& head);
  struct Resumed;
  /// One that is there, and what is in it. Fails with not_found, damaged (no journal, or a line that is none, but for
  /// the last: with its number), refused (another process has it open), io.
  [[nodiscard]] static Result<Resumed> resume(const std::string& path);

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // Each fails with io: the disk is full, …; what was to be noted must not be done then.

  /// Collected; on the disk when plan_complete() returns.
  [[nodiscard]] Result<void> planned(const JournalRow& row);
  [[nodiscard]] Result<void> plan_complete();
  [[nodiscard]] Result<void> revoking(std::string_view accessor);
  [[nodiscard]] Result<void> settled(std::string_view accessor, Outcome outcome, std::string_view error);
  /// Makes all of it last.
  [[nodiscard]] Result<void> close();
};

struct Journal::Resumed {
  Journal journal;
  JournalPast past;
};

}  // namespace vtoken::sweep
