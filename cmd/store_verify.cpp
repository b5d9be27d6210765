#include "cmd/command.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreVerify final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto report = store::verify(*file);
    if (!report) return tl::unexpected(report.error());
    Json findings = Json::array();
    for (const auto& finding : report->findings) findings.push_back(finding);
    Json shown = Json::object();
    shown["sound"] = report->findings.empty();
    shown["tokens"] = report->tokens;
    shown["roles"] = report->roles;
    if (context.format != Format::table || context.common.field) {
      shown["findings"] = std::move(findings);
    } else {
      shown["findings"] = report->findings.size();
    }
    const int status = show_object(context, shown);
    if (context.format == Format::table) {
      Output output = make_output(context);
      for (const auto& finding : report->findings) output.error(finding);
    }
    return report->findings.empty() ? status : static_cast<int>(kFailed);
  }
};

}  // namespace

const CommandInfo kStoreVerify{"store verify",
                               "Read a whole local store and say what is wrong with it",
                               "store verify [flags]",
                               R"(Reads all of a store: its pages and indexes, whether each entry opens and is
filed where it belongs, and whether each parent is there. Changes nothing. Exit
status 0 means that nothing is wrong, 2 that something is; each finding is one
line.

      $ {program} store verify

  A backup, too, is a store:

      $ {program} store verify -store=monday.db -key-file=store.db.key
)",
                               kStoreFlags,
                               make_command<StoreVerify>};

}  // namespace vtoken::cmd
