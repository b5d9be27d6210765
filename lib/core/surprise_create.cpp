#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "core/display_name.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken {
namespace {

// As servers keep a policy's name.
std::string policy_name(std::string_view given) { return lower(trimmed(given)); }

std::string seconds_text(std::int64_t seconds) { return human_duration(seconds * kSecond); }

bool says(const Answer& answer, std::string_view phrase) {
  return answer.warnings &&
         std::any_of(answer.warnings->begin(), answer.warnings->end(),
                     [&](const std::string& warning) { return warning.find(phrase) != std::string::npos; });
}

bool contains(const Lines& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Collects what differs between one request and one answer.
class Comparison {
 public:
  Comparison(const CreateOptions& asked, const Answer& made) : asked_(asked), made_(made), auth_(*made.auth) {}

  Lines run() {
    life();
    kind();
    policies();
    rest();
    return std::move(lines_);
  }

 private:
  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    lines_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }

  [[nodiscard]] std::string_view by_role() const { return asked_.role.empty() ? "" : ": its role decides"; }

  // The server says itself when it caps.
  [[nodiscard]] bool is_explained() const {
    return says(made_, "value is capped accordingly") || says(made_, "using the lesser value");
  }

  // Whether a wish was given and not met; a server cuts parts of a second.
  [[nodiscard]] bool differs(const std::optional<Nanoseconds>& wish) const {
    if (!wish || *wish == 0) return false;
    const Nanoseconds difference = *wish - auth_.lease_duration * kSecond;
    return difference >= kSecond || difference <= -kSecond;
  }

  [[nodiscard]] std::string life_text() const {
    return auth_.lease_duration == 0 ? std::string("without end") : seconds_text(auth_.lease_duration);
  }

  void life() {
    if (differs(asked_.period) && !is_explained()) {
      add("The token lives {}, not the period of {} that was asked for{}", life_text(), human_duration(*asked_.period),
          by_role());
    } else if (differs(asked_.ttl) && !is_explained()) {
      const bool periodic = asked_.period.value_or(0) != 0;
      add("The token lives {}, not the {} that were asked for{}", life_text(), human_duration(*asked_.ttl),
          periodic ? ": a periodic token lives its period" : by_role());
    }
    const std::int64_t got = auth_.lease_duration;
    const Nanoseconds most = asked_.explicit_max_ttl.value_or(0);
    if (most != 0 && (got == 0 || got * kSecond > most)) {
      add("The token lives {}, beyond the explicit maximum of {} that was asked for", life_text(),
          human_duration(most));
    }
    if (auth_.renewable || asked_.renewable == false || got == 0) return;
    if (auth_.token_type != "batch") {
      add("The token cannot be renewed{}", by_role());
    } else if (asked_.renewable == true) {
      add("The token cannot be renewed, though that was asked for: batch tokens never can");
    }
  }

  void kind() {
    if (auth_.token_type.empty()) return;  // a server too old to say
    if (asked_.type && !asked_.type->empty() && *asked_.type != auth_.token_type) {
      add("The token is of type {}, not {} as was asked for{}", auth_.token_type, *asked_.type, by_role());
    }
    if (asked_.orphan == true && !auth_.orphan) {
      add("The token is no orphan, though that was asked for, and ends with the token that made it{}", by_role());
    }
    if (asked_.orphan == false && auth_.orphan) {
      add("The token is an orphan, though that was not asked for, and outlives the token that made it{}", by_role());
    }
  }

  void policies() {
    if (!auth_.token_policies && !auth_.policies) return;
    const Lines& got = auth_.token_policies ? *auth_.token_policies : *auth_.policies;
    Lines asked;
    for (const std::string& name : asked_.policies) asked.push_back(policy_name(name));
    if (asked_.no_default_policy && contains(got, "default") && !contains(asked, "default")) {
      add("The token has the policy \"default\", though that was to be left out{}", by_role());
    }
    if (asked.empty()) return;
    // Beside "root" no other policy means anything, so servers keep that one alone.
    const bool is_root = contains(got, "root") && contains(asked, "root");
    for (const std::string& name : asked) {
      if (name.empty() || name == "default" || is_root || contains(got, name)) continue;
      add("The token does not have the policy \"{}\" that was asked for{}", name, by_role());
    }
    for (const std::string& name : got) {
      if (name == "default" || contains(asked, name)) continue;
      add("The token has the policy \"{}\", which was not asked for{}", name, by_role());
    }
  }

  void rest() {
    const std::int64_t uses = asked_.num_uses.value_or(0);
    if (uses > 0 && auth_.num_uses > 0 && auth_.num_uses != uses) {
      add("The token can be used {} times, not the {} that were asked for{}", auth_.num_uses, uses, by_role());
    }
    if (asked_.entity_alias && !asked_.entity_alias->empty() && auth_.entity_id.empty()) {
      add("The token belongs to no entity: the alias \"{}\" was not taken", *asked_.entity_alias);
    }
    for (const auto& [key, value] : asked_.meta) {
      if (auth_.metadata && auth_.metadata->count(key) != 0 && auth_.metadata->at(key) == value) continue;
      add("The token's metadata lacks \"{}\" as it was given", key);
    }
    if (asked_.id && !asked_.id->empty() && asked_.id->view() != auth_.client_token.view()) {
      add("The token is not the one that was asked for as its id");
    }
  }

  const CreateOptions& asked_;
  const Answer& made_;
  const Auth& auth_;
  Lines lines_;
};

}  // namespace

Lines doubtful_policies(const CreateOptions& asked) {
  Lines lines;
  for (const std::string& policy : asked.policies) {
    if (policy.find(',') == std::string::npos) continue;
    std::string instead;
    for (const std::string_view part : split(policy, ',')) instead += fmt::format(" -policy={}", trimmed(part));
    lines.push_back(fmt::format("-policy={} names one policy with a comma in its name; for several write{} instead",
                                policy, instead));
  }
  return lines;
}

Lines changed_display_name(const CreateOptions& asked) {
  if (!asked.display_name || asked.display_name->empty()) return {};
  const std::string name = served_display_name(*asked.display_name);
  if (name == "token-" + *asked.display_name) return {};
  return {fmt::format("The token's display name is {}: only letters, digits and - are kept", name)};
}

Lines creation_surprises(const CreateOptions& asked, const Answer& made) {
  if (!made.auth) return {};
  return Comparison(asked, made).run();
}

bool depends_on_parent(const Answer& made) {
  return made.auth && made.auth->token_type == "batch" && !made.auth->orphan;
}

Lines parent_surprises(const Answer& made, const Json& parent) {
  if (!depends_on_parent(made)) return {};
  const Json* ttl = find_member(parent, "ttl");
  if (ttl == nullptr || !ttl->is_number_integer()) return {};
  const auto left = ttl->get<std::int64_t>();
  if (left <= 0 || left >= made.auth->lease_duration) return {};
  const std::string_view end = text_member(parent, "expire_time");
  return {
      fmt::format("The batch token stops working when its parent, the token in use, ends: in {}{}{}, not after the "
                  "{} that it says",
                  seconds_text(left), end.empty() ? "" : ", at ", end, seconds_text(made.auth->lease_duration))};
}

}  // namespace vtoken
