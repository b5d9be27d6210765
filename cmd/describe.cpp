// The program told as data, for what is made from it: completions and the checks of the manual.
#include <array>
#include <ostream>

#include "cmd/command.hpp"
#include "cmd/common_flags.hpp"
#include "cmd/plain.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

std::string_view name_of(FlagSet::Kind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"boolean", "text", "duration", "integer", "list", "pairs"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Json words_of(std::string_view text) {
  Json words = Json::array();
  while (!text.empty()) {
    const auto blank = text.find(' ');
    if (blank != 0) words.push_back(text.substr(0, blank));
    text = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
  }
  return words;
}

Json flag_of(const FlagSet::Declared& declared) {
  const Flag& flag = declared.flag;
  const bool has_value = declared.kind != FlagSet::Kind::boolean;
  Json out{{"name", flag.name},
           {"kind", name_of(declared.kind)},
           {"group", declared.group},
           {"help", flag.help},
           {"alias", flag.alias},
           {"hidden", flag.hidden},
           {"values", values_name(flag.values)},
           {"choices", words_of(flag.choices)},
           {"value", ""}};
  if (has_value) out["value"] = flag.value.empty() ? "VALUE" : flag.value;
  return out;
}

class Describe final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 0, "0"); !checked) return tl::unexpected(checked.error());
    Json commands = Json::array();
    for (const CommandInfo* info : listed_commands()) commands.push_back(command_of(context, *info));
    const Json all{{"program", context.program}, {"version", program_version()}, {"commands", std::move(commands)}};
    const auto text = all.dump(1);
    context.streams.out << std::string_view(text.data(), text.size()) << '\n';
    return int{kDone};
  }

 private:
  static Json command_of(Context& context, const CommandInfo& info) {
    const std::unique_ptr<Command> command = info.make();
    CommonValues values;
    FlagSet flags;
    declare_all(flags, *command, info, context.persona, values);
    Json list = Json::array();
    for (const auto& declared : flags.declared()) list.push_back(flag_of(declared));
    return Json{{"name", info.name},
                {"summary", info.summary},
                {"usage", info.usage},
                {"help", command_help(context, info, flags)},
                {"arguments", values_name(info.arguments)},
                {"further", values_name(info.further)},
                {"flags", std::move(list)}};
  }
};

}  // namespace

const CommandInfo kDescribe{"__describe", "Print all commands and their flags as JSON",
                            "__describe", "Prints all commands and their flags as JSON, for what is made from them.\n",
                            kNoFlags,     make_command<Describe>};

}  // namespace vtoken::cmd
