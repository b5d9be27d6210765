// The flags that say which tokens are meant, and how fast they are looked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"
#include "core/key_list.hpp"
#include "sweep/filter.hpp"

namespace vtoken::cmd {

/// For `accessors list` and `accessors revoke`. Values are those of the command line; filter() checks them all.
class SweepFlags {
 public:
  /// Under the titles "Which tokens" and "How". This must outlive the parsing.
  void declare(FlagSet& flags);

  /// Whether tokens were chosen by any of the filters, -accessors-from and -all among them.
  [[nodiscard]] bool given() const noexcept;

  /// What is chosen. With -accessors-from and nothing else that is every token of those: `all` is set. Fails (usage),
  /// saying what to do, for values that are wrong, that contradict each other, or are beyond their range; also those of
  /// -concurrency and -list-timeout.
  [[nodiscard]] Result<sweep::Filter> filter(Nanoseconds now) const;

  /// What of it is likely to be a mistake, a line each.
  [[nodiscard]] std::vector<std::string> doubts() const;

  /// The accessors of -accessors-from, to be looked up instead of a list; nothing without that flag. One may be there
  /// twice. Fails as read_accessor_file(), naming the flag.
  [[nodiscard]] Result<std::optional<KeyList>> accessors(const Context& context) const;

  std::optional<std::string> accessors_from;
  std::optional<std::int64_t> concurrency;  ///< from 1 to 1024; nothing: as the server takes it
  std::optional<Nanoseconds> list_timeout;  ///< nothing, or 0: as long as it takes

  /// In whole seconds, a part counting as one; 0 for as long as it takes.
  [[nodiscard]] int list_timeout_seconds() const noexcept;

 private:
  [[nodiscard]] Result<void> check_texts() const;
  [[nodiscard]] Result<void> read_metadata(sweep::Filter& filter) const;
  [[nodiscard]] Result<void> read_moments(sweep::Filter& filter, Nanoseconds now) const;
  [[nodiscard]] Result<void> read_ttls(sweep::Filter& filter) const;
  [[nodiscard]] Result<void> check_rest() const;

  std::vector<std::string> policies_, roles_, paths_, display_names_, metadata_, entity_ids_;
  std::optional<std::string> type_, created_before_, created_after_;
  std::optional<Nanoseconds> ttl_less_than_, ttl_greater_than_;
  std::optional<bool> orphan_;
  bool all_ = false;
};

}  // namespace vtoken::cmd
