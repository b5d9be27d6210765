// `policy list|read|write|delete`.
#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "cmd/args.hpp"
#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output_go.hpp"
#include "cmd/plain.hpp"
#include "cmd/policy_doubts.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "policy/builtin.hpp"

namespace vtoken::cmd {
namespace {

// Names are lower case and hold no white space at their ends.
std::string policy_name(std::string_view text) { return lower(trim_space(text)); }

// The name as it becomes part of a path. As vtoken what a path cannot carry unchanged is refused.
Result<std::string> read_name(const Context& context, std::string_view text) {
  std::string name = policy_name(text);
  if (context.persona != Persona::vtoken) return name;
  if (name.empty()) return fail(ErrorKind::usage, "a policy needs a name");
  for (const std::string_view segment : split(std::string_view(name), '/')) {
    if (segment == "." || segment == "..") {
      return fail(ErrorKind::usage, fmt::format("{}: a policy's name has no . or .. between slashes", go_quoted(name)));
    }
  }
  if (name.front() == '/' || name.back() == '/' || has_control_character(name)) {
    return fail(ErrorKind::usage,
                fmt::format("{}: a policy's name has no slash at its ends and no control characters", go_quoted(name)));
  }
  return name;
}

int failed(Session& session, std::string_view doing, std::string_view why) {
  return session.output.failure(doing, Error{ErrorKind::server, std::string(why), {}, {}});
}

// To vtoken: the real command shows none.
void show_warnings(Session& session, const Answer& answer) {
  if (!answer.warnings || answer.warnings->empty() || session.context.persona != Persona::vtoken) return;
  session.warned = true;
  if (!session.context.common.quiet) session.output.warnings(*answer.warnings);
}

class PolicyList final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 0, 0, "0"); !checked) return tl::unexpected(checked.error());
    constexpr std::string_view kDoing = "Error listing policies";
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    const auto answer = (*session)->client.list_policies();
    if (!answer) return (*session)->failed(kDoing, answer.error());
    if ((*session)->is_wrapped(*answer)) return (*session)->show(*answer);
    if (answer->data == nullptr) return failed(**session, kDoing, "data from server response is empty");
    const Json* keys = find_member(*answer->data, "keys");
    Output& output = (*session)->output;
    if (keys == nullptr || !keys->is_array()) {
      return output.format() == Format::table ? int{kDone} : output.data(Json());
    }
    if (output.format() != Format::table) return output.data(*keys);
    for (const Json& key : *keys) {
      if (key.is_string()) output.line(key.get_ref<const SecretString&>().view());
    }
    return int{kDone};
  }
};

class PolicyRead final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    const auto named = read_name(context, arguments.front());
    if (!named) return tl::unexpected(named.error());
    const std::string& name = *named;
    const std::string doing = fmt::format("Error reading policy named {}", name);
    auto session = connect(context, doing);
    if (!session) return tl::unexpected(session.error());
    const auto answer = (*session)->client.read_policy(name);
    if (!answer && answer.error().status != 404) return (*session)->failed(doing, answer.error());
    if (!answer) return missing(**session, name);
    if ((*session)->is_wrapped(*answer)) return (*session)->show(*answer);
    if (answer->data == nullptr) return failed(**session, doing, "data from server response is empty");
    const Json* rules = find_member(*answer->data, "policy");
    if (rules == nullptr || !rules->is_string()) return failed(**session, doing, "no policy found in response");
    const std::string_view text = rules->get_ref<const SecretString&>().view();
    if (text.empty()) return missing(**session, name);
    Output& output = (*session)->output;
    if (output.format() != Format::table) return output.data(Json{{"policy", *rules}});
    output.line(trim_space(text));
    return int{kDone};
  }

 private:
  static int missing(Session& session, const std::string& name) {
    const bool is_root = name == policy::kRoot && session.context.persona == Persona::vtoken;
    const std::string_view why = is_root ? " (it is built in, allows everything, and has no text)" : "";
    return session.not_found(fmt::format("No policy named: {}{}", name, why));
  }
};

