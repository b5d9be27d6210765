#include "cmd/command.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreBackup final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 1); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    if (auto done = store::backup(*file, arguments.front()); !done) return tl::unexpected(done.error());
    Json shown = Json::object();
    shown["store"] = file->path();
    shown["backup"] = arguments.front();
    return show_object(context, shown);
  }
};

}  // namespace

const CommandInfo kStoreBackup{"store backup",
                               "Copy a local store to a new file",
                               "store backup [flags] FILE",
                               R"(Copies a store, while it is in use, to a new file that opens with the same key.
Keep the key (PATH.key) too, in another place.

      $ {program} store backup monday.db
)",
                               kStoreFlags,
                               make_command<StoreBackup>,
                               Values::file};

}  // namespace vtoken::cmd
