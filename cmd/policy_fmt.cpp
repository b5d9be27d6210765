// `policy fmt`.
#include <fmt/format.h>

#include <ostream>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output_go.hpp"
#include "cmd/plain.hpp"
#include "cmd/rewrite_file.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "policy/format.hpp"
#include "policy/policy.hpp"
#include "policy/same.hpp"

namespace vtoken::cmd {
namespace {

// What the real command says, which ends with status 1 for everything; as vtoken a file that cannot be read or written
// is a failure, 2.
Error worded(const Context& context, Error error, const std::string& path, std::string_view doing) {
  const std::string why = go_system_error(error.message);
  const bool ours = why.starts_with("it is ");
  error.message = ours ? fmt::format("{}: {}", path, why)
                       : fmt::format("{} {}: {}", why == "is a directory" ? "read" : "open", path, why);
  error.context = doing;
  if (context.persona != Persona::vtoken) error.kind = ErrorKind::usage;
  return error;
}

class PolicyFmt final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check_count(arguments.size(), 1, 1, "1"); !checked) return tl::unexpected(checked.error());
    auto path = expand_home(context, std::string(trim_space(arguments.front())));
    if (!path) return tl::unexpected(path.error());
    const bool is_stream = *path == "-" && context.persona == Persona::vtoken;
    const auto text = read(context, *path, is_stream);
    if (!text) return tl::unexpected(worded(context, text.error(), *path, "Error reading source file"));
    const auto parsed = policy::parse_policy("", text->view());
    if (!parsed) {
      return tl::unexpected(refused(is_stream ? "" : *path, parsed.error(), "failed to parse policy"));
    }
    const auto formatted = policy::format_policy(text->view());
    if (!formatted) return tl::unexpected(refused(is_stream ? "" : *path, formatted.error(), "Error printing result"));
    if (context.persona == Persona::vtoken && !says_the_same(*parsed, *formatted)) {
      return tl::unexpected(refused(is_stream ? "" : *path, lost_meaning(), "Error printing result"));
    }
    if (is_stream) {
      context.streams.out << *formatted;
      return int{kDone};
    }
    if (text->view() != *formatted) {
      const auto written = rewrite_file(*path, *formatted);
      if (!written) return tl::unexpected(worded(context, written.error(), *path, "Error writing result"));
    }
    make_output(context).line(fmt::format("Success! Formatted policy: {}", *path));
    return int{kDone};
  }

 private:
  // As shells do, for the quoted paths that they leave alone.
  static Result<std::string> expand_home(const Context& context, std::string path) {
    if (!path.starts_with('~')) return path;
    if (path.size() > 1 && path[1] != '/') {
      return fail(ErrorKind::usage, "cannot expand user-specific home directory", "Failed to expand path");
    }
    const auto home = read_own_variable(context, "HOME");
    if (!home) return fail(ErrorKind::usage, "HOME is not set", "Failed to expand path");
    return home->value + path.substr(1);
  }

  static Result<SecretString> read(const Context& context, const std::string& path, bool is_stream) {
    // To the real commands "-" is a file.
    return read_secret_file(context, path == "-" && !is_stream ? "./-" : path);
  }

  // The usual form, which is the real command's to the byte, runs some comments into what stands behind them.
  static bool says_the_same(const policy::Policy& before, std::string_view formatted) {
    const auto after = policy::parse_policy("", formatted);
    return after && policy::same_rules(before, *after);
  }

  static Error lost_meaning() {
    return {ErrorKind::usage,
            "the usual form would not say the same any more; the policy is left as it is",
            {},
            "A comment in a place of its own is often why: put it on a line before the rule."};
  }

  static Error refused(const std::string& path, Error error, std::string_view doing) {
    error.kind = ErrorKind::usage;
    error.context = path.empty() ? std::string(doing) : fmt::format("{}: {}", doing, path);
    return error;
  }
};

}  // namespace

const CommandInfo kPolicyFmt{"policy fmt",
                             "Bring the file of a policy into its usual form",
                             "policy fmt FILE",
                             R"(Writes the file of a policy anew in its usual form: two spaces a level, equals
signs below each other, comments kept. A file that holds no policy is left
alone. As vtoken, - formats standard input to standard output. Nothing is asked.

      $ {program} policy fmt app.hcl
      $ vtoken policy read app | vtoken policy fmt -
)",
                             kNoFlags,
                             make_command<PolicyFmt>,
                             Values::file};

}  // namespace vtoken::cmd
