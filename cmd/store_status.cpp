#include "base/duration.hpp"
#include "cmd/command.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"
#include "store/admin.hpp"

namespace vtoken::cmd {
namespace {

class StoreStatus final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto report = store::status(*file, context.services.clock.now());
    if (!report) return tl::unexpected(report.error());
    Json terms = Json::array();
    for (const auto& [number, added] : report->terms) {
      terms.push_back({{"term", number}, {"added", format_time(added)}});
    }
    Json shown = Json::object();
    shown["store"] = file->path();
    shown["store_id"] = report->store_id;
    shown["format_version"] = report->format_version;
    shown["created"] = format_time(report->created);
    shown["lock"] = lock_name(report->lock);
    shown["active_term"] = report->active_term;
    if (context.format == Format::table && !context.common.field) {
      shown["terms"] = report->terms.size();
    } else {
      shown["terms"] = std::move(terms);
    }
    shown["commit_index"] = report->commit_index;
    shown["index_epoch"] = report->index_epoch;
    shown["tokens"] = report->tokens;
    shown["expired_tokens"] = report->expired;
    shown["roles"] = report->roles;
    if (report->audit_file) shown["audit_file"] = *report->audit_file;
    shown["size"] = report->size;
    return show_object(context, shown);
  }
};

}  // namespace

const CommandInfo kStoreStatus{"store status",
                               "Show what a local store holds, and how it is locked",
                               "store status [flags]",
                               R"(Shows a store: its format, how it is locked, its key terms, how many tokens and
roles it has, and how far it has come (commit index and epoch).

      $ {program} store status
)",
                               kStoreFlags,
                               make_command<StoreStatus>};

}  // namespace vtoken::cmd
