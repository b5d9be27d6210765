#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/duration.hpp"
#include "cmd/command.hpp"
#include "cmd/plain.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kPath = "auth/token/accessors";

std::string joined(const Json* list) {
  std::string text;
  if (list == nullptr || !list->is_array()) return text;
  for (const Json& each : *list) {
    if (!each.is_string()) continue;
    text += (text.empty() ? "" : ",") + std::string(each.get_ref<const SecretString&>().view());
  }
  return text;
}

std::string ttl_text(const Json& data) {
  const Json* ttl = find_member(data, "ttl");
  if (ttl == nullptr || !ttl->is_number_integer()) return "";
  const auto seconds = ttl->get<std::int64_t>();
  const Json* expires = find_member(data, "expire_time");
  if (seconds == 0 && (expires == nullptr || expires->is_null())) return "never";
  constexpr std::int64_t kLongest = 9'000'000'000;  // seconds in 285 years
  return seconds > kLongest || seconds < -kLongest ? std::to_string(seconds) : human_duration(seconds * kSecond);
}

std::vector<std::string> row(const Json& data) {
  const auto text = [&data](std::string_view name) { return std::string(text_member(data, name)); };
  return {text("accessor"), text("display_name"), text("type"), ttl_text(data), joined(find_member(data, "policies")),
          text("path")};
}

// Between the list and the lookup a token may have ended.
bool is_gone(const ApiFailure& failure) {
  if (failure.status != 400 && failure.status != 403 && failure.status != 404) return false;
  for (const std::string& text : failure.texts) {
    if (text.find("invalid accessor") != std::string::npos) return true;
  }
  return failure.status == 404;
}

// Shows what the lookup of each accessor tells. ndjson goes out as it comes, so that memory does not grow.
class Details {
 public:
  explicit Details(Session& session) : session_(session), format_(session.output.format()) {}

  void look_up(std::string_view accessor) {
    const auto answer = session_.client.lookup_accessor(accessor);
    if (!answer) {
      if (is_gone(answer.error())) return;
      status_ = worse(status_, session_.failed(fmt::format("Error looking up accessor {}", accessor), answer.error()));
      return;
    }
    if (answer->data == nullptr || text_member(*answer->data, "accessor") != accessor) {
      session_.output.warn(fmt::format("The index leads from accessor {} to another token: left out.", accessor));
      status_ = worse(status_, kFailed);
      return;
    }
    take(*answer->data);
  }

  [[nodiscard]] int finish() {
    if (format_ == Format::table) {
      session_.output.table({"Accessor", "Display Name", "Type", "TTL", "Policies", "Path"}, rows_);
    } else if (format_ != Format::ndjson) {
      return worse(status_, session_.output.data(list_));
    }
    return status_;
  }

 private:
  void take(const Json& data) {
    switch (format_) {
      case Format::table: rows_.push_back(row(data)); break;
      case Format::ndjson: session_.output.line(dump_json(data).view()); break;
      default: list_.push_back(data);
    }
  }

  Session& session_;
  Format format_;
  int status_ = kDone;
  std::vector<std::vector<std::string>> rows_;
  Json list_ = Json::array();
};

class AccessorsList final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 0, "0"); !checked) return tl::unexpected(checked.error());
    if (!context.common.detailed) return list_path(context, kPath);
    const std::string doing = fmt::format("Error listing {}", kPath);
    auto session = connect(context, doing);
    if (!session) return tl::unexpected(session.error());
    KeyList keys;
    const auto envelope = (*session)->client.list_accessors([&keys](std::string_view key) {
      keys.add(key);
      return true;
    });
    if (!envelope) return (*session)->failed(doing, envelope.error());
    // The lookups are not part of the answer that was to be wrapped.
    (*session)->client.options().wrap_ttl.clear();
    Details details(**session);
    const auto look_up = [&](std::string_view accessor) {
      details.look_up(accessor);
      return static_cast<bool>((*session)->output.streams().out);
    };
    if ((*session)->output.format() == Format::table) {
      keys.for_each_sorted(look_up);
    } else {
      keys.for_each(look_up);
    }
    return details.finish();
  }
};

}  // namespace

const CommandInfo kAccessorsList{"accessors list",
                                 "List the accessors of all tokens",
                                 "accessors list [flags]",
                                 R"(Lists the accessors of all service tokens; needs sudo. With -detailed each is
looked up: its name, type, time to live and policies.

      $ {program} accessors list
      $ {program} accessors list -detailed
      $ {program} accessors list -detailed -format=ndjson | jq .display_name
)",
                                 kAskFlags | kFormatFlag | kDetailedFlag,
                                 make_command<AccessorsList>};

}  // namespace vtoken::cmd
