#include <fmt/format.h>

#include <utility>

#include "cmd/args.hpp"
#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/plain.hpp"
#include "cmd/readable.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error unwrapping";

class Unwrap final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 1, "0-1"); !checked) return tl::unexpected(checked.error());
    SecretString token;
    if (!arguments.empty()) {
      auto read = expand_one(context, arguments.front());
      if (!read) return tl::unexpected(read.error());
      token = std::move(*read);
    }
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    if (context.format == Format::env && !context.common.field && (*session)->may_look()) {
      const std::string from = wrapped_by(**session, token.empty() ? (*session)->caller.token : token);
      if (!from.empty() && !makes_token(from)) {
        return fail(ErrorKind::refused, fmt::format("what is wrapped comes from {} and holds no token for -format=env; "
                                                    "it was not unwrapped: use another format",
                                                    readable(from)));
      }
    }
    const auto answer = (*session)->client.unwrap(token.view());
    return answer ? show(**session, *answer) : failed(**session, answer.error());
  }

 private:
  // The path of the request whose answer is wrapped; empty when that cannot be known. Asked without a token, as it is
  // nobody's secret, so that no use of one is counted.
  static std::string wrapped_by(Session& session, const SecretString& token) {
    Json body = Json::object();
    body["token"] = token;
    Request request{Method::put, "sys/wrapping/lookup"};
    request.body = dump_json(body);
    const SecretString caller = std::exchange(session.client.options().token, {});
    const auto answer = session.client.ask(std::move(request));
    session.client.options().token = caller;
    if (!answer || answer->data == nullptr) return {};
    return std::string(text_member(*answer->data, "creation_path"));
  }

  static bool makes_token(std::string_view path) {
    return path.starts_with("auth/") && !path.starts_with("auth/token/lookup") &&
           !path.starts_with("auth/token/roles") && !path.starts_with("auth/token/accessors");
  }

  static int failed(Session& session, const ApiFailure& failure) {
    const bool second = failure.status != 0 && failure.path == "cubbyhole/response";  // of an old server
    const std::string doing =
        second ? fmt::format("{}: error reading \"{}\"", kDoing, failure.path) : std::string(kDoing);
    return session.failed(doing, failure);
  }

  static int show(Session& session, const Answer& answer) {
    if (!answer.has_body) {
      if (session.output.format() == Format::table) {
        session.output.line("Successfully unwrapped. There was no data in the wrapped secret.");
      }
      return kDone;
    }
    // A list that was wrapped is shown as a list.
    const Json* keys = answer.data == nullptr ? nullptr : find_member(*answer.data, "keys");
    const bool is_list = keys != nullptr && keys->is_array() && !session.context.common.field;
    return is_list ? session.output.list(answer) : session.show(answer);
  }
};

}  // namespace

const CommandInfo kUnwrap{"unwrap",
                          "Show the answer that waits behind a wrapping token",
                          "unwrap [flags] [TOKEN]",
                          R"(Shows the answer that was wrapped by -wrap-ttl. That works once: it proves that
nobody has read it before. TOKEN may be - for standard input or @FILE, which
keeps it out of the list of processes. Without an argument the token that you
ask with is the wrapping token.

      $ {program} unwrap @wrapped.txt
      $ vtoken create -wrap-ttl=60s -field=wrapping_token | {program} unwrap -

  Only the token that is inside:

      $ {program} unwrap -field=token @wrapped.txt
)",
                          kAnswerFlags | kEnvFormat,
                          make_command<Unwrap>,
                          Values::token};

}  // namespace vtoken::cmd
