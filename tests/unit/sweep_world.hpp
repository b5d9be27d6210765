// A server in memory for sweeps: tokens by accessor, and a hook that decides before it does.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/backend.hpp"
#include "core/json.hpp"

namespace vtoken::sweep {

struct Held {
  std::string policy = "app";
  std::string path = "auth/token/create";
  std::string name = "token";
  std::string parent = {};  // accessor
  std::int64_t created = 1000;
};

class World final : public Backend {
 public:
  std::map<std::string, Held> tokens;
  std::set<std::string> dangling;                                              // listed, and 403 for every caller
  std::map<std::string, std::string> mislead;                                  // accessors that lead to another token
  std::string own = "own";                                                     // the caller's accessor
  std::set<std::string> denied;                                                // paths that the caller may not use
  std::function<std::optional<Result<Response>>(const Request&)> before = {};  // an answer instead
  std::vector<std::string> revoked;                                            // in order
  int lists = 0;
  int lookups = 0;

  Result<Response> handle(const Request& request) override {
    if (before) {
      if (auto instead = before(request)) return *instead;
    }
    if (!tokens.contains(own)) return error(403, "permission denied");
    if (request.path == "sys/capabilities-self") return capabilities(request);
    if (denied.contains(request.path)) return error(403, "1 error occurred:\n\t* permission denied\n\n");
    if (request.path == "auth/token/lookup-self") return describe(own);
    if (request.path == "auth/token/accessors") return list();
    if (request.path == "auth/token/lookup-accessor") return lookup(named(request));
    if (request.path == "auth/token/revoke-accessor") return revoke(named(request));
    return error(404, "unsupported path");
  }
  [[nodiscard]] std::string address() const override { return "world"; }

  static Response error(int status, const std::string& text) {
    Json body = Json::object();
    body["errors"] = Json::array({SecretString(text)});
    return {status, SecretString(dump_json(body).view()), {}};
  }

 private:
  static Response data(const Json& data) {
    Json body = Json::object();
    body["data"] = data;
    return {200, SecretString(dump_json(body).view()), {}};
  }

  static std::string named(const Request& request) {
    const auto body = parse_json(request.body.view());
    return body ? std::string(text_member(*body, "accessor")) : "";
  }

  Response capabilities(const Request& request) const {
    const auto body = parse_json(request.body.view());
    Json answer = Json::object();
    for (const Json& each : *find_member(*body, "paths")) {
      const std::string path(each.get_ref<const SecretString&>().view());
      answer[SecretString(path)] = Json::array({SecretString(denied.contains(path) ? "deny" : "update")});
    }
    return data(answer);
  }

  Response describe(const std::string& accessor) const {
    const Held& held = tokens.at(accessor);
    Json answer = Json::object();
    answer["accessor"] = SecretString(accessor);
    answer["policies"] = Json::array({SecretString(held.policy)});
    answer["path"] = SecretString(held.path);
    answer["display_name"] = SecretString(held.name);
    answer["type"] = SecretString("service");
    answer["orphan"] = held.parent.empty();
    answer["creation_time"] = held.created;
    answer["ttl"] = 3600;
    answer["expire_time"] = SecretString("2026-01-01T00:00:00Z");
    return data(answer);
  }

  Response list() {
    ++lists;
    Json keys = Json::array();
    for (const auto& [accessor, held] : tokens) keys.push_back(SecretString(accessor));
    for (const std::string& accessor : dangling) keys.push_back(SecretString(accessor));
    for (const auto& [accessor, other] : mislead) keys.push_back(SecretString(accessor));
    Json answer = Json::object();
    answer["keys"] = std::move(keys);
    return data(answer);
  }

  Response lookup(const std::string& accessor) {
    ++lookups;
    if (dangling.contains(accessor)) return error(403, "1 error occurred:\n\t* permission denied\n\n");
    if (const auto found = mislead.find(accessor); found != mislead.end()) return describe(found->second);
    if (!tokens.contains(accessor)) return error(400, "1 error occurred:\n\t* invalid accessor\n\n");
    return describe(accessor);
  }

  Response revoke(const std::string& accessor) {
    if (!tokens.contains(accessor)) {
      return {200, SecretString(R"({"warnings":["No token found with this accessor"]})"), {}};
    }
    revoked.push_back(accessor);
    remove(accessor);
    return {204, {}, {}};
  }

  void remove(const std::string& accessor) {
    tokens.erase(accessor);
    std::vector<std::string> children;
    for (const auto& [each, held] : tokens) {
      if (held.parent == accessor) children.push_back(each);
    }
    for (const std::string& child : children) remove(child);
  }
};

}  // namespace vtoken::sweep
