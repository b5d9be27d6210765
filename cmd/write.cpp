#include "cmd/command.hpp"
#include "cmd/key_values.hpp"
#include "cmd/plain.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

class Write final : public Command {
 public:
  void declare(FlagSet& flags) override { flags.boolean({"force", "Write without any data.", {}, "f"}, force_); }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected 1, got 0)");
    if (arguments.size() == 1 && !force_) return fail(ErrorKind::usage, "Must supply data or use -force");
    const auto data = read_key_values(context, {arguments.begin() + 1, arguments.end()});
    if (!data) return tl::unexpected(data.error());
    // What this path answers is wrapped or refused.
    if (arguments.front() == "sys/wrapping/wrap") context.common.usual_wrap_ttl = "5m";
    return write_path(context, arguments.front(), *data);
  }

 private:
  bool force_ = false;
};

}  // namespace

const CommandInfo kWrite{"write",
                         "Write to any path",
                         "write [flags] PATH [KEY=VALUE…]",
                         R"(Writes data to a path: KEY=VALUE, KEY=@FILE for a file's content, KEY=- for
standard input; or a whole JSON object from - or @FILE.

      $ {program} write auth/token/roles/ci allowed_policies=app orphan=true
      $ {program} write auth/token/roles/ci @role.json
)",
                         kAnswerFlags,
                         make_command<Write>,
                         Values::path};

}  // namespace vtoken::cmd
