#include "cmd/sweep_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "cmd/accessor_file.hpp"
#include "cmd/output_go.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::int64_t kMostAtOnce = 1024;

tl::unexpected<Error> wrong(std::string message) { return fail(ErrorKind::usage, std::move(message)); }

bool is_utf8(std::string_view text) {
  std::size_t length = 1;
  for (; !text.empty() && length > 0; text.remove_prefix(length)) length = utf8_length(text);
  return length > 0;
}

}  // namespace

void SweepFlags::declare(FlagSet& flags) {
  flags.group("Which tokens");
  flags.list({"policy",
              "With this policy, its own or its identity's; may be given again for any of several. A * stands for any "
              "text.",
              "GLOB",
              {},
              false,
              Values::policy},
             policies_);
  flags.list(
      {"role", "Made by this role; may be given again. A * stands for any text.", "GLOB", {}, false, Values::role},
      roles_);
  flags.list({"path", "Made at this path, such as auth/userpass/*; may be given again.", "GLOB"}, paths_);
  flags.list({"display-name", "With this display name; may be given again. A * stands for any text.", "GLOB"},
             display_names_);
  flags.list({"metadata",
              "With this pair in its metadata; may be given again, then all must be there. The value may "
              "hold *.",
              "KEY=VALUE"},
             metadata_);
  flags.list({"entity-id", "Of this entity; may be given again for any of several.", "ID"}, entity_ids_);
  flags.text({"type", "service or batch.", "TYPE", {}, false, Values::choice, "service batch"}, type_);
  flags.boolean({"orphan", "Without a parent; with one for -orphan=false."}, orphan_);
  flags.text({"created-before",
              "Made before this time, such as 2026-11-22T10:00:00Z, or longer ago than this, such as 2h.", "TIME"},
             created_before_);
  flags.text({"created-after", "Made at this time or later, or not longer ago than this.", "TIME"}, created_after_);
  flags.duration({"ttl-less-than", "With less than this to live.", "DURATION"}, ttl_less_than_);
  flags.duration({"ttl-greater-than", "With more than this to live, or without an end.", "DURATION"},
                 ttl_greater_than_);
  flags.boolean({"all", "Every token; instead of all other filters."}, all_);
  flags.text(
      {"accessors-from",
       "Look only at the accessors in this file (- for standard input) instead of the server's list: one a line, "
       "or JSON that this program printed.",
       "FILE",
       {},
       false,
       Values::file},
      accessors_from);
  flags.group("How");
  flags.integer(
      {"concurrency", "So many requests at once, 1 to 1024, instead of as many as the server takes well.", "COUNT"},
      concurrency);
  flags.duration(
      {"list-timeout", "How long the list of accessors may take; for as long as it takes unless given.", "DURATION"},
      list_timeout);
}

bool SweepFlags::given() const noexcept {
  return !policies_.empty() || !roles_.empty() || !paths_.empty() || !display_names_.empty() || !metadata_.empty() ||
         !entity_ids_.empty() || type_ || orphan_ || created_before_ || created_after_ || ttl_less_than_ ||
         ttl_greater_than_ || all_ || accessors_from;
}

Result<void> SweepFlags::check_texts() const {
  const std::array<std::pair<std::string_view, const std::vector<std::string>*>, 6> lists{
      {{"policy", &policies_},
       {"role", &roles_},
       {"path", &paths_},
       {"display-name", &display_names_},
       {"metadata", &metadata_},
       {"entity-id", &entity_ids_}}};
  for (const auto& [name, texts] : lists) {
    for (const std::string& text : *texts) {
      if (text.empty()) return wrong(fmt::format("-{} is empty: say which, or leave the flag out", name));
      if (!is_utf8(text)) return wrong(fmt::format("-{} is not UTF-8, so that no token can match", name));
    }
  }
  return {};
}

Result<void> SweepFlags::read_metadata(sweep::Filter& filter) const {
  for (const std::string& pair : metadata_) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return wrong(fmt::format("-metadata={}: write it as KEY=VALUE; KEY=* is any value", go_quoted(pair)));
    }
    filter.metadata.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return {};
}

