// The table of commands, how words choose one, and help.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cmd/command.hpp"
#include "cmd/help_text.hpp"

namespace vtoken::cmd {
namespace {

// In the order of the overview. `plain`: a command of the real program, reached as `vault NAME` rather than
// `vault token NAME`.
struct Entry {
  const CommandInfo* info = nullptr;
  bool plain = false;
  bool real = false;           // the real program has it: `vault` and `bao` accept it
  unsigned ours = kNoFlags;    // of CommonFlags: those that the real command does not know
  unsigned theirs = kNoFlags;  // those that only the real command takes
  std::string_view own = {};   // its own flags that the real command does not know, joined by blanks
};

constexpr std::array kCommands = {
    Entry{&kCreate, false, true, kNoFlags, kNoFlags, "require-policies cache cache-min-ttl count"},
    Entry{&kLookup, false, true, kNoFlags, kNoFlags, "min-ttl"},
    Entry{&kRenew, false, true, kFieldFlag, kNoFlags, "watch on-end"},
    Entry{&kRevoke, false, true, kFormatFlag},
    Entry{&kCapabilities, false, true, kFieldFlag, kNoFlags, "self accessor"},
    Entry{&kRun, false, false},
    Entry{&kInspect, false, false},
    Entry{&kScan, false, false},
    Entry{&kRolesList, false, false},
    Entry{&kRolesRead, false, false},
    Entry{&kRolesWrite, false, false},
    Entry{&kRolesDelete, false, false},
    Entry{&kAccessorsList, false, false},
    Entry{&kAccessorsLookup, false, false},
    Entry{&kAccessorsRevoke, false, false},
    Entry{&kList, true, true},
    Entry{&kRead, true, true},
    Entry{&kWrite, true, true},
    Entry{&kDelete, true, true},
    Entry{&kUnwrap, true, true},
    Entry{&kPolicyList, true, true},
    Entry{&kPolicyRead, true, true},
    Entry{&kPolicyWrite, true, true},
    Entry{&kPolicyDelete, true, true},
    Entry{&kPolicyFmt, true, true, kNoFlags, kAskFlags},
    Entry{&kPrintToken, true, true},
    Entry{&kStoreInit, false, false},
    Entry{&kStoreStatus, false, false},
    Entry{&kStoreVerify, false, false},
    Entry{&kStoreRotate, false, false},
    Entry{&kStoreRekey, false, false},
    Entry{&kStoreBackup, false, false},
    Entry{&kStoreRestore, false, false},
    Entry{&kStoreTidy, false, false},
    Entry{&kStoreAuditEnable, false, false},
    Entry{&kStoreAuditDisable, false, false},
    Entry{&kStoreAuditStatus, false, false},
    Entry{&kStoreAuditHash, false, false},
    Entry{&kDescribe, false, false},
    Entry{&kComplete, false, false},
};

bool begins_with(const std::vector<std::string>& words, std::size_t at, std::string_view name, std::size_t& used) {
  used = at;
  while (!name.empty()) {
    const auto space = name.find(' ');
    if (used >= words.size() || words[used] != name.substr(0, space)) return false;
    ++used;
    name = space == std::string_view::npos ? std::string_view{} : name.substr(space + 1);
  }
  return true;
}

bool is_hidden(const CommandInfo& info) { return info.name.starts_with("__"); }

bool reachable(Persona persona, const Entry& entry, bool after_token) {
  if (persona == Persona::vtoken) return !(after_token && entry.plain);
  return entry.real && entry.plain != after_token;
}

std::string with_program(std::string_view text, std::string_view program) {
  constexpr std::string_view kPlace = "{program}";
  std::string out;
  for (;;) {
    const auto place = text.find(kPlace);
    out += text.substr(0, place);
    if (place == std::string_view::npos) return out;
    out += program;
    text.remove_prefix(place + kPlace.size());
  }
}

const Entry* entry_of(const CommandInfo& command) {
  const auto found =
      std::find_if(kCommands.begin(), kCommands.end(), [&](const Entry& entry) { return entry.info == &command; });
  return found == kCommands.end() ? nullptr : &*found;
}

// What the help for `vault` and `bao` must not name.
std::vector<std::string> words_left_out(Persona persona, const CommandInfo& command) {
  std::vector<std::string> out = {"-format=ndjson", "-format=env", "-output-file", "-fail-on-warning"};
  for (const std::string_view name : split(flags_left_out(persona, command), ' ')) {
    if (!name.empty()) out.push_back(fmt::format("-{}", name));
  }
  return out;
}

std::string called_as(const Context& context, const Entry& entry) {
  if (context.persona == Persona::vtoken || entry.plain) return context.program;
  return context.program + " token";
}

}  // namespace

Found find_command(Persona persona, const std::vector<std::string>& words) {
  const bool after_token = !words.empty() && words.front() == "token";
  for (const Entry& entry : kCommands) {
    std::size_t used = 0;
    if (reachable(persona, entry, after_token) && begins_with(words, after_token ? 1 : 0, entry.info->name, used)) {
      return {entry.info, used};
    }
  }
  return {};
}

std::vector<const CommandInfo*> listed_commands() {
  std::vector<const CommandInfo*> listed;
  for (const Entry& entry : kCommands) {
    if (!is_hidden(*entry.info)) listed.push_back(entry.info);
  }
  return listed;
}

unsigned flags_of(Persona persona, const CommandInfo& command) {
  const Entry* entry = entry_of(command);
  if (persona == Persona::vtoken || entry == nullptr) return command.flags;
  return (command.flags & ~entry->ours) | entry->theirs;
}

std::string_view flags_left_out(Persona persona, const CommandInfo& command) {
  const Entry* entry = entry_of(command);
  return persona == Persona::vtoken || entry == nullptr ? std::string_view() : entry->own;
}

std::string command_help(const Context& context, const CommandInfo& command, const FlagSet& flags) {
  const Entry* entry = entry_of(command);
  const std::string program = entry == nullptr ? context.program : called_as(context, *entry);
  std::string text = with_program(command.help, program);
  if (context.persona != Persona::vtoken) text = help_without(text, words_left_out(context.persona, command));
  std::string out = fmt::format("Usage: {} {}\n\n{}", program, command.usage, text);
  if (!flags.declared().empty()) out += "\n" + flags_help(flags);
  return out;
}

// What stands below a list of commands: an example for each of a group's, or some of the commonest.
std::string examples_of(const Context& context, std::string_view group) {
  if (context.persona != Persona::vtoken) return {};
  std::string out;
  for (const Entry& entry : kCommands) {
    const std::string_view name = entry.info->name;
    const bool is_wanted = group.empty() ? entry.info == &kCreate || entry.info == &kInspect || entry.info == &kRun
                                         : name.starts_with(group) && name.substr(group.size()).starts_with(' ');
    const std::string_view example = is_wanted ? first_example(entry.info->help) : std::string_view();
    if (!example.empty()) out += fmt::format("{}\n", with_program(example, context.program));
  }
  return out.empty() ? out : "\nFor example:\n\n" + out;
}

std::string overview(const Context& context, std::string_view group) {
  const bool tokens = context.persona != Persona::vtoken && group == "token";
  std::vector<std::pair<std::string, std::string_view>> rows;
  std::size_t width = 18;
  for (const Entry& entry : kCommands) {
    const std::string_view name = entry.info->name;
    if (is_hidden(*entry.info) || (context.persona != Persona::vtoken && !entry.real)) continue;
    const bool in_group = name.starts_with(group) && name.substr(group.size()).starts_with(' ');
    if (tokens ? entry.plain : !group.empty() && !in_group) continue;
    const std::string_view between = context.persona != Persona::vtoken && !entry.plain ? "token " : "";
    rows.emplace_back(fmt::format("{}{}", between, name), entry.info->summary);
    width = std::max(width, rows.back().first.size());
  }
  if (rows.empty()) return {};
  std::string list;
  for (const auto& [name, summary] : rows) list += fmt::format("  {:<{}}  {}\n", name, width, summary);
  std::string title;
  if (group.empty()) title = "Make, show, renew, revoke and inspect tokens of Vault, OpenBao or a local store.\n\n";
  const std::string before = group.empty() ? "" : fmt::format("{} ", group);
  return fmt::format("{}Usage: {} {}COMMAND [flags] [arguments]\n\n{}{}\n`{} {}COMMAND -help` says more about one.\n",
                     title, context.program, before, list, examples_of(context, group), context.program, before);
}

}  // namespace vtoken::cmd
