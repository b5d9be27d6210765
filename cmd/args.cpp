#include "cmd/args.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace vtoken::cmd {
namespace {

using Kind = FlagSet::Kind;

// Stands before every value on its way through CLI11, which would otherwise take the next word for an empty value and
// split values such as "[a,b]".
constexpr char kGuard = '=';

tl::unexpected<Error> wrong(std::string message) { return fail(ErrorKind::usage, std::move(message)); }

const FlagSet::Declared* find(const std::vector<FlagSet::Declared>& flags, std::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(),
                                  [&](const auto& each) { return each.flag.name == name || each.flag.alias == name; });
  return found == flags.end() ? nullptr : &*found;
}

// The words in the one form that CLI11 reads, "--name=value".
struct Normalised {
  std::vector<std::string> options;
  std::vector<std::string> arguments;
  std::optional<Error> error;  // of the word at which reading stopped: what comes before it is still checked first
  bool help = false;
};

class Normaliser {
 public:
  Normaliser(const std::vector<FlagSet::Declared>& flags, const std::vector<std::string>& words, bool ends_at_argument)
      : flags_(flags), words_(words), ends_at_argument_(ends_at_argument) {}

  Normalised run() {
    while (next_ < words_.size() && !result_.error && !result_.help) {
      const std::string& word = words_[next_++];
      if (word == "--") {
        take_rest();
      } else if (word.size() < 2 || word.front() != '-') {
        result_.arguments.push_back(word);
        if (ends_at_argument_) take_rest();
      } else {
        flag(word);
      }
    }
    return std::move(result_);
  }

 private:
  void take_rest() {
    result_.arguments.insert(result_.arguments.end(), words_.begin() + static_cast<std::ptrdiff_t>(next_),
                             words_.end());
    next_ = words_.size();
  }

  void flag(const std::string& word) {
    const std::string_view text = std::string_view(word).substr(word[1] == '-' ? 2 : 1);
    const auto equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    if (name.empty() || name.front() == '-') {
      result_.error = Error{ErrorKind::usage, "bad flag syntax: " + word};
      return;
    }
    const auto* declared = find(flags_, name);
    if (declared == nullptr) {
      result_.help = name == "h" || name == "help";
      if (!result_.help)
        result_.error = Error{ErrorKind::usage, fmt::format("flag provided but not defined: -{}", name)};
      return;
    }
    if (equals != std::string_view::npos) {
      add(name, text.substr(equals + 1));
    } else if (declared->kind == Kind::boolean) {
      add(name, "true");
    } else if (next_ < words_.size()) {
      add(name, words_[next_++]);
    } else {
      result_.error = Error{ErrorKind::usage, fmt::format("flag needs an argument: -{}", name)};
    }
  }

  void add(std::string_view name, std::string_view value) {
    result_.options.push_back(fmt::format("--{}={}{}", name, kGuard, value));
  }

  const std::vector<FlagSet::Declared>& flags_;
  const std::vector<std::string>& words_;
  bool ends_at_argument_;
  std::size_t next_ = 0;
  Normalised result_;
};

std::string conversion_text(const FlagSet::Declared& declared, std::string_view name, std::string_view value,
                            const Error& error) {
  const std::string_view form =
      declared.kind == Kind::boolean ? "invalid boolean value {} for -{}: {}" : "invalid value {} for flag -{}: {}";
  return fmt::format(fmt::runtime(form), go_quoted(value), name, error.message);
}

