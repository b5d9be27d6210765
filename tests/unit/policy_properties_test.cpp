// What holds for all policies.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "core/json.hpp"
#include "policy/acl.hpp"

namespace vtoken::policy {
namespace {

constexpr std::array kOperations{Operation::create, Operation::read, Operation::update, Operation::erase,
                                 Operation::list};

// Few words, so that paths meet.
rc::Gen<std::string> segment() { return rc::gen::element<std::string>("a", "b", "ab", "abc", "+", ""); }

rc::Gen<std::string> path() {
  return rc::gen::map(rc::gen::resize(4, rc::gen::container<std::vector<std::string>>(segment())),
                      [](const std::vector<std::string>& segments) {
                        std::string text;
                        for (const auto& one : segments) text += one + "/";
                        return text.substr(0, text.size() - (text.size() % 2));
                      });
}

rc::Gen<std::string> parameters() {
  return rc::gen::element<std::string>(
      "", "allowed_parameters = { x = [\"1\"] }", "allowed_parameters = { x = [], y = [\"2*\"] }",
      "denied_parameters = { x = [\"1\", \"3\"] }", "denied_parameters = { \"*\" = [] }",
      "required_parameters = [\"y\"]", "min_wrapping_ttl = 60", "max_wrapping_ttl = 90");
}

rc::Gen<std::string> rule() {
  return rc::gen::apply(
      [](std::string where, const std::string& star, const std::vector<std::string>& capabilities,
         const std::string& more) {
        if (where.ends_with('+') && !star.empty()) where += '/';
        std::string text = "path \"" + where + star + "\" {\n capabilities = [";
        for (const auto& name : capabilities) text += "\"" + name + "\", ";
        return text + "]\n " + more + "\n}\n";
      },
      path(), rc::gen::element<std::string>("", "*"),
      rc::gen::resize(4, rc::gen::container<std::vector<std::string>>(rc::gen::weightedOneOf<std::string>(
                             {{12, rc::gen::element<std::string>("create", "read", "update", "delete", "list", "sudo")},
                              {1, rc::gen::just<std::string>("deny")}}))),
      parameters());
}

rc::Gen<std::vector<Policy>> policies() {
  return rc::gen::resize(
      6, rc::gen::container<std::vector<Policy>>(rc::gen::map(rc::gen::container<std::vector<std::string>>(rule()),
                                                              [](const std::vector<std::string>& rules) {
                                                                std::string text;
                                                                for (const auto& one : rules) text += one;
                                                                auto policy = parse_policy("p", text);
                                                                RC_ASSERT(policy.has_value());
                                                                return std::move(*policy);
                                                              })));
}

Acl together(const std::vector<Policy>& policies) {
  std::vector<const Policy*> all;
  all.reserve(policies.size());
  for (const auto& policy : policies) all.push_back(&policy);
  return {all, 0};
}

struct Asked {
  Operation operation = Operation::read;
  std::string path;
  Json data;
  Nanoseconds wrap_ttl = 0;

  [[nodiscard]] bool allowed(const Acl& acl) const {
    return acl.ask({operation, path, data.is_null() ? nullptr : &data, wrap_ttl}).allowed;
  }
};

Asked any_question() {
  static const std::vector<Json> kData{
      Json(), Json::object(), Json{{"x", "1"}}, Json{{"y", "22"}}, Json{{"x", "3"}, {"y", "2"}}, Json{{"z", 1}}};
  return {*rc::gen::elementOf(kOperations), *path(), *rc::gen::elementOf(kData),
          *rc::gen::element<Nanoseconds>(0, 30, 60, 90, 120) * kSecond};
}

TEST_CASE("the order of policies never matters") {
  CHECK(rc::check([] {
    auto given = *policies();
    const Acl first = together(given);
    std::reverse(given.begin(), given.end());
    for (auto& policy : given) std::reverse(policy.rules.begin(), policy.rules.end());
    const Acl second = together(given);
    const Asked asked = any_question();
    RC_ASSERT(asked.allowed(first) == asked.allowed(second));
    RC_ASSERT(first.capabilities(asked.path) == second.capabilities(asked.path));
    RC_ASSERT(first.sudo(asked.path) == second.sudo(asked.path));
  }));
}

TEST_CASE("a deny more never allows more") {
  CHECK(rc::check([] {
    auto given = *policies();
    const Asked asked = any_question();
    const bool before = asked.allowed(together(given));
    // A rule of its own could take the place of one that is less specific; a path that is there already cannot.
    std::vector<Rule> rules;
    for (const auto& policy : given) rules.insert(rules.end(), policy.rules.begin(), policy.rules.end());
    RC_PRE(!rules.empty());
    Rule denied = *rc::gen::elementOf(rules);
    denied.permissions = {};
    denied.permissions.capabilities.add(Capability::deny);
    given.push_back({"deny", {denied}});
    RC_ASSERT(!asked.allowed(together(given)) || before);
  }));
}

TEST_CASE("an exact deny denies") {
  CHECK(rc::check([] {
    auto given = *policies();
    const Asked asked = any_question();
    Rule denied{.path = asked.path};
    denied.path.erase(0, denied.path.find_first_not_of('/'));
    denied.permissions.capabilities.add(Capability::deny);
    given.push_back({"deny", {denied}});
    const Acl acl = together(given);
    RC_ASSERT(!asked.allowed(acl));
    RC_ASSERT(acl.capabilities(asked.path) == std::vector<std::string>{"deny"});
  }));
}

TEST_CASE("capabilities say what may be done without data") {
  CHECK(rc::check([] {
    auto given = *policies();
    for (auto& policy : given) {
      for (auto& rule : policy.rules) rule.permissions = {.capabilities = rule.permissions.capabilities};
    }
    const Acl acl = together(given);
    std::string where = *path();
    // A question for capabilities is one for a list; others differ in what a slash at the end means.
    while (where.ends_with('/')) where.pop_back();
    const auto names = acl.capabilities(where);
    const auto has = [&names](const char* name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    RC_ASSERT(acl.ask({Operation::create, where}).allowed == has("create"));
    RC_ASSERT(acl.ask({Operation::read, where}).allowed == has("read"));
    RC_ASSERT(acl.ask({Operation::update, where}).allowed == has("update"));
    RC_ASSERT(acl.ask({Operation::erase, where}).allowed == has("delete"));
    RC_ASSERT(acl.ask({Operation::list, where}).allowed == has("list"));
    RC_ASSERT(acl.sudo(where) == has("sudo"));
    RC_ASSERT(std::is_sorted(names.begin(), names.end()));
  }));
}

}  // namespace
}  // namespace vtoken::policy
