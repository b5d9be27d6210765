#include "cmd/command.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreTidy final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto removed = store::tidy(*file, context.services.clock.now());
    if (!removed) return tl::unexpected(removed.error());
    Json shown = Json::object();
    shown["removed_tokens"] = *removed;
    return show_object(context, shown);
  }
};

}  // namespace

const CommandInfo kStoreTidy{"store tidy",
                             "Remove expired tokens from a local store",
                             "store tidy [flags]",
                             R"(Removes expired tokens and their descendants. They are dead without it; this
makes room for new ones.

      $ {program} store tidy
)",
                             kStoreFlags,
                             make_command<StoreTidy>};

}  // namespace vtoken::cmd
