// A store that notes its requests, and its log read back.
#pragma once

#include "core/json.hpp"
#include "store/audit_admin.hpp"
#include "store_fixture.hpp"

namespace vtoken::store::test {

class Pieces final : public BodySink {
 public:
  bool begin(int /*status*/) override { return true; }
  bool piece(std::string_view bytes) override {
    body += bytes;
    return true;
  }
  std::string body;
};

struct AuditedStore {
  AuditedStore() {
    InitOptions options;
    options.path = path();
    options.audit = log();
    root = must(init(options, clock)).root_token;
    backend = open();
  }
  std::string path() const { return folder / "store.db"; }
  std::string log() const { return folder / "audit.log"; }
  std::unique_ptr<Backend> open() const { return must(store::open({path(), {}}, clock)); }

  Request request(Method method, const std::string& at, std::string_view body = "") const {
    return {.method = method, .path = at, .body = SecretString(body), .token = root};
  }
  Json ask(const Request& asked) const {
    auto answer = must(backend->handle(asked));
    last_status = answer.status;
    return answer.body.empty() ? Json() : parse_json(answer.body.view()).value_or(Json());
  }
  Json ask(Method method, const std::string& at, std::string_view body = "") const {
    return ask(request(method, at, body));
  }

  /// The lines that were added since the last call.
  std::vector<Json> lines() const {
    std::vector<Json> all;
    std::ifstream in(log());
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      if (++number <= seen) continue;
      auto parsed = parse_json(line);
      REQUIRE_MESSAGE(parsed.has_value(), line);
      all.push_back(std::move(*parsed));
    }
    seen = number;
    return all;
  }
  Json line() const {
    auto all = lines();
    REQUIRE(all.size() == 1);
    return all.front();
  }
  std::string hash(std::string_view text) const {
    auto file = open_store(path());
    return must(audit_hash(file, text));
  }
  void log_to(const std::string& target) const {
    auto file = open_store(path());
    auto transaction = must(Transaction::begin(file.database()));
    auto config = must(read_audit_config(file.database(), file.keyring()));
    REQUIRE(config.has_value());
    config->file = target;
    must(write_audit_config(file.database(), file.keyring(), config));
    must(transaction.commit());
  }

  Folder folder;
  ManualClock clock{kStart};
  SecretString root;
  std::unique_ptr<Backend> backend;
  mutable std::size_t seen = 1;  // the line that says that auditing began
  mutable int last_status = 0;
};

inline std::string at(const Json& value, const std::string& pointer) {
  const Json::json_pointer place(SecretString("/" + pointer));
  if (!value.contains(place)) return "(none)";
  const Json& found = value.at(place);
  return std::string(found.is_string() ? found.get_ref<const SecretString&>().view() : dump_json(found).view());
}

inline std::string text_of(std::string_view json, const std::string& pointer) { return at(*parse_json(json), pointer); }

}  // namespace vtoken::store::test
