// What a sweep tells the person in front of it, on standard error: whom it acts on, what it is about to do, what came
// of it and what to do next. Names that servers and tokens bring are made readable first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/output.hpp"
#include "cmd/session.hpp"
#include "cmd/sweep_rows.hpp"
#include "sweep/caller.hpp"
#include "sweep/filter.hpp"
#include "sweep/progress.hpp"

namespace vtoken::cmd {

struct SweepReportOptions {
  std::string program = "vtoken";   ///< for commands to try
  std::string address = {};         ///< of the server or the store
  std::string source = {};          ///< who named it: "-address", "VAULT_ADDR"
  std::string namespace_path = {};  ///< empty for the root namespace
  std::string sought = {};          ///< Filter::described()
  std::string journal = {};         ///< its file; empty when there is none
  bool quiet = false;               ///< -q: only what failed or is left, and what a question is about
};

/// Borrows the output. Not safe for use from several threads.
class SweepReport {
 public:
  SweepReport(Output& output, SweepReportOptions options);
  /// Borrows the session. `journal`: its file, or empty.
  SweepReport(Session& session, const sweep::Filter& filter, const std::string& journal);

  /// What is likely to be a mistake, a line each; counts for -fail-on-warning.
  void doubts(const std::vector<std::string>& lines);
  /// Whom the sweep acts on, who asks, and what is looked for.
  void begin(const sweep::CallerFacts& caller);
  /// What is about to be revoked, what is spared, and what the caller's own token risks. With -q too, when a question
  /// follows.
  void plan(const sweep::Plan& plan, bool asks = true);
  /// "Revoke these 1,234 tokens?"
  [[nodiscard]] static std::string question(const sweep::Plan& plan);
  /// An accessor has come to its end: a row, see sweep_rows.hpp.
  void settled(const sweep::Settled& settled) { rows_.add(settled); }
  /// What came of it: in words on standard error, and on standard output the end of the rows, or a table when the
  /// format is table. All is flushed. Returns the exit status: 0 when nothing that matched, and was to go, is left, and
  /// in a dry run that was not cut short; 2 otherwise.
  [[nodiscard]] int finish(const sweep::Summary& summary, bool dry_run);

 private:
  void say(std::string_view text) { output_.info(text); }
  void target();
  void outcomes(const sweep::Summary& summary, bool dry_run);
  void left(const sweep::Summary& summary);
  void next_steps(const sweep::Summary& summary, bool dry_run);
  void table(const sweep::Summary& summary);

  Output& output_;
  SweepReportOptions options_;
  Session* session_ = nullptr;  // none in tests
  SweepRows rows_;
  sweep::CallerFacts caller_ = {};
  bool target_shown_ = false;
};

}  // namespace vtoken::cmd
