// A sweep's journal: what is to be revoked, what is being revoked and what came of it, a line of JSON each, so that a
// sweep that was killed or cut off goes on where it was.
//
// The first line says what the sweep was for:
//
//   {"event":"sweep","version":1,"target":"https://127.0.0.1:8200","namespace":"team-a","filter":"…"}
//
// A plan follows: a line for each accessor, then one that says that it is complete. It is on the disk before anything
// of it is revoked.
//
//   {"event":"planned","accessor":"…","policies":["default","ci"],"display_name":"token-ci","path":"auth/token/create"}
//   {"event":"plan-complete"}
//
// Before an accessor is revoked a line says so, and it is in the operating system's hands when revoking() returns, so
// that it outlives the process; after it a line says what came of it (outcome.hpp).
//
//   {"event":"revoking","accessor":"…"}
//   {"event":"settled","accessor":"…","outcome":"revoked","error":null}
//
// Later rounds add plans and revocations. What was planned and has no "settled" line behind its last "planned" line is
// left to do; when it has a "revoking" line, it may be revoked already. Lines of a plan that was not completed mean
// nothing. A last line that is cut off (it has no newline) is not read, and is removed when the journal is written to
// again. Bytes that are not UTF-8 are written as U+FFFD. It holds no tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
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
  std::vector<Entry> entries;  ///< of complete plans, in their order, each accessor once
  bool plan_complete = false;  ///< of the first round: nothing was revoked otherwise
};

/// One open journal; another process cannot open it meanwhile. Mode 0600.
class Journal {
 public:
  /// A new one. Fails with refused when there is a file already (the text names -resume), io.
  [[nodiscard]] static Result<Journal> create(const std::string& path, const JournalHead& head);
  struct Resumed;
  /// One that is there, and what is in it. Fails with not_found, damaged (no journal, or a line that is none: with its
  /// number), refused (another process has it open, or others may change it), io.
  [[nodiscard]] static Result<Resumed> resume(const std::string& path);

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  // Each fails with io: the disk is full, …; what was to be noted must not be done then. What is in the file stays
  // whole lines, and once there is room again, others may follow.

  /// Collected; on the disk when plan_complete() returns.
  [[nodiscard]] Result<void> planned(const JournalRow& row);
  [[nodiscard]] Result<void> plan_complete();
  [[nodiscard]] Result<void> revoking(std::string_view accessor);
  /// Several with one write.
  [[nodiscard]] Result<void> revoking(std::span<const std::string_view> accessors);
  [[nodiscard]] Result<void> settled(std::string_view accessor, Outcome outcome, std::string_view error);
  /// Makes all of it last.
  [[nodiscard]] Result<void> close();

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

struct Journal::Resumed {
  Journal journal;
  JournalPast past;
};

}  // namespace vtoken::sweep
