#include "compare.hpp"

#include <algorithm>
#include <array>
#include <regex>

#include "base/duration.hpp"
#include "base/timestamp.hpp"

namespace vtoken::differential {
namespace {

constexpr std::array kTimes = {"creation_time", "creation_ttl",      "expiration", "expire_time",    "issue_time",
                               "last_renewal",  "last_renewal_time", "ttl",        "lease_duration", "modified"};

std::string text_of(const Json* value) {
  if (value == nullptr) return "nothing";
  return std::string(value->dump(-1, ' ', false, Json::error_handler_t::replace).view());
}

class Comparison {
 public:
  explicit Comparison(Nanoseconds slack) : slack_(slack) {}

  void members(const std::string& where, const std::string& name, const Json* store, const Json* server) {
    if (store != nullptr && server != nullptr && alike(where, name, *store, *server)) return;
    found.push_back({where, text_of(store), text_of(server)});
  }

  std::vector<Difference> found;

 private:
  [[nodiscard]] bool near(Nanoseconds one, Nanoseconds two) const { return std::abs(one - two) <= slack_; }

  // Each that only one side gave is a difference by itself.
  void warnings(const Json& store, const Json& server) {
    std::vector<std::string> left;
    for (const auto& one : server) left.push_back(text_of_string(one));
    for (const auto& one : store) {
      const std::string text = text_of_string(one);
      const auto same =
          std::find_if(left.begin(), left.end(), [&](const std::string& other) { return alike_warnings(text, other); });
      if (same == left.end()) {
        found.push_back({"warnings", text, "nothing"});
      } else {
        left.erase(same);
      }
    }
    for (const auto& text : left) found.push_back({"warnings", "nothing", text});
  }

  static std::string text_of_string(const Json& value) {
    return std::string(value.get_ref<const SecretString&>().view());
  }

  // True too when what differs inside was told already.
  bool alike(const std::string& where, const std::string& name, const Json& store, const Json& server) {
    if (store == server) return true;
    if (name == "warnings" && may_be_list(store) && may_be_list(server)) {
      warnings(store.is_null() ? Json::array() : store, server.is_null() ? Json::array() : server);
      return true;
    }
    if (store.is_object() && server.is_object()) {
      objects(where, store, server);
      return true;
    }
    if (store.is_array() && server.is_array() && store.size() == server.size()) {
      for (std::size_t i = 0; i < store.size(); ++i)
        members(where + "/" + std::to_string(i), name, &store[i], &server[i]);
      return true;
    }
    if (store.is_string() && server.is_string())
      return alike_texts(name, std::string(store.get_ref<const SecretString&>().view()),
                         std::string(server.get_ref<const SecretString&>().view()));
    const bool numbers = store.is_number_integer() && server.is_number_integer();
    return numbers && is_time(name) && store != 0 && server != 0 &&
           near(store.get<std::int64_t>() * kSecond, server.get<std::int64_t>() * kSecond);
  }

  void objects(const std::string& where, const Json& store, const Json& server) {
    const std::string start = where.empty() ? "" : where + "/";
    for (const auto& [name, value] : store.items()) {
      const std::string key(name.view());
      members(start + key, key, &value, find_member(server, key));
    }
    for (const auto& [name, value] : server.items()) {
      const std::string key(name.view());
      if (!store.contains(name)) members(start + key, key, nullptr, &value);
    }
  }

  bool alike_texts(const std::string& name, const std::string& store, const std::string& server) {
    if (is_time(name)) {
      const auto one = parse_time(store);
      const auto two = parse_time(server);
      return one && two && store.back() == server.back() && near(*one, *two);
    }
    return name == "warnings" && alike_warnings(store, server);
  }

  // Alike but for quoted lengths of time that are nearly the same.
  bool alike_warnings(std::string store, std::string server) {
    static const std::regex kLength("\"([0-9hms.]+)\"");
    std::smatch one;
    std::smatch two;
    while (std::regex_search(store, one, kLength) && std::regex_search(server, two, kLength)) {
      const auto first = parse_duration(one[1].str());
      const auto second = parse_duration(two[1].str());
      if (one.prefix() != two.prefix() || !first || !second || !near(*first, *second)) return false;
      store = one.suffix();
      server = two.suffix();
    }
    return store == server;
  }

  static bool may_be_list(const Json& value) { return value.is_null() || value.is_array(); }
  static bool is_time(const std::string& name) { return std::find(kTimes.begin(), kTimes.end(), name) != kTimes.end(); }

  Nanoseconds slack_;
};

// A 204 says what an envelope with nothing in it would.
Json body_of(const Observation& seen) {
  if (seen.status != 204 || !seen.body.is_null()) return seen.body;
  return Json::parse(
      R"({"auth":null,"data":null,"lease_duration":0,"lease_id":"","renewable":false,"request_id":"some id",)"
      R"("warnings":null,"wrap_info":null})");
}

}  // namespace

std::vector<Difference> compare(const Observation& store, const Observation& server, Nanoseconds slack) {
  // One refused what the other did: there is nothing to compare member by member.
  if ((store.status >= 400) != (server.status >= 400)) return {{"answer", show(store), show(server)}};
  Comparison comparison(slack);
  if (store.status != server.status) {
    comparison.found.push_back({"status", std::to_string(store.status), std::to_string(server.status)});
  }
  const Json ours = body_of(store);
  const Json theirs = body_of(server);
  comparison.members("", "", &ours, &theirs);
  return std::move(comparison.found);
}

}  // namespace vtoken::differential
