// The audit log of a store: one line for each request, written before its answer is given and before what it did is
// committed. Nothing happens that is not in the file; a process that is stopped in between leaves a line of what did
// not happen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/audit_config.hpp"
#include "store/audit_file.hpp"
#include "store/audit_line.hpp"

namespace vtoken::store {

/// One thread at a time.
class AuditLog {
 public:
  /// Takes over a configuration; nothing turns the log off.
  void configure(std::optional<AuditConfig> config);
  [[nodiscard]] bool on() const noexcept { return config_.has_value(); }

  /// Keeps the line of a request for the next write().
  void note(const AuditFacts& facts);

  /// Writes what was noted since the last call, in one piece. `commits` says that a transaction is about to be
  /// committed: the lines are then on the disk before what they tell of. Fails with io; nothing was written then, and
  /// what was noted must not happen.
  [[nodiscard]] Result<void> write(bool commits);

  /// In a long transaction: writes what was noted so far once it is long, so that memory does not grow with it. It is
  /// withdrawn if the transaction comes to nothing. To be called before note(), not after the last. Fails as write().
  [[nodiscard]] Result<void> write_ahead();

  /// Forgets what was noted and not written, and withdraws what was written ahead: it came to nothing. `failed`, when
  /// given, is the request at which it ended: that one is noted as failed, if the file can be written.
  void drop(const Request* failed, Nanoseconds now);

  /// Says of what the last write() wrote, or was written ahead of it if that failed, that it came to nothing after all,
  /// if the file can be written.
  void withdraw(Nanoseconds now);

 private:
  std::optional<AuditConfig> config_;
  std::optional<AuditHash> hash_;
  SecretString pending_;
  std::vector<std::string> pending_ids_;
  std::vector<std::string> written_ids_;
  std::vector<std::string> ahead_ids_;
};

}  // namespace vtoken::store
