#include "cmd/command.hpp"
#include "cmd/passphrase.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreRekey final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.text(
        {"new-key-file", "The key file to lock it with, made when it is missing.", "FILE", {}, false, Values::file},
        key_file_);
    flags.text({"new-passphrase-file",
                "Holds the passphrase to lock it with; - is standard input.",
                "FILE",
                {},
                false,
                Values::file},
               passphrase_file_);
    flags.boolean({"new-passphrase", "Ask for the passphrase to lock it with."}, ask_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    if (auto checked = check(context); !checked) return tl::unexpected(checked.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    store::RekeyOptions options;
    options.key_file = key_file_;
    if (passphrase_file_ || ask_) {
      auto passphrase = ask_ ? ask_new_passphrase(context) : read_passphrase(context, *passphrase_file_);
      if (!passphrase) return tl::unexpected(passphrase.error());
      options.passphrase = std::move(*passphrase);
    }
    auto report = store::rekey(*file, options);
    if (!report) return tl::unexpected(report.error());
    Json shown = Json::object();
    shown["lock"] = lock_name(report->lock);
    if (!report->key_file.empty()) shown["key_file"] = report->key_file;
    if (!report->kept.empty()) shown["old_key_file"] = report->kept;
    return show_object(context, shown);
  }

 private:
  [[nodiscard]] Result<void> check(const Context& context) const {
    const int ways = (key_file_ ? 1 : 0) + (passphrase_file_ ? 1 : 0) + (ask_ ? 1 : 0);
    if (ways > 1) {
      return fail(ErrorKind::usage, "give one of -new-key-file, -new-passphrase-file and -new-passphrase");
    }
    auto target = store_target(context);
    if (!target) return tl::unexpected(target.error());
    if (ways == 0 && target->unlock.key_file && *target->unlock.key_file != store::default_key_file(target->path)) {
      return fail(ErrorKind::usage, "the store's key file is one of your own: name the new one with -new-key-file");
    }
    return {};
  }

  std::optional<std::string> key_file_;
  std::optional<std::string> passphrase_file_;
  bool ask_ = false;
};

}  // namespace

const CommandInfo kStoreRekey{"store rekey",
                              "Lock a local store with another key",
                              "store rekey [flags]",
                              R"(Locks a store with another key file or passphrase. Tokens go on working. Without
a flag a fresh PATH.key is made; the old one is kept beside it under another
name, because backups made before open with it alone: delete it when they are
gone.

  A fresh key file:

      $ {program} store rekey

  A passphrase, asked for on the terminal:

      $ {program} store rekey -new-passphrase
)",
                              kStoreFlags,
                              make_command<StoreRekey>};

}  // namespace vtoken::cmd
