#include "store/audit_admin.hpp"

#include <fmt/format.h>

#include <ostream>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/store_command.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

Json shown(const store::StoreFile& file, const std::optional<std::string>& log) {
  Json object = Json::object();
  object["store"] = file.path();
  object["audit"] = log.has_value();
  if (log) object["file"] = *log;
  return object;
}

class AuditEnable final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.text({"file", "The file to add the lines to, made when it is missing.", "FILE", {}, false, Values::file},
               file_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    if (!file_) return fail(ErrorKind::usage, "-file=FILE is needed: where the lines are to go");
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto log = store::enable_audit(*file, *file_, context.services.clock);
    if (!log) return tl::unexpected(log.error());
    return show_object(context, shown(*file, *log));
  }

 private:
  std::optional<std::string> file_;
};

class AuditDisable final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto report = store::disable_audit(*file, context.services.clock);
    if (!report) return tl::unexpected(report.error());
    if (report->unsaid) {
      context.streams.err << fmt::format("Auditing is off, and its log does not say so: {}\n", report->unsaid->text());
    }
    return show_object(context, shown(*file, {}));
  }
};

class AuditStatus final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 0); !count) return tl::unexpected(count.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    const auto log = store::audit_file(*file);
    if (!log) return tl::unexpected(log.error());
    return show_object(context, shown(*file, *log));
  }
};

class AuditHash final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto count = expect_arguments(arguments, 1); !count) return tl::unexpected(count.error());
    const auto text = expand_one(context, arguments.front());
    if (!text) return tl::unexpected(text.error());
    auto file = open_store(context);
    if (!file) return tl::unexpected(file.error());
    auto hash = store::audit_hash(*file, text->view());
    if (!hash) return tl::unexpected(hash.error());
    Json object = Json::object();
    object["hash"] = *hash;
    return show_object(context, object);
  }
};

}  // namespace

const CommandInfo kStoreAuditEnable{"store audit enable",
                                    "Note a local store's requests in a file",
                                    "store audit enable -file=FILE [flags]",
                                    R"(Adds one line of JSON to FILE for each request to the store from now on, by
whatever process, in the form of Vault's file audit device: who asked what, and
what came of it. Tokens, accessors and the texts in requests and answers are
hashed. A request that cannot be noted is refused, and changes nothing.

FILE is made (0600) when it is missing, also later: it may be rotated at any
time. Who has the store and its key can turn this off again, and the log's last
line says so.

      $ {program} store audit enable -file=/var/log/vtoken/audit.log
)",
                                    kStoreFlags,
                                    make_command<AuditEnable>};

const CommandInfo kStoreAuditDisable{"store audit disable",
                                     "Note a local store's requests no more",
                                     "store audit disable [flags]",
                                     R"(Stops noting requests. The log's last line says so. It needs the store's key,
and no token; the log itself stays.

      $ {program} store audit disable
)",
                                     kStoreFlags,
                                     make_command<AuditDisable>};

const CommandInfo kStoreAuditStatus{"store audit status",
                                    "Show where a local store's requests are noted",
                                    "store audit status [flags]",
                                    R"(Shows whether requests are noted, and in which file.

      $ {program} store audit status -field=file
)",
                                    kStoreFlags,
                                    make_command<AuditStatus>};

const CommandInfo kStoreAuditHash{"store audit hash",
                                  "Show how a token or accessor looks in the audit log",
                                  "store audit hash [flags] TEXT",
                                  R"help(Prints what stands in the audit log for a token, an accessor or any other text,
so that its lines can be found. TEXT is the text itself, - for standard input,
or @FILE; of a token give the last two, as other users may see arguments.

      $ grep "$({program} store audit hash -field=hash @token.txt)" audit.log
)help",
                                  kStoreFlags,
                                  make_command<AuditHash>,
                                  Values::accessor};

}  // namespace vtoken::cmd
