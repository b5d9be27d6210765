// What stands behind the completion of a role, policy, accessor or path: the shells' scripts call it.
#include <algorithm>
#include <optional>
#include <ostream>

#include "cmd/command.hpp"
#include "cmd/complete_flags.hpp"
#include "cmd/complete_paths.hpp"
#include "cmd/deadline.hpp"
#include "cmd/readable.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/target.hpp"
#include "cmd/token_helper.hpp"

namespace vtoken::cmd {
namespace {

// Of the 300 ms that a person at a prompt waits, the shell needs some.
constexpr Nanoseconds kPatience = kSecond * 22 / 100;
// A person chooses from no longer list; and a part of one would let the shell complete to what only that part begins
// with.
constexpr std::size_t kMost = 1000;

// The path that is listed for what `prefix` begins; the candidates are what is listed, with `before` in front.
struct Place {
  std::string path;
  std::string before;
};

std::optional<Place> place_of(std::string_view kind, const std::string& prefix) {
  if (kind == values_name(Values::role)) return Place{"auth/token/roles", ""};
  if (kind == values_name(Values::policy)) return Place{"sys/policies/acl", ""};
  if (kind == values_name(Values::accessor)) return Place{"auth/token/accessors", ""};
  const auto slash = prefix.rfind('/');
  if (kind != values_name(Values::path) || slash == std::string::npos || slash == 0) return std::nullopt;
  return Place{prefix.substr(0, slash), prefix.substr(0, slash + 1)};
}

// A token helper may ask its user for something, which is not for a key that completes.
bool would_ask_helper(const Context& context) {
  if (context.common.token_file) return false;
  const auto token = read_variable(context, "TOKEN");
  if (token && *token) return false;
  const auto target = resolve_target(context);
  if (!target || target->kind == Target::Kind::store) return false;
  const auto helper = configured_helper(context);
  return !helper || helper->has_value();
}

std::vector<std::string> listed(const Context& context, const Place& place, const std::string& prefix) {
  std::vector<std::string> found;
  if (would_ask_helper(context)) return found;
  const auto session = connect(context, "", MissingStore::is_an_error, Retries::by_command);
  if (!session) return found;
  (*session)->client.options().wrap_ttl.clear();
  const auto take = [&](std::string_view key) {
    std::string whole = place.before + std::string(key);
    if (whole.starts_with(prefix) && readable(whole) == whole) found.push_back(std::move(whole));
    return found.size() <= kMost;
  };
  const auto answer = (*session)->client.list_keys(place.path, take);
  if (!answer || found.size() > kMost) found.clear();
  return found;
}

bool is_wanted(const Context& context) {
  const auto variable = read_own_variable(context, "VTOKEN_LIVE_COMPLETION");
  return !variable || parse_bool(variable->value).value_or(true);
}

void print(std::ostream& out, const std::vector<std::string>& candidates) {
  for (const std::string& candidate : candidates) out << candidate << '\n';
  out.flush();
}

class Complete final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.size() < 2) return int{kDone};
    const std::string& kind = arguments[0];
    const std::string& prefix = arguments[1];
    std::vector<std::string> known;
    if (kind == values_name(Values::path)) known = known_paths(prefix);
    print(context.streams.out, known);
    const auto place = place_of(kind, prefix);
    if (!place || !is_wanted(context)) return int{kDone};
    std::ostream nowhere(nullptr);
    Streams quiet{context.streams.in, nowhere, nowhere};
    Context own{context.persona, context.program, context.environment, quiet, context.services};
    own.common.quiet = true;
    own.common.non_interactive = true;
    std::vector<std::string> found;
    {
      const Deadline deadline(kPatience);
      if (!take_flags(own, {arguments.begin() + 2, arguments.end()})) return int{kDone};
      found = listed(own, *place, prefix);
    }
    std::erase_if(found, [&](const auto& each) { return std::find(known.begin(), known.end(), each) != known.end(); });
    print(context.streams.out, found);
    return int{kDone};
  }
};

}  // namespace

const CommandInfo kComplete{"__complete",
                            "Print what a word on a command line may become",
                            "__complete KIND PREFIX [-- WORD…]",
                            R"(Prints the roles, policies, accessors or paths (KIND: role, policy, accessor, path)
that begin with PREFIX, a line each, for the scripts that complete command lines.
WORDs are those of the command line behind the program's name, so that what is
asked is what the command would ask. Nothing, when there is no answer at once.
)",
                            kNoFlags,
                            make_command<Complete>};

}  // namespace vtoken::cmd
