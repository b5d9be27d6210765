#include "cmd/command.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreRotate final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto term = store::rotate(*file, context.services.clock.now());
    if (!term) return tl::unexpected(term.error());
    Json shown = Json::object();
    shown["active_term"] = *term;
    return show_object(context, shown);
  }
};

}  // namespace

const CommandInfo kStoreRotate{"store rotate",
                               "Seal with a new key from now on",
                               "store rotate [flags]",
                               R"(Adds a key term: entries and batch tokens are sealed with a new key from now on.
Tokens that are out go on working. What locks the store stays as it is; for that
see `store rekey`.

      $ {program} store rotate
)",
                               kStoreFlags,
                               make_command<StoreRotate>};

}  // namespace vtoken::cmd