// Hands the options to CLI11, which sets each flag's target in the order of the words.
Result<void> set_targets(const std::vector<FlagSet::Declared>& flags, std::vector<std::string> options) try {
  CLI::App app;
  app.set_help_flag();
  for (const auto& declared : flags) {
    for (const std::string_view name : {declared.flag.name, declared.flag.alias}) {
      if (name.empty()) continue;
      const auto set = [&declared, name](const CLI::results_t& values) {
        const std::string value = values.front().substr(1);
        const auto done = declared.set(value);
        if (!done)
          throw CLI::ConversionError(conversion_text(declared, name, value, done.error()),
                                     CLI::ExitCodes::ConversionError);
        return true;
      };
      app.add_option(fmt::format("--{}", name), set)
          ->expected(1)
          ->allow_extra_args(false)
          ->trigger_on_parse()
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }
  std::reverse(options.begin(), options.end());
  app.parse(std::move(options));
  return {};
} catch (const CLI::Error& error) {
  return wrong(error.what());
}

Result<bool> read_bool(const std::string& value) {
  const auto parsed = parse_bool(value);
  if (!parsed) return wrong(fmt::format("strconv.ParseBool: parsing {}: invalid syntax", go_quoted(value)));
  return *parsed;
}

Result<std::int64_t> read_integer(const std::string& value) {
  std::string_view digits = value;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (code == std::errc() && end == digits.data() + digits.size()) return number;
  const bool range = code == std::errc::result_out_of_range && end == digits.data() + digits.size();
  return wrong(fmt::format("strconv.ParseInt: parsing {}: {}", go_quoted(value),
                           range ? "value out of range" : "invalid syntax"));
}

}  // namespace

void FlagSet::add(const Flag& flag, Kind kind, std::function<Result<void>(const std::string&)> set) {
  declared_.push_back(Declared{flag, kind, group_, std::move(set)});
}

void FlagSet::leave_out(std::string_view names) {
  const std::vector<std::string_view> all = split(names, ' ');
  std::erase_if(declared_,
                [&](const Declared& each) { return std::find(all.begin(), all.end(), each.flag.name) != all.end(); });
}

void FlagSet::boolean(const Flag& flag, bool& target) {
  add(flag, Kind::boolean, [&target](const std::string& value) {
    return read_bool(value).map([&target](bool parsed) { target = parsed; });
  });
}

void FlagSet::boolean(const Flag& flag, std::optional<bool>& target) {
  add(flag, Kind::boolean, [&target](const std::string& value) {
    return read_bool(value).map([&target](bool parsed) { target = parsed; });
  });
}

void FlagSet::text(const Flag& flag, std::optional<std::string>& target) {
  add(flag, Kind::text, [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  });
}

void FlagSet::duration(const Flag& flag, std::optional<Nanoseconds>& target) {
  add(flag, Kind::duration, [&target](const std::string& value) -> Result<void> {
    const auto parsed = parse_duration(value);
    if (!parsed) {  // begins as the real command's message does
      return fail(parsed.error().kind, fmt::format("{}: {}", go_duration_error(value), parsed.error().message));
    }
    target = *parsed;
    return {};
  });
}

void FlagSet::integer(const Flag& flag, std::optional<std::int64_t>& target) {
  add(flag, Kind::integer, [&target](const std::string& value) {
    return read_integer(value).map([&target](std::int64_t parsed) { target = parsed; });
  });
}

void FlagSet::list(const Flag& flag, std::vector<std::string>& target) {
  add(flag, Kind::list, [&target](const std::string& value) -> Result<void> {
    target.emplace_back(trimmed(value));
    return {};
  });
}

void FlagSet::pairs(const Flag& flag, std::map<std::string, std::string>& target) {
  add(flag, Kind::pairs, [&target](const std::string& value) -> Result<void> {
    const auto equals = value.find('=');
    if (equals == std::string::npos) return wrong("missing = in KV pair: " + go_quoted(value));
    target.insert_or_assign(value.substr(0, equals), value.substr(equals + 1));
    return {};
  });
}

Result<FlagSet::Parsed> FlagSet::parse(const std::vector<std::string>& words) const {
  Normalised normalised = Normaliser(declared_, words, ends_at_argument_).run();
  if (normalised.help) return Parsed{{}, true};
  if (!normalised.options.empty()) {
    auto set = set_targets(declared_, std::move(normalised.options));
    if (!set) return tl::unexpected(set.error());
  }
  if (normalised.error) return tl::unexpected(*normalised.error);
  return Parsed{std::move(normalised.arguments), false};
}

bool FlagSet::takes_value(std::string_view name) const {
  const auto* declared = find(declared_, name);
  return declared != nullptr && declared->kind != Kind::boolean;
}

}  // namespace vtoken::cmd
