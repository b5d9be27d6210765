// The journal of a sweep as the flags name it: a new one, or one to go on with.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cmd/session.hpp"
#include "core/key_list.hpp"
#include "sweep/filter.hpp"
#include "sweep/journal.hpp"

namespace vtoken::cmd {

/// What the command line says.
struct JournalWish {
  std::optional<std::string> path = {};
  bool resume = false;
  bool chosen = false;  ///< tokens were chosen by flags; otherwise the journal says which
  sweep::Filter filter = {};
  std::optional<KeyList> accessors = {};
};

/// What a sweep is then about.
struct SweepJournal {
  sweep::Filter filter = {};
  std::optional<KeyList> accessors = {};
  std::optional<sweep::Journal> journal = {};
  std::optional<sweep::JournalPast> past = {};
  bool only_past = false;  ///< see SweepOptions
  std::string path = {};

  /// Takes away a journal of a sweep that did nothing, if it was made for it.
  void discard();
};

/// Opens the journal, if there is to be one. Fails with usage when the journal is of another sweep, and as Journal
/// does.
[[nodiscard]] Result<SweepJournal> open_sweep_journal(const Session& session, JournalWish wish);

}  // namespace vtoken::cmd
