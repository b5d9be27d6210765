#include "cmd/help_text.hpp"

#include <algorithm>

namespace vtoken::cmd {
namespace {

constexpr std::string_view kExample = "      ";
constexpr std::string_view kCommand = "      $ ";

constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789-";

bool has_flag(std::string_view text, std::string_view flag) {
  for (auto at = text.find(flag); at != std::string_view::npos; at = text.find(flag, at + 1)) {
    const std::string_view behind = text.substr(at + flag.size());
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n';
    if (begins && (behind.empty() || kOfNames.find(behind.front()) == std::string_view::npos)) return true;
  }
  return false;
}

bool has_any(std::string_view text, const std::vector<std::string>& flags) {
  return std::any_of(flags.begin(), flags.end(), [&](const auto& flag) { return has_flag(text, flag); });
}

// The commands of one block of examples that have none of the flags.
std::string kept_commands(std::string_view block, const std::vector<std::string>& flags) {
  std::string out;
  while (!block.empty()) {
    const auto next = block.find("\n" + std::string(kCommand));
    const std::string_view command = block.substr(0, next);
    if (!has_any(command, flags)) {
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

std::string help_without(std::string_view help, const std::vector<std::string>& flags) {
  std::vector<std::string> kept;
  const std::string_view end = help.ends_with('\n') ? "\n" : "";
  help.remove_suffix(end.size());
  while (!help.empty()) {
    const auto next = help.find("\n\n");
    const std::string_view block = help.substr(0, next);
    help.remove_prefix(next == std::string_view::npos ? help.size() : next + 2);
    if (!block.starts_with(kCommand)) {
      if (block.starts_with(' ') || !has_any(block, flags)) kept.emplace_back(block);
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

std::string_view first_example(std::string_view help) {
  while (!help.empty()) {
    const std::string_view rest = help;
    std::size_t size = std::min(help.find('\n'), help.size());
    while (size < rest.size() && rest.substr(0, size).ends_with('\\'))
      size = std::min(rest.find('\n', size + 1), rest.size());
    const std::string_view line = rest.substr(0, size);
    if (line.starts_with(kCommand) && line.find("<<") == std::string_view::npos) return line;
    help.remove_prefix(std::min(help.size(), size + 1));
  }
  return {};
}

}  // namespace vtoken::cmd
