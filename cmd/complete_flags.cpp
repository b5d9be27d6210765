#include "cmd/complete_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cmd/command.hpp"
#include "cmd/common_flags.hpp"
#include "cmd/token_helper.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::array<std::string_view, 16> kTaken = {
    "address",         "agent-address",   "store",           "key-file",
    "passphrase-file", "token-file",      "namespace",       "ns",
    "ca-cert",         "ca-path",         "client-cert",     "client-key",
    "header",          "tls-server-name", "tls-skip-verify", "disable-redirects",
};

// The words that are no flags, and those flags that matter here, as "-name=value".
struct Sorted {
  std::vector<std::string> arguments;
  std::vector<std::string> flags;
  bool reads_input = false;
};

Sorted sorted(const Context& context, const FlagSet& known, const std::vector<std::string>& words) {
  Sorted out;
  for (std::size_t next = 0; next < words.size() && words[next] != "--"; ++next) {
    const std::string& word = words[next];
    if (word.size() < 2 || word.front() != '-') {
      out.arguments.push_back(word);
      continue;
    }
    const std::string text = word.substr(word[1] == '-' ? 2 : 1);
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    std::string value = equals == std::string::npos ? "true" : text.substr(equals + 1);
    if (equals == std::string::npos && known.takes_value(name)) {
      if (++next == words.size()) break;
      value = words[next];
      if (value.starts_with("~/")) value.replace(0, 1, home_folder(context));
    }
    if (std::find(kTaken.begin(), kTaken.end(), name) == kTaken.end()) continue;
    out.reads_input = out.reads_input || (value == "-" && name.ends_with("-file"));
    out.flags.push_back(fmt::format("-{}={}", name, value));
  }
  return out;
}

}  // namespace

bool take_flags(Context& context, const std::vector<std::string>& words) {
  FlagSet common;
  declare_common(common, context.common, kAskFlags);
  CommonValues unused;
  FlagSet flags;
  // The names of the command come first, but for common flags; its own flags are behind them.
  const Found found = find_command(context.persona, sorted(context, common, words).arguments);
  const std::unique_ptr<Command> command = found.command == nullptr ? nullptr : found.command->make();
  if (command != nullptr) declare_all(flags, *command, *found.command, context.persona, unused);
  const Sorted all = sorted(context, command == nullptr ? common : flags, words);
  return !all.reads_input && common.parse(all.flags).has_value();
}

}  // namespace vtoken::cmd