class PolicyWrite final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 2, 2, "2"); !checked) return tl::unexpected(checked.error());
    const auto named = read_name(context, arguments.front());
    if (!named) return tl::unexpected(named.error());
    const std::string& name = *named;
    constexpr std::string_view kDoing = "Error uploading policy";
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    const auto rules = read_rules(context, std::string(trim_space(arguments[1])));
    if (!rules) return tl::unexpected(rules.error());
    if (context.persona == Persona::vtoken) (*session)->tell(doubts(**session, name, rules->view()));
    const auto answer = (*session)->client.write_policy(name, rules->view());
    if (!answer) return (*session)->failed(kDoing, answer.error());
    Output& output = (*session)->output;
    show_warnings(**session, *answer);
    if (name != arguments.front()) {
      output.warn(fmt::format("Policy name was converted from \"{}\" to \"{}\"", arguments.front(), name));
    }
    output.line(fmt::format("Success! Uploaded policy: {}", name));
    return (*session)->settled();
  }

 private:
  // A store says itself where a policy cannot be read, but never sees bytes that JSON cannot carry.
  static std::vector<std::string> doubts(const Session& session, const std::string& name, std::string_view rules) {
    std::vector<std::string> lines = policy_doubts(rules);
    const std::string fault = policy_fault(name, rules);
    const bool is_told = session.target.kind == Target::Kind::store && fault.find("UTF-8") == std::string::npos;
    if (!fault.empty() && !is_told)
      lines.insert(lines.begin(), fmt::format("This policy is not well formed: {}", fault));
    return lines;
  }

  static Result<SecretString> read_rules(const Context& context, std::string path) {
    const bool marked = context.persona == Persona::vtoken && path.size() > 1 && path.front() == '@';
    if (marked) path.erase(0, 1);
    auto rules = read_secret_file(context, path);
    if (rules) return rules;
    Error error = rules.error();
    if (error.kind == ErrorKind::usage) return tl::unexpected(error);
    // Go's words, and the real command's status 2.
    const std::string why = go_system_error(error.message);
    const bool is_open = why == "is a directory";
    error.context = is_open ? "Error reading policy" : "Error opening policy file";
    error.message = fmt::format("{} {}: {}", is_open ? "read" : "open", path, why);
    return tl::unexpected(std::move(error));
  }
};

class PolicyDelete final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    const auto named = read_name(context, arguments.front());
    if (!named) return tl::unexpected(named.error());
    const std::string& name = *named;
    const std::string doing = fmt::format("Error deleting {}", name);
    auto session = connect(context, doing);
    if (!session) return tl::unexpected(session.error());
    const bool absent = (*session)->may_look() && is_absent((*session)->client.read_policy(name));
    const auto answer = (*session)->client.delete_policy(name);
    if (!answer) return (*session)->failed(doing, answer.error());
    show_warnings(**session, *answer);
    if (absent) (*session)->tell({fmt::format("There was no policy {}", go_quoted(name))});
    (*session)->output.line(fmt::format("Success! Deleted policy: {}", name));
    return (*session)->settled();
  }

 private:
  // Who may delete a policy need not be allowed to read it: then nothing is known.
  static bool is_absent(const ApiResult<Answer>& policy) { return !policy && policy.error().status == 404; }
};

}  // namespace

const CommandInfo kPolicyList{"policy list",
                              "List the policies",
                              "policy list [flags]",
                              R"(Lists the names of the policies.

      $ {program} policy list
)",
                              kAskFlags | kFormatFlag,
                              make_command<PolicyList>};

const CommandInfo kPolicyRead{"policy read",
                              "Show a policy",
                              "policy read [flags] NAME",
                              R"(Shows the rules of a policy.

      $ {program} policy read default
)",
                              kAskFlags | kFormatFlag,
                              make_command<PolicyRead>,
                              Values::policy};

const CommandInfo kPolicyWrite{"policy write",
                               "Make or replace a policy",
                               "policy write [flags] NAME FILE",
                               R"(Makes a policy from the rules in a file, or replaces it. FILE may be - for
standard input. Names are lower case. Rules that do not do what they look like
are warned of, with line and column.

      $ {program} policy write app app.hcl
      $ echo 'path "secret/data/app" { capabilities = ["read"] }' |
          {program} policy write app -
)",
                               kAskFlags,
                               make_command<PolicyWrite>,
                               Values::policy,
                               Values::file};

const CommandInfo kPolicyDelete{"policy delete",
                                "Delete a policy",
                                "policy delete [flags] NAME",
                                R"(Deletes a policy. Tokens that name it lose at once what it allowed. It is no
failure when there is none. root and default cannot be deleted.

      $ {program} policy delete app
)",
                                kAskFlags,
                                make_command<PolicyDelete>,
                                Values::policy};

}  // namespace vtoken::cmd
