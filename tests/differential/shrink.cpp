#include "shrink.hpp"

#include <rapidcheck/seq/Create.h>
#include <rapidcheck/seq/Operations.h>
#include <rapidcheck/seq/Transform.h>
#include <rapidcheck/shrink/Shrink.h>
#include <rapidcheck/shrinkable/Create.h>

#include "core/json.hpp"

namespace vtoken::differential {
namespace {

std::string text_of(const Json& body) { return std::string(body.dump().view()); }

// Without one member, without one item of a list.
void add_smaller_bodies(const Operation& operation, std::vector<Operation>& found) {
  const auto body = parse_json(operation.body);
  if (!body || !body->is_object()) return;
  for (const auto& [name, value] : body->items()) {
    Operation smaller = operation;
    Json less = *body;
    less.erase(name);
    smaller.body = text_of(less);
    found.push_back(smaller);
    if (!value.is_array()) continue;
    for (std::size_t i = 0; i < value.size(); ++i) {
      less = *body;
      less[name].erase(i);
      smaller.body = text_of(less);
      found.push_back(smaller);
    }
  }
}

// A policy without one of its rules, or one of a rule's lines.
void add_smaller_policies(const Operation& operation, std::vector<Operation>& found) {
  const auto body = parse_json(operation.body);
  if (!body || !body->is_object()) return;
  const std::string policy(text_member(*body, "policy"));
  const auto add_without = [&](std::size_t from, std::size_t length) {
    Json less = *body;
    less["policy"] = SecretString(std::string(policy).erase(from, length));
    Operation smaller = operation;
    smaller.body = text_of(less);
    found.push_back(smaller);
  };
  for (std::size_t start = policy.find("path \""); start != std::string::npos;
       start = policy.find("path \"", start + 1)) {
    const auto end = policy.find("\n}\n", start);
    if (end != std::string::npos) add_without(start, end + 3 - start);
  }
  for (std::size_t start = policy.find("\n  "); start != std::string::npos; start = policy.find("\n  ", start + 1)) {
    const auto end = policy.find('\n', start + 1);
    if (end != std::string::npos) add_without(start, end - start);
  }
}

}  // namespace

std::vector<Operation> simpler(const Operation& operation) {
  std::vector<Operation> found;
  const auto add = [&](auto&& change) {
    Operation smaller = operation;
    change(smaller);
    if (!(smaller == operation)) found.push_back(std::move(smaller));
  };
  add([](Operation& one) { one.wrap_ttl.clear(); });
  add([](Operation& one) { one.caller = "{root}"; });
  add_smaller_bodies(operation, found);
  add_smaller_policies(operation, found);
  return found;
}

rc::Shrinkable<Plan> shrinkable(Plan plan) {
  return rc::shrinkable::shrinkRecur(std::move(plan), [](const Plan& one) {
    return rc::seq::concat(rc::shrink::removeChunks(one), rc::shrink::eachElement(one, [](const Operation& operation) {
                             return rc::seq::fromContainer(simpler(operation));
                           }));
  });
}

}  // namespace vtoken::differential
