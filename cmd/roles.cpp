// Roles are paths under auth/token/roles.
#include <fmt/format.h>

#include "cmd/command.hpp"
#include "cmd/key_values.hpp"
#include "cmd/plain.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kRoles = "auth/token/roles";

// A name may hold no slash: it would be another path.
Result<std::string> role_path(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return fail(ErrorKind::usage, fmt::format("{} is no name of a role", go_quoted(name)));
  }
  return fmt::format("{}/{}", kRoles, name);
}

class RolesList final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 0, "0"); !checked) return tl::unexpected(checked.error());
    return list_path(context, kRoles);
  }
};

class RolesRead final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    const auto path = role_path(arguments.front());
    if (!path) return tl::unexpected(path.error());
    return read_path(context, *path);
  }
};

class RolesWrite final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"force", "Write a role of defaults only, without any data.", {}, "f"}, force_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected at least 1, got 0)");
    const auto path = role_path(arguments.front());
    if (!path) return tl::unexpected(path.error());
    if (arguments.size() == 1 && !force_) return fail(ErrorKind::usage, "Must supply data or use -force");
    const auto data = read_key_values(context, {arguments.begin() + 1, arguments.end()});
    if (!data) return tl::unexpected(data.error());
    return write_path(context, *path, *data);
  }

 private:
  bool force_ = false;
};

class RolesDelete final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    const auto path = role_path(arguments.front());
    if (!path) return tl::unexpected(path.error());
    return delete_path(context, *path);
  }
};

}  // namespace

const CommandInfo kRolesList{"roles list",
                             "List the roles",
                             "roles list [flags]",
                             R"(Lists the names of the roles that tokens can be made by.

      $ {program} roles list
)",
                             kAskFlags | kFormatFlag | kDetailedFlag,
                             make_command<RolesList>};

const CommandInfo kRolesRead{"roles read",
                             "Show a role",
                             "roles read [flags] NAME",
                             R"(Shows what a role lays down for the tokens made by it.

      $ {program} roles read ci
      $ {program} roles read -field=allowed_policies ci
)",
                             kAnswerFlags,
                             make_command<RolesRead>,
                             Values::role};

const CommandInfo kRolesWrite{"roles write",
                              "Make or change a role",
                              "roles write [flags] NAME KEY=VALUE…",
                              R"(Makes a role, or changes what is given of one. KEY=@FILE takes a file's content,
KEY=- standard input; - or @FILE alone is a whole JSON object.

Keys: allowed_policies, disallowed_policies, allowed_policies_glob,
disallowed_policies_glob, orphan, renewable, path_suffix, token_period,
token_explicit_max_ttl, token_bound_cidrs, token_num_uses, token_type,
token_no_default_policy, allowed_entity_aliases; a local store also keeps
token_ttl and token_max_ttl.

      $ {program} roles write ci allowed_policies=app,ops orphan=true \
            token_period=1h
      $ {program} create -role=ci
)",
                              kAnswerFlags,
                              make_command<RolesWrite>,
                              Values::role};

const CommandInfo kRolesDelete{"roles delete",
                               "Delete a role",
                               "roles delete [flags] NAME",
                               R"(Deletes a role. Tokens made by it live on. It is no failure when there is none.

      $ {program} roles delete ci
)",
                               kAnswerFlags,
                               make_command<RolesDelete>,
                               Values::role};

}  // namespace vtoken::cmd
