#include "store/audit.hpp"

#include <iterator>
#include <utility>

#include "store/reply.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kLongPending = std::size_t{1} << 20U;  // bytes

}  // namespace

void AuditLog::configure(std::optional<AuditConfig> config) {
  config_ = std::move(config);
  hash_.reset();
  if (config_) hash_.emplace(KeyView(config_->key.data(), kKeySize));
}

void AuditLog::note(const AuditFacts& facts) {
  if (!hash_) return;
  AuditLine line = audit_line(facts, *hash_);
  pending_ += line.text;
  pending_ids_.push_back(std::move(line.id));
}

Result<void> AuditLog::write(bool commits) {
  if (pending_.empty() || !config_) return {};
  const SecretString lines = std::exchange(pending_, {});
  std::vector<std::string> ids = std::exchange(pending_ids_, {});
  written_ids_ = std::exchange(ahead_ids_, {});
  auto done = append_lines(config_->file, lines.view(), commits ? Reach::disk : Reach::system);
  if (done) std::move(ids.begin(), ids.end(), std::back_inserter(written_ids_));
  return done;
}

Result<void> AuditLog::write_ahead() {
  if (pending_.size() < kLongPending || !config_) return {};
  const SecretString lines = std::exchange(pending_, {});
  std::vector<std::string> ids = std::exchange(pending_ids_, {});
  auto done = append_lines(config_->file, lines.view(), Reach::system);
  if (done) std::move(ids.begin(), ids.end(), std::back_inserter(ahead_ids_));
  return done;
}

void AuditLog::drop(const Request* failed, Nanoseconds now) {
  pending_.clear();
  pending_ids_.clear();
  written_ids_ = std::exchange(ahead_ids_, {});
  withdraw(now);
  if (failed == nullptr) return;
  const Response response = reply_raised(500, "internal error");
  note({.request = *failed, .response = response, .now = now});
  // There is nothing more to refuse: the request has failed already.
  static_cast<void>(write(false).has_value());
}

void AuditLog::withdraw(Nanoseconds now) {
  std::string lines;
  for (const auto& id : std::exchange(written_ids_, {})) lines += audit_withdrawal(id, now);
  if (config_ && !lines.empty()) static_cast<void>(append_lines(config_->file, lines, Reach::system).has_value());
}

}  // namespace vtoken::store
