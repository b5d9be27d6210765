#include <filesystem>

#include "cmd/command.hpp"
#include "cmd/default_store.hpp"
#include "cmd/passphrase.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreInit final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"print-root-token", "Print the root token and keep it nowhere."}, print_);
    flags.boolean({"passphrase", "Ask for a passphrase that locks the store, instead of a key file."}, ask_);
    flags.text(
        {"audit", "Note the store's requests in this file (see store audit enable).", "FILE", {}, false, Values::file},
        audit_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto target = store_target(context);
    if (!target) return tl::unexpected(target.error());
    if (ask_) {
      if (target->unlock.key_file || target->unlock.passphrase) {
        return fail(ErrorKind::usage, "-passphrase asks for what another flag or variable gives already");
      }
      auto passphrase = ask_new_passphrase(context);
      if (!passphrase) return tl::unexpected(passphrase.error());
      target->unlock.passphrase = std::move(*passphrase);
    }
    if (target->unnamed) {
      if (auto made = make_store_folder(*target); !made) return tl::unexpected(made.error());
    }
    auto report = store::init({target->path, target->unlock, !print_, {}, audit_.value_or("")}, context.services.clock);
    if (!report) return tl::unexpected(report.error());
    Json shown = Json::object();
    shown["store"] = target->path;
    shown["lock"] = lock_name(target->unlock.passphrase ? store::LockKind::passphrase : store::LockKind::key_file);
    if (!report->key_file.empty()) shown["key_file"] = report->key_file;
    if (!report->token_file.empty()) shown["token_file"] = report->token_file;
    if (!report->audit_file.empty()) shown["audit_file"] = report->audit_file;
    if (print_) shown["root_token"] = report->root_token;
    return show_object(context, shown);
  }

 private:
  bool print_ = false;
  bool ask_ = false;
  std::optional<std::string> audit_;
};

}  // namespace

const CommandInfo kStoreInit{"store init",
                             "Make a local store",
                             "store init [flags]",
                             R"(Makes a store: one file, PATH, with a root token in it. The key that opens it is
PATH.key (keep a copy: without it the store is lost), or the file that
-key-file names, made when it is missing, or a passphrase. The root token is
kept in PATH.token, and used when no other token is given.

  The store that is used when nothing else is named:

      $ {program} store init

  One whose root token is printed once and kept nowhere:

      $ {program} store init -store=team.db -print-root-token -field=root_token

  One that notes each request in a file:

      $ {program} store init -audit=/var/log/vtoken/audit.log
)",
                             kStoreFlags,
                             make_command<StoreInit>};

}  // namespace vtoken::cmd
