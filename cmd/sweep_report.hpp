// What a sweep tells the person in front of it, on standard error: whom it acts on, what it is about to do, what came
// of it and what to do next. Names that servers and tokens bring are made readable first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cmd/output.hpp"
#include "sweep/caller.hpp"
#include "sweep/progress.hpp"

namespace vtoken::cmd {

struct SweepReportOptions {
  std::string program = "vtoken";   ///< for commands to try
  std::string address = {};         ///< of the server or the store
  std::string source = {};          ///< who named it: "-address", "VAULT_ADDR"
  std::string namespace_path = {};  ///< empty for the root namespace
  std::string sought = {};          ///< Filter::described()
  std::string journal = {};         ///< its file; empty when there is none
  bool dry_run = false;
  bool quiet = false;  ///< -q: only failures, what is left, and what is needed to answer a question
  bool asks = false;   ///< a question follows the plan
};

/// Borrows the output. Not safe for use from several threads.
class SweepReport {
 public:
  SweepReport(Output& output, SweepReportOptions options);

  /// Whom the sweep acts on, who asks, and what is looked for.
  void target(const sweep::CallerFacts& caller);
  /// What is about to be revoked, what is spared, and what the caller's own token risks.
  void plan(const sweep::Plan& plan);
  /// What came of it: in words on standard error, and as a table on standard output when the format is table.
  /// `rows_broken`: standard output took no more (sweep_rows.hpp).
  void summary(const sweep::Summary& summary, bool rows_broken = false);

 private:
  void say(std::string_view text) { output_.info(text); }
  void outcomes(const sweep::Summary& summary);
  void left(const sweep::Summary& summary);
  void next_steps(const sweep::Summary& summary);
  void table(const sweep::Summary& summary);

  Output& output_;
  SweepReportOptions options_;
};

/// "Revoke these 1,234 tokens?"
[[nodiscard]] std::string sweep_question(const sweep::Plan& plan);

/// Whether nothing that matched, and was to go, is left: the exit status is 0 then, and 2 otherwise. A dry run that was
/// not cut short is done too.
[[nodiscard]] bool is_done(const sweep::Summary& summary, bool dry_run) noexcept;

}  // namespace vtoken::cmd
