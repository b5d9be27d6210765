// Flags as Go's programs take them: -name=value, -name value, --name=value; a boolean takes a value only with "=";
// flags may stand anywhere, and "--" ends them.
//
// A command declares each flag with the variable it sets; a variable of a flag that was not given keeps its value, so
// std::optional tells "not given" from "given as the default".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vtoken::cmd {

/// What a flag's value or a command's argument may be, for shells that complete it. Files stand behind `@` in `token`
/// and `accessor`; `command` is another program's whole command line.
enum class Values : std::uint8_t { any, choice, file, folder, token, accessor, role, policy, path, command };

/// The word for it in the program's description, such as "file".
[[nodiscard]] std::string_view values_name(Values values) noexcept;

/// What is said about a flag. The texts are literals: they are not copied.
struct Flag {
  std::string_view name;        ///< without dashes
  std::string_view help;        ///< one or two sentences
  std::string_view value = {};  ///< what stands for the value in the help, such as "DURATION"; unused for booleans
  std::string_view alias = {};  ///< a second name
  bool hidden = false;          ///< left out of the help
  Values values = Values::any;
  std::string_view choices = {};  ///< with Values::choice: the usual ones, separated by blanks, such as "table json"
};

/// The flags of one command line. Targets are borrowed: they must outlive parse().
class FlagSet {
 public:
  enum class Kind { boolean, text, duration, integer, list, pairs };
  struct Declared {
    Flag flag;
    Kind kind;
    std::string_view group;
    std::function<Result<void>(const std::string& value)> set;
  };

  /// Flags end at the first word that is none, as for commands whose arguments are another program's command line.
  void end_at_argument() noexcept { ends_at_argument_ = true; }

  /// Flags declared from here on are listed under this title in the help.
  void group(std::string_view title) { group_ = title; }

  void boolean(const Flag& flag, bool& target);
  void boolean(const Flag& flag, std::optional<bool>& target);
  void text(const Flag& flag, std::optional<std::string>& target);
  void duration(const Flag& flag, std::optional<Nanoseconds>& target);
  void integer(const Flag& flag, std::optional<std::int64_t>& target);
  /// May be given several times: each adds a value, trimmed of white space; commas are kept.
  void list(const Flag& flag, std::vector<std::string>& target);
  /// KEY=VALUE, several times; the last value of a key counts.
  void pairs(const Flag& flag, std::map<std::string, std::string>& target);

  /// Forgets the flags of these names, which blanks separate: they are then not defined.
  void leave_out(std::string_view names);

  struct Parsed {
    std::vector<std::string> arguments;  ///< what is no flag, in order
    bool help = false;                   ///< -h or -help was given; then nothing else was checked
  };

  /// Reads `words` (without the program's and the command's name) and sets the targets. Fails (usage) at the first
  /// word that is wrong, with the text that Go's flag package has for it.
  [[nodiscard]] Result<Parsed> parse(const std::vector<std::string>& words) const;

  /// Whether there is a flag of that name whose value may be the next word.
  [[nodiscard]] bool takes_value(std::string_view name) const;

  [[nodiscard]] const std::vector<Declared>& declared() const noexcept { return declared_; }

 private:
  void add(const Flag& flag, Kind kind, std::function<Result<void>(const std::string&)> set);

  std::string_view group_;
  std::vector<Declared> declared_;
  bool ends_at_argument_ = false;
};

/// The part of a command's help that lists its flags, wrapped at 80 columns.
[[nodiscard]] std::string flags_help(const FlagSet& flags);

/// `text` in double quotes, with escapes, as Go's %q.
[[nodiscard]] std::string go_quoted(std::string_view text);

/// What Go says of a text that is no duration. Only for texts that parse_duration() refuses.
[[nodiscard]] std::string go_duration_error(std::string_view text);

/// `text` without white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// Go's strconv.ParseBool: 1, t, T, true, True, TRUE and their opposites.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);

}  // namespace vtoken::cmd
