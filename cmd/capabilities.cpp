#include <fmt/format.h>

#include <algorithm>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/plain.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error listing capabilities";

using Names = std::vector<std::string>;

enum class About { self, token, accessor };

// Whose capabilities, and where.
struct Question {
  About about = About::self;
  SecretString who = {};
  std::vector<std::string> paths = {};
};

std::string joined(Names names) {
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, ", "));
}

Json as_list(const Names& names) {
  Json list = Json::array();
  for (const std::string& name : names) list.push_back(SecretString(name));
  return list;
}

// -field: a path that was asked for, or "capabilities" of the only one.
int show_field(Session& session, const std::vector<std::string>& paths, const std::vector<Names>& names) {
  Json object = Json::object();
  if (paths.size() == 1) object["capabilities"] = as_list(names.front());
  for (std::size_t i = 0; i < paths.size(); ++i) object[SecretString(paths[i])] = as_list(names[i]);
  return session.output.field(object, *session.context.common.field);
}

int show_one(Session& session, const Names& names) {
  if (session.output.format() != Format::table) return session.output.data(as_list(names));
  session.output.line(joined(names));
  return kDone;
}

int show_many(Session& session, const std::vector<std::string>& paths, const std::vector<Names>& names) {
  Output& output = session.output;
  if (output.format() == Format::table) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < paths.size(); ++i) rows.push_back({paths[i], joined(names[i])});
    output.table({"Path", "Capabilities"}, rows);
    return kDone;
  }
  Json object = Json::object();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (output.format() == Format::ndjson) {
      const Json line = {{"path", SecretString(paths[i])}, {"capabilities", as_list(names[i])}};
      output.line(dump_json(line).view());
    } else {
      object[SecretString(paths[i])] = as_list(names[i]);
    }
  }
  return output.format() == Format::ndjson ? int{kDone} : output.data(object);
}

class Capabilities final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"self", "Of the token that you ask with: all arguments are paths."}, self_);
    flags.boolean({"accessor", "The first argument is an accessor."}, accessor_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    auto question = context.persona == Persona::vtoken ? read(context, arguments) : read_as_real(context, arguments);
    if (!question) return tl::unexpected(question.error());
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    const auto answer = ask((*session)->client, *question);
    if (!answer) return (*session)->failed(kDoing, answer.error());
    return show(**session, *question, *answer);
  }

 private:
  // As the real command: [TOKEN] PATH, and no flags of ours.
  [[nodiscard]] Result<Question> read_as_real(const Context& context, const std::vector<std::string>& arguments) const {
    const std::size_t count = arguments.size();
    if (auto checked = check_count(count, 1, 2, "1-2"); !checked) return tl::unexpected(checked.error());
    if (count == 1) return Question{About::self, {}, arguments};
    return with_token(context, About::token, arguments);
  }

  [[nodiscard]] Result<Question> read(const Context& context, const std::vector<std::string>& arguments) const {
    if (self_ && accessor_) return fail(ErrorKind::usage, "-self and -accessor both say whose: give one of them");
    const std::size_t least = accessor_ ? 2 : 1;
    if (arguments.size() < least) {
      return fail(ErrorKind::usage,
                  fmt::format("Not enough arguments (expected at least {}, got {})", least, arguments.size()));
    }
    if (self_ || (!accessor_ && arguments.size() == 1)) return Question{About::self, {}, arguments};
    return with_token(context, accessor_ ? About::accessor : About::token, arguments);
  }

  static Result<Question> with_token(const Context& context, About about, const std::vector<std::string>& arguments) {
    auto who = expand_one(context, arguments.front());
    if (!who) return tl::unexpected(who.error());
    return Question{about, std::move(*who), {arguments.begin() + 1, arguments.end()}};
  }

  static ApiResult<Answer> ask(TokenClient& client, const Question& question) {
    if (question.about == About::accessor) return client.capabilities_accessor(question.who.view(), question.paths);
    // The real command asks about itself when it is given its own token.
    const bool own = question.about == About::self || question.who.empty() ||
                     (client.options().style == BodyStyle::as_vault && question.who == client.options().token);
    return own ? client.capabilities_self(question.paths) : client.capabilities(question.who.view(), question.paths);
  }

  static int show(Session& session, const Question& question, const Answer& answer) {
    if (session.is_wrapped(answer)) return session.show(answer);
    if (answer.data == nullptr) {
      return session.output.failure(kDoing, Error{ErrorKind::server, "data from server response is empty", {}, {}});
    }
    std::vector<Names> all;
    for (const std::string& path : question.paths) {
      auto names = capabilities_on(answer, path);
      if (!names) return session.output.failure(kDoing, names.error());
      if (!*names) {
        session.output.error("No capabilities found");
        return kUsage;
      }
      all.push_back(std::move(**names));
    }
    if (answer.warnings && session.context.persona == Persona::vtoken) session.output.warnings(*answer.warnings);
    if (session.context.common.field) return show_field(session, question.paths, all);
    const bool alone = all.size() == 1 && session.output.format() != Format::ndjson;
    return alone ? show_one(session, all.front()) : show_many(session, question.paths, all);
  }

  bool self_ = false;
  bool accessor_ = false;
};

}  // namespace

const CommandInfo kCapabilities{"capabilities",
                                "Show what a token may do on a path",
                                "capabilities [flags] [TOKEN] PATH…",
                                R"(Shows what a token may do on a path: create, read, update, patch, delete, list,
scan and sudo; root is all of them, deny none. With one argument it is the token
that you ask with. TOKEN may be - for standard input or @FILE, which keeps it
out of the list of processes. Many paths are one request.

  The token in use, on one path and on several:

      $ {program} capabilities secret/data/app
      $ {program} capabilities -self secret/data/app auth/token/create

  Another token, and one known by its accessor:

      $ {program} capabilities @/run/app.token secret/data/app
      $ {program} capabilities -accessor 2Szvb6bbFGqnKREqDJCFZ7cq secret/data/app
)",
                                kAnswerFlags,
                                make_command<Capabilities>,
                                Values::path,
                                Values::path};

}  // namespace vtoken::cmd
