#include "cmd/command.hpp"
#include "cmd/plain.hpp"

namespace vtoken::cmd {
namespace {

class List final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    return list_path(context, arguments.front());
  }
};

}  // namespace

const CommandInfo kList{"list",
                        "List what is under any path",
                        "list [flags] PATH",
                        R"(Lists the names under a path. With -detailed the table shows what the server
tells about each, and -format=json the whole answer.

      $ {program} list auth/token/roles
)",
                        kAskFlags | kFormatFlag | kDetailedFlag,
                        make_command<List>,
                        Values::path};

}  // namespace vtoken::cmd