Result<void> SweepFlags::read_moments(sweep::Filter& filter, Nanoseconds now) const {
  const auto read = [now](std::string_view name, const std::optional<std::string>& text,
                          std::optional<std::int64_t>& moment) -> Result<void> {
    if (!text) return {};
    const auto parsed = sweep::parse_moment(vtoken::trimmed(std::string_view(*text)), now);
    if (!parsed) return wrong(fmt::format("-{}: {}", name, parsed.error().message));
    moment = *parsed;
    return {};
  };
  if (auto done = read("created-before", created_before_, filter.created_before); !done) return done;
  if (auto done = read("created-after", created_after_, filter.created_after); !done) return done;
  if (filter.created_before && filter.created_after && *filter.created_after >= *filter.created_before) {
    return wrong(
        "-created-after is not earlier than -created-before, so that no token can match: the older time belongs to "
        "-created-after");
  }
  return {};
}

Result<void> SweepFlags::read_ttls(sweep::Filter& filter) const {
  if (ttl_less_than_) {
    if (*ttl_less_than_ <= 0) return wrong("-ttl-less-than must be more than 0: no token has less to live");
    filter.ttl_less_than = (*ttl_less_than_ - 1) / kSecond + 1;
  }
  if (ttl_greater_than_) {
    if (*ttl_greater_than_ < 0) return wrong("-ttl-greater-than must not be negative");
    filter.ttl_greater_than = *ttl_greater_than_ / kSecond;
  }
  if (filter.ttl_less_than && filter.ttl_greater_than && *filter.ttl_greater_than + 1 >= *filter.ttl_less_than) {
    return wrong("no time to live is both more than -ttl-greater-than and less than -ttl-less-than");
  }
  return {};
}

Result<void> SweepFlags::check_rest() const {
  if (type_ && *type_ != "service" && *type_ != "batch") {
    return wrong(fmt::format("-type={}: it is service or batch", go_quoted(*type_)));
  }
  if (accessors_from && accessors_from->empty()) return wrong("-accessors-from is empty: name a file, or -");
  if (concurrency && (*concurrency < 1 || *concurrency > kMostAtOnce)) {
    return wrong(fmt::format("-concurrency is from 1 to {}", kMostAtOnce));
  }
  if (list_timeout && *list_timeout < 0) return wrong("-list-timeout must not be negative");
  return {};
}

Result<sweep::Filter> SweepFlags::filter(Nanoseconds now) const {
  sweep::Filter filter{.policies = policies_,
                       .roles = roles_,
                       .paths = paths_,
                       .display_names = display_names_,
                       .entity_ids = entity_ids_,
                       .type = type_,
                       .orphan = orphan_};
  for (std::string& policy : filter.policies) policy = lower(policy);
  Result<void> good = check_texts();
  if (good) good = read_metadata(filter);
  if (good) good = read_moments(filter, now);
  if (good) good = read_ttls(filter);
  if (good) good = check_rest();
  if (!good) return tl::unexpected(good.error());
  if (all_ && !filter.empty()) return wrong("-all means every token: leave it out, or the other filters");
  filter.all = all_ || (accessors_from && filter.empty());
  return filter;
}

std::vector<std::string> SweepFlags::doubts() const {
  std::vector<std::string> lines;
  for (const std::string& policy : policies_) {
    if (policy.find(',') == std::string::npos) continue;
    lines.push_back(fmt::format("-policy={} means one policy of that very name; for any of several give -policy again",
                                go_quoted(policy)));
  }
  if (type_ == "batch") lines.emplace_back("-type=batch: batch tokens have no accessors, so that none is ever listed");
  return lines;
}

Result<std::optional<KeyList>> SweepFlags::accessors(const Context& context) const {
  if (!accessors_from) return std::optional<KeyList>();
  auto keys = read_accessor_file(context, *accessors_from);
  if (keys) return std::optional<KeyList>(std::move(*keys));
  Error error = keys.error();
  error.context = "-accessors-from: " + error.context;
  return tl::unexpected(std::move(error));
}

int SweepFlags::list_timeout_seconds() const noexcept {
  if (!list_timeout) return 0;
  constexpr Nanoseconds kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::min((*list_timeout + kSecond - 1) / kSecond, kMost));
}

}  // namespace vtoken::cmd
