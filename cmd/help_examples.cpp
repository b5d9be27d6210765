#include "cmd/help_examples.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kExample = "      ";
constexpr std::string_view kCommand = "      $ ";

bool has_flag(std::string_view command, std::string_view flag) {
  for (auto at = command.find(flag); at != std::string_view::npos; at = command.find(flag, at + 1)) {
    const std::string_view behind = command.substr(at + flag.size());
    if (at > 0 && command[at - 1] == ' ' && (behind.empty() || behind.find_first_of("= \n)") == 0)) return true;
  }
  return false;
}

// The commands of one block of examples that have none of the flags.
std::string kept_commands(std::string_view block, const std::vector<std::string>& flags) {
  std::string out;
  while (!block.empty()) {
    const auto next = block.find("\n" + std::string(kCommand));
    const std::string_view command = block.substr(0, next);
    if (std::none_of(flags.begin(), flags.end(), [&](const auto& flag) { return has_flag(command, flag); })) {
      out += (out.empty() ? "" : "\n");
      out += command;
    }
    block.remove_prefix(next == std::string_view::npos ? block.size() : next + 1);
  }
  return out;
}

bool is_title(std::string_view block) {
  return block.starts_with("  ") && !block.starts_with(kExample) && block.ends_with(':');
}

}  // namespace

std::string without_examples(std::string_view help, const std::vector<std::string>& flags) {
  std::vector<std::string> kept;
  const std::string_view end = help.ends_with('\n') ? "\n" : "";
  help.remove_suffix(end.size());
  while (!help.empty()) {
    const auto next = help.find("\n\n");
    const std::string_view block = help.substr(0, next);
    help.remove_prefix(next == std::string_view::npos ? help.size() : next + 2);
    if (!block.starts_with(kCommand)) {
      kept.emplace_back(block);
    } else if (std::string commands = kept_commands(block, flags); !commands.empty()) {
      kept.push_back(std::move(commands));
    } else if (!kept.empty() && is_title(kept.back())) {
      kept.pop_back();
    }
  }
  std::string out;
  for (const std::string& block : kept) out += (out.empty() ? "" : "\n\n") + block;
  return out.append(end);
}

}  // namespace vtoken::cmd
