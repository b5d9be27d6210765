#include "policy/acl.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "policy/builtin.hpp"
#include "policy/parameters.hpp"

namespace vtoken::policy {
namespace {

// Of two limits the lesser; 0 is none.
void lessen(Nanoseconds& mine, Nanoseconds other) {
  if (other > 0 && (mine == 0 || other < mine)) mine = other;
}

void merge(Parameters& mine, const Parameters& others) {
  for (const auto& [name, values] : others) {
    const auto [place, fresh] = mine.try_emplace(name, values);
    if (fresh) continue;
    auto& known = place->second;
    if (values.empty() || known.empty()) {
      known.clear();  // any value
    } else {
      known.insert(known.end(), values.begin(), values.end());
    }
  }
}

void merge(Permissions& mine, const Permissions& other) {
  if (mine.capabilities.has(Capability::deny)) return;
  if (other.capabilities.has(Capability::deny)) {
    mine = other;
    return;
  }
  mine.capabilities.add(other.capabilities);
  lessen(mine.min_wrapping_ttl, other.min_wrapping_ttl);
  lessen(mine.max_wrapping_ttl, other.max_wrapping_ttl);
  merge(mine.allowed, other.allowed);
  merge(mine.denied, other.denied);
  if (other.required.empty()) return;
  mine.required.insert(mine.required.end(), other.required.begin(), other.required.end());
  std::sort(mine.required.begin(), mine.required.end());
  mine.required.erase(std::unique(mine.required.begin(), mine.required.end()), mine.required.end());
}

std::string_view next_segment(std::string_view& rest) {
  const auto slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

// Whether each `+` of `pattern` meets one segment of `path`, and all else is the same; of a prefix, only as far as the
// pattern goes.
bool meets(std::string_view pattern, bool prefix, std::string_view path) {
  bool more = true;
  bool more_path = true;
  while (more) {
    if (!more_path) return false;
    more = pattern.find('/') != std::string_view::npos;
    more_path = path.find('/') != std::string_view::npos;
    const std::string_view wanted = next_segment(pattern);
    const std::string_view segment = next_segment(path);
    if (wanted == "+" || wanted == segment) continue;
    if (more || !prefix || !segment.starts_with(wanted)) return false;
  }
  return prefix || !more_path;
}

std::string_view without_star(std::string_view path, bool prefix) {
  if (prefix) path.remove_suffix(1);
  return path;
}

std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

Capability needed(Operation operation) {
  switch (operation) {
    case Operation::create: return Capability::create;
    case Operation::read: return Capability::read;
    case Operation::update: return Capability::update;
    case Operation::erase: return Capability::erase;
    case Operation::list: return Capability::list;
  }
  return Capability::deny;
}

bool takes_parameters(Operation operation) {
  return operation == Operation::read || operation == Operation::update || operation == Operation::create;
}

bool wrapping_allowed(const Permissions& permissions, Nanoseconds ttl) {
  const auto [min, max] = std::pair(permissions.min_wrapping_ttl, permissions.max_wrapping_ttl);
  if (max > 0 && (ttl == 0 || ttl > max)) return false;
  return ttl >= min;  // two policies together can leave nothing between min and max
}

}  // namespace

Acl::Acl(const std::vector<const Policy*>& policies, Nanoseconds now) {
  for (const Policy* policy : policies) {
    if (policy->name == kRoot) root_ = true;
    for (const Rule& rule : policy->rules) {
      if (rule.templated || (rule.expiration && *rule.expiration < now)) continue;
      if (rule.expiration && (good_until_ == 0 || *rule.expiration < good_until_)) good_until_ = *rule.expiration;
      add(rule);
    }
  }
}

void Acl::add(const Rule& rule) {
  if (rule.segments) {
    add_segments(rule);
    return;
  }
  const auto [place, fresh] = (rule.prefix ? prefixes_ : exact_).try_emplace(rule.path, rule.permissions);
  if (!fresh) merge(place->second, rule.permissions);
}

void Acl::add_segments(const Rule& rule) {
  // Up to the first segment that is a + and nothing else.
  std::size_t literal = 0;
  Segments fresh{rule.path.ends_with('*'), rule.path.find('+'), 0, rule.permissions};
  std::string_view rest = without_star(rule.path, fresh.prefix);
  const std::size_t size = rest.size();
  for (bool more = true; more;) {
    const std::size_t start = size - rest.size();
    more = rest.find('/') != std::string_view::npos;
    if (next_segment(rest) == "+" && fresh.wildcards++ == 0) literal = start;
  }
  const auto [place, is_fresh] = segments_[rule.path.substr(0, literal)].try_emplace(rule.path, std::move(fresh));
  if (!is_fresh) merge(place->second.permissions, rule.permissions);
}

const Permissions* Acl::find_inexact(std::string_view path) const {
  const Permissions* best = nullptr;
  // In the order of what counts: the later the first wildcard the better, and so on. Higher is more specific.
  std::tuple<std::size_t, bool, std::ptrdiff_t, std::size_t, std::string_view> rank;

  std::string_view start = path;
  for (auto next = prefixes_.upper_bound(start); next != prefixes_.begin(); next = prefixes_.upper_bound(start)) {
    const auto& [prefix, permissions] = *std::prev(next);
    if (start.starts_with(prefix)) {
      best = &permissions;
      rank = {prefix.size(), false, 0, prefix.size(), prefix};
      break;
    }
    const auto differs = std::mismatch(start.begin(), start.end(), prefix.begin(), prefix.end()).first;
    start = start.substr(0, static_cast<std::size_t>(differs - start.begin()));
  }

  if (segments_.empty()) return best;
  for (std::size_t literal = 0; literal != std::string_view::npos;) {
    if (const auto group = segments_.find(path.substr(0, literal)); group != segments_.end()) {
      for (const auto& [key, one] : group->second) {
        const std::string_view pattern = without_star(key, one.prefix);
        const std::tuple candidate(one.first_wildcard, !one.prefix, -static_cast<std::ptrdiff_t>(one.wildcards),
                                   pattern.size(), pattern);
        if ((best != nullptr && candidate <= rank) || !meets(pattern, one.prefix, path)) continue;
        best = &one.permissions;
        rank = candidate;
      }
    }
    const auto slash = path.find('/', literal);
    literal = slash == std::string_view::npos ? slash : slash + 1;
  }
  return best;
}

const Permissions* Acl::find(std::string_view path, bool list) const {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  if (const auto found = exact_.find(path); found != exact_.end()) return &found->second;
  const std::string_view bare = without_slash(path);
  if (list) {
    if (const auto found = exact_.find(bare); found != exact_.end()) return &found->second;
  }
  const Permissions* found = find_inexact(path);
  if (found == nullptr && list && bare.size() != path.size()) found = find_inexact(bare);
  return found;
}

Verdict Acl::ask(const Question& question) const {
  if (root_) return {true, true};
  const Permissions* found = find(question.path, question.operation == Operation::list);
  if (found == nullptr) return {};
  Verdict verdict{false, found->capabilities.has(Capability::sudo)};
  verdict.allowed = found->capabilities.has(needed(question.operation)) &&
                    wrapping_allowed(*found, question.wrap_ttl) &&
                    (!takes_parameters(question.operation) || parameters_allowed(*found, question.data));
  return verdict;
}

std::string Acl::granting_rule(Operation operation, std::string_view path) const {
  const Permissions* found = find(path, operation == Operation::list);
  if (found == nullptr || !found->capabilities.has(needed(operation))) return {};
  for (const auto& [rule, permissions] : exact_) {
    if (&permissions == found) return "exact " + rule;
  }
  for (const auto& [rule, permissions] : prefixes_) {
    if (&permissions == found) return "prefix " + rule;
  }
  for (const auto& [literal, rules] : segments_) {
    for (const auto& [rule, one] : rules) {
      if (&one.permissions == found) return "segments " + rule;
    }
  }
  return {};
}

bool Acl::sudo(std::string_view path) const {
  const Permissions* found = root_ ? nullptr : find(path, false);
  return root_ || (found != nullptr && found->capabilities.has(Capability::sudo));
}

std::vector<std::string> Acl::capabilities(std::string_view path) const {
  if (root_) return {"root"};
  const Permissions* found = find(path, true);
  return capability_names(found == nullptr ? Capabilities() : found->capabilities);
}

}  // namespace vtoken::policy
