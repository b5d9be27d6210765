#include "cmd/command.hpp"
#include "cmd/passphrase.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreRestore final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.text({"from-key-file",
                "The key file that opens the backup, when the store's does not.",
                "FILE",
                {},
                false,
                Values::file},
               key_file_);
    flags.text({"from-passphrase-file",
                "Holds the passphrase that opens the backup, when the store's does not; - is standard input.",
                "FILE",
                {},
                false,
                Values::file},
               passphrase_file_);
    flags.boolean({"force", "Restore over another store too, and over one that does not open, which is set aside."},
                  force_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 1); !count) return tl::unexpected(count.error());
    if (key_file_ && passphrase_file_) {
      return fail(ErrorKind::usage, "give one of -from-key-file and -from-passphrase-file");
    }
    auto target = store_target(context);
    if (!target) return tl::unexpected(target.error());
    if (auto complete = complete_unlock(context, *target); !complete) return tl::unexpected(complete.error());
    store::RestoreOptions options{target->path, target->unlock, arguments.front(), {}, force_};
    options.from_unlock.key_file = key_file_;
    if (passphrase_file_) {
      auto passphrase = read_passphrase(context, *passphrase_file_);
      if (!passphrase) return tl::unexpected(passphrase.error());
      options.from_unlock.passphrase = std::move(*passphrase);
    }
    auto report = store::restore(options);
    if (!report) return tl::unexpected(report.error());
    Json shown = Json::object();
    shown["store"] = target->path;
    shown["index_epoch"] = report->index_epoch;
    shown["tokens"] = report->tokens;
    shown["roles"] = report->roles;
    if (!report->set_aside.empty()) shown["set_aside"] = report->set_aside;
    return show_object(context, shown);
  }

 private:
  std::optional<std::string> key_file_;
  std::optional<std::string> passphrase_file_;
  bool force_ = false;
};

}  // namespace

const CommandInfo kStoreRestore{"store restore",
                                "Bring a backup of a local store back",
                                "store restore [flags] FILE",
                                R"(Puts a backup in the place of the store, in one step: a program that has the
store open goes on with the restored one. The backup is checked first, and
only read. Tokens made after the backup are gone; tokens revoked after it are
back.

      $ {program} store restore monday.db
)",
                                kStoreFlags,
                                make_command<StoreRestore>,
                                Values::file};

}  // namespace vtoken::cmd
