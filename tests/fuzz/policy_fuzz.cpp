// A policy: read, formatted, read again, and asked.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "fuzz.hpp"
#include "policy/acl.hpp"
#include "policy/format.hpp"
#include "policy/policy.hpp"
#include "policy/same.hpp"

namespace vtoken::policy {
namespace {

void ask(const Acl& acl, std::string_view path) {
  const Json data = {{"a", "b"}, {"b", 1}, {"c", {"d", true}}};
  for (const auto operation :
       {Operation::create, Operation::read, Operation::update, Operation::erase, Operation::list}) {
    const Verdict verdict = acl.ask({operation, path, &data, kSecond});
    fuzz::require(!verdict.sudo || operation == Operation::list || acl.sudo(path));
  }
  const auto names = acl.capabilities(path);
  fuzz::require(!names.empty() && std::is_sorted(names.begin(), names.end()));
}

void check(std::string_view text) {
  const auto policy = parse_policy("p", text);
  if (!policy) {
    fuzz::require(policy.error().kind == ErrorKind::usage && !policy.error().message.empty());
    return;
  }
  const Acl acl({&*policy, &*policy}, 0);
  for (const Rule& rule : policy->rules) {
    ask(acl, rule.path);
    ask(acl, rule.path + "/x");
  }
  ask(acl, text.substr(0, 64));
  const auto formatted = format_policy(text);
  if (!formatted) {
    fuzz::require(formatted.error().kind == ErrorKind::usage);
    return;
  }
  // As the real command does, formatting drops carriage returns within the ${…} of a path, and may run comments into
  // what stands behind them.
  if (text.find_first_of("\r#/") != std::string_view::npos) return;
  const auto again = parse_policy("p", *formatted);
  fuzz::require(again && same_rules(*policy, *again));
}

}  // namespace
}  // namespace vtoken::policy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vtoken::policy::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
