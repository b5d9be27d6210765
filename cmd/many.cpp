#include "cmd/many.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/status.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kRevoking = "Error revoking token";

std::string shown(Item kind, const SecretString& item) {
  return kind == Item::token ? mask_token(item.view()) : std::string(item.view());
}

// For messages: several tokens may look alike once they are masked, so they are counted too.
std::string named(Item kind, const std::vector<SecretString>& items, std::size_t index) {
  const std::string text = shown(kind, items[index]);
  return kind == Item::token ? fmt::format("{} ({})", index + 1, text) : text;
}

std::string_view kind_name(Item kind) {
  switch (kind) {
    case Item::token: return "token";
    case Item::accessor: return "accessor";
    case Item::path: return "path";
  }
  return {};
}

struct Outcome {
  std::string_view name;
  std::string error;
};

// A server answers 200 with this warning when nobody has the accessor (400 before Vault 1.2).
bool was_gone(const Answer& answer) {
  if (!answer.warnings) return false;
  return std::any_of(answer.warnings->begin(), answer.warnings->end(), [](const std::string& warning) {
    return warning.find("No token found with this accessor") != std::string::npos;
  });
}

std::string one_line(const ApiFailure& failure) {
  if (failure.texts.empty()) return failure.error.text();
  std::string line;
  for (const std::string& text : failure.texts) line += (line.empty() ? "" : "; ") + text;
  return line;
}

void show_outcomes(Session& session, const std::vector<SecretString>& items, Item kind,
                   const std::vector<Outcome>& outcomes) {
  Output& output = session.output;
  const std::string name(kind_name(kind));
  if (output.format() == Format::table) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < items.size(); ++i) {
      rows.push_back({shown(kind, items[i]), std::string(outcomes[i].name)});
    }
    std::string title = name;
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
    output.table({title, "Outcome"}, rows);
    return;
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    Json row = Json::object();
    row[SecretString(name)] = SecretString(shown(kind, items[i]));
    row["outcome"] = SecretString(std::string(outcomes[i].name));
    row["error"] = outcomes[i].error.empty() ? Json(nullptr) : Json(SecretString(outcomes[i].error));
    if (output.format() == Format::ndjson) {
      output.line(dump_json(row).view());
    } else {
      list.push_back(std::move(row));
    }
  }
  if (output.format() != Format::ndjson) static_cast<void>(output.data(list));
}

// Outcomes and the first failure's status, as the answers come in.
class Results {
 public:
  Results(Session& session, const std::vector<SecretString>& items, Item kind)
      : session_(session), items_(items), kind_(kind), outcomes_(items.size(), Outcome{"failed", "not tried"}) {}

  void take(std::size_t index, const ApiResult<Answer>& answer) {
    if (answer) {
      outcomes_[index] = {was_gone(*answer) ? "gone" : "revoked", {}};
      return;
    }
    outcomes_[index] = {"failed", one_line(answer.error())};
    const int failed = session_.failed(fmt::format("{} {}", kRevoking, named(kind_, items_, index)), answer.error());
    status_ = worse(status_, failed);
  }

  [[nodiscard]] const std::vector<Outcome>& outcomes() const { return outcomes_; }
  [[nodiscard]] int status() const { return status_; }

 private:
  Session& session_;
  const std::vector<SecretString>& items_;
  Item kind_;
  std::vector<Outcome> outcomes_;
  int status_ = kDone;
};

}  // namespace

int show_each(Session& session, const std::vector<SecretString>& items, Item kind, std::string_view doing,
              const std::function<ApiResult<Answer>(std::string_view)>& ask) {
  int status = kDone;
  bool first = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto answer = ask(items[i].view());
    if (!answer) {
      const std::string what =
          items.size() == 1 ? std::string(doing) : fmt::format("{} {}", doing, named(kind, items, i));
      status = worse(status, session.failed(what, answer.error()));
      continue;
    }
    if (!first && session.output.format() == Format::table && !session.context.common.field) session.output.line("");
    if (!first && session.output.format() == Format::yaml) session.output.line("---");
    first = false;
    status = worse(status, session.show(*answer));
    if (session.context.common.field && items.size() > 1 && !session.output.streams().out_is_terminal) {
      session.output.line("");
    }
  }
  return status;
}

int report_revoked(Session& session, const ApiResult<Answer>& answer) {
  if (!answer) return session.failed(kRevoking, answer.error());
  if (session.context.persona == Persona::vtoken && answer->warnings) session.output.warnings(*answer->warnings);
  session.output.line("Success! Revoked token (if it existed)");
  return kDone;
}

int revoke_each(Session& session, const std::vector<SecretString>& items, Item kind,
                const std::function<Request(std::string_view)>& request) {
  const bool plain = session.output.format() == Format::table || session.context.persona != Persona::vtoken;
  if (items.size() == 1 && plain) {
    const Request one = request(items.front().view());
    return report_revoked(session, read_api_answer(one, session.client.backend().handle(one)));
  }
  Results results(session, items, kind);
  std::size_t next = 0;
  const auto source = [&]() -> std::optional<Request> {
    if (next == items.size()) return std::nullopt;
    return request(items[next++].view());
  };
  const auto sink = [&](std::size_t index, const Result<Response>& response) {
    results.take(index, read_api_answer(request(items[index].view()), response));
    return true;
  };
  if (const auto done = session.client.backend().submit(source, sink); !done) {
    return worse(results.status(), session.failed(kRevoking, ApiFailure{done.error()}));
  }
  if (!session.printing) show_outcomes(session, items, kind, results.outcomes());
  return results.status();
}

}  // namespace vtoken::cmd
