#include "cmd/app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <ostream>

#include "cmd/command.hpp"
#include "cmd/common_flags.hpp"
#include "cmd/consistency.hpp"
#include "cmd/output_file.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/version.hpp"

namespace vtoken::cmd {
namespace {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Persona persona_of(std::string_view program) {
  if (program == "vault") return Persona::vault;
  if (program == "bao") return Persona::bao;
  return Persona::vtoken;
}

// Moves flags that stand before the command behind it, so that they may stand anywhere.
std::vector<std::string> command_first(Persona persona, std::vector<std::string> words) {
  CommonValues values;
  FlagSet common;
  const bool is_ours = persona == Persona::vtoken;
  declare_common(common, values, kAnswerFlags | kDetailedFlag | (is_ours ? kOurOutput : kNoFlags));
  if (is_ours) declare_consistency(common, values);
  std::size_t count = 0;
  while (count < words.size() && words[count].size() > 1 && words[count].front() == '-' && words[count] != "--") {
    const std::string& word = words[count++];
    const auto dashes = word.find_first_not_of('-');
    if (dashes == std::string::npos || word.find('=') != std::string::npos) continue;
    if (common.takes_value(std::string_view(word).substr(dashes)) && count < words.size()) ++count;
  }
  if (count == words.size()) return words;
  const auto middle = words.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::string> flags(std::make_move_iterator(words.begin()), std::make_move_iterator(middle));
  words.erase(words.begin(), middle);
  // Behind the command's words, and before what may be another program's.
  const Found found = find_command(persona, words);
  std::size_t place = found.words;
  while (found.command == nullptr && place < words.size() && words[place] != "--") ++place;
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(place), std::make_move_iterator(flags.begin()),
               std::make_move_iterator(flags.end()));
  return words;
}

// "help" too, so that `vtoken help create` and `vtoken roles help` are understood.
bool is_help(const std::string& word) { return word == "-h" || word == "-help" || word == "--help" || word == "help"; }

// The words name no command: a group of commands, a wish for help, or a mistake.
int unknown(const Context& context, const std::vector<std::string>& words) {
  std::size_t first = 0;
  std::string text;
  if (!words.empty() && words[0] == "token") {
    first = 1;
    if (context.persona != Persona::vtoken) text = overview(context, "token");
  }
  if (words.size() > first) {
    if (std::string group = overview(context, words[first]); !group.empty()) {
      text = std::move(group);
      ++first;
    }
  }
  if (text.empty()) text = overview(context, "");
  if (words.size() > first && is_help(words[first])) {
    context.streams.out << text;
    return kDone;
  }
  if (words.size() > first) {
    context.streams.err << fmt::format("There is no command {}.\n\n", go_quoted(words[first]));
  }
  context.streams.err << text;
  return kUsage;
}

int report(const Context& context, const CommandInfo& info, const Error& error) {
  static_cast<void>(make_output(context).failure("", error));
  const int status = status_of(context, error);
  return status == kUsage ? info.usage_status : status;
}

// What stands behind "--" and looks like a flag, the real commands warn of. The format's and the printing flags they
// take wherever they stand.
void warn_of_dashes(const Context& context, const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, 4> kAnywhere = {"output-curl-string", "output-policy", "format", "detailed"};
  std::string list;
  for (const std::string& argument : arguments) {
    if (!argument.starts_with('-') || argument == "-") continue;
    const auto begin = std::min(argument.find_first_not_of('-'), argument.size());
    const std::string name = argument.substr(begin, argument.find('=', begin) - begin);
    if (std::find(kAnywhere.begin(), kAnywhere.end(), name) == kAnywhere.end()) {
      list += (list.empty() ? "" : ",") + argument;
    }
  }
  if (list.empty()) return;
  context.streams.err << fmt::format(
      "Command flags must be provided before positional arguments. The following arguments will not be parsed as "
      "flags: "
      "[{}]\n",
      list);
}

int carry_out(Context& context, const CommandInfo& info, Command& command, const std::vector<std::string>& arguments) {
  const auto status = command.run(context, arguments);
  return status ? *status : report(context, info, status.error());
}

// Where wrong usage has another status than 1, that one says that something was found.
bool has_answered(int status, const CommandInfo& info) {
  return status == kDone || status == kNo || (status == kUsage && info.usage_status != kUsage);
}

// What the command prints goes into the file, if the command answers.
int carry_out_into(const std::string& path, const Context& context, const CommandInfo& info, Command& command,
                   const std::vector<std::string>& arguments) {
  auto file = OutputFile::create(path);
  if (!file) return report(context, info, file.error());
  const Streams& around = context.streams;
  Streams streams{around.in, file->stream(), around.err, around.in_is_terminal, false, around.err_is_terminal};
  Context inside{context.persona,  context.program, context.environment, streams,
                 context.services, context.common,  context.format};
  const int status = carry_out(inside, info, command, arguments);
  if (const auto written = file->flush(); !written) return worse(status, report(context, info, written.error()));
  if (!has_answered(status, info)) {
    if (file->has_content() && !context.common.quiet) {
      around.err << fmt::format("{} is left as it was, as the command failed.\n", path);
    }
    return status;
  }
  const auto placed = file->put_in_place();
  return placed ? status : report(context, info, placed.error());
}

int run_command(Context& context, const CommandInfo& info, const std::vector<std::string>& words) {
  const std::unique_ptr<Command> command = info.make();
  FlagSet flags;
  const unsigned common = flags_of(context.persona, info);
  declare_all(flags, *command, info, context.persona, context.common);
  const auto parsed = flags.parse(words);
  if (!parsed) return report(context, info, parsed.error());
  if (parsed->help) {
    context.streams.out << command_help(context, info, flags);
    return kDone;
  }
  if (const auto settled = settle_common(context, common); !settled) return report(context, info, settled.error());
  if (context.persona != Persona::vtoken && context.format == Format::table) warn_of_dashes(context, parsed->arguments);
  const auto& path = context.common.output_file;
  return path ? carry_out_into(*path, context, info, *command, parsed->arguments)
              : carry_out(context, info, *command, parsed->arguments);
}

}  // namespace

std::string_view program_version() noexcept { return kVersion; }

int run(const std::vector<std::string>& arguments, const Environment& environment, Streams& streams,
        const Services& services) try {
  const std::string program = arguments.empty() ? "vtoken" : base_name(arguments.front());
  Context context{persona_of(program), program, environment, streams, services};
  std::vector<std::string> words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (!words.empty() && (words[0] == "-version" || words[0] == "--version" || words[0] == "version")) {
    streams.out << fmt::format("vtoken {}\n", program_version());
    return kDone;
  }
  if (!words.empty() && !is_help(words[0])) words = command_first(context.persona, std::move(words));
  if (words.size() > 1 && is_help(words[0])) {
    words.erase(words.begin());
    words.emplace_back("-help");
  }
  const Found found = find_command(context.persona, words);
  if (found.command == nullptr) return unknown(context, words);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(found.words));
  return run_command(context, *found.command, words);
} catch (const std::exception& error) {
  streams.err << fmt::format("This is a mistake in the program: {}\n", error.what());
  return kFailed;
}

}  // namespace vtoken::cmd
