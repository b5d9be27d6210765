#include "cmd/plain.hpp"

#include <fmt/format.h>

#include "cmd/output_go.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken::cmd {
namespace {

bool is_role(std::string_view path) {
  constexpr std::string_view kRoles = "auth/token/roles/";
  return path.starts_with(kRoles) && path.find('/', kRoles.size()) == std::string_view::npos;
}

// What became of a role's parameters: read back where that is allowed, or else what servers are known to do.
void tell_of_role(Session& session, const std::string& path, const Json& given, const Answer& written) {
  if (session.may_look()) {
    session.client.options().wrap_ttl.clear();
    const auto kept = session.client.read(path);
    if (kept && kept->data != nullptr) {
      session.tell(role_surprises(given, *kept->data, written.warnings.value_or(Lines())));
      return;
    }
  }
  if (session.target.kind == Target::Kind::remote) session.tell(ignored_role_parameters(given));
}

}  // namespace

Result<std::string> plain_path(const Context& context, std::string_view path) {
  path = trim_space(path);
  while (path.starts_with('/')) path.remove_prefix(1);
  path = trim_space(path);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() && context.persona == Persona::vtoken) return fail(ErrorKind::usage, "the path is empty");
  return std::string(path);
}

int show_done(Session& session, const Answer& answer, const std::string& text) {
  const bool has_content = answer.data != nullptr || answer.auth || answer.wrap_info;
  const bool real = session.context.persona != Persona::vtoken;
  if (has_content || (real && answer.has_body)) return session.show(answer);
  const bool warned = answer.warnings && !answer.warnings->empty();
  if (session.output.format() != Format::table) return warned ? session.output.answer(answer) : int{kDone};
  if (warned) session.output.warnings(*answer.warnings);
  session.warned = session.warned || warned;
  session.output.line(text);
  return kDone;
}

int failed_with_rest(Session& session, std::string_view doing, const ApiFailure& failure) {
  const int status = session.failed(doing, failure);
  if (failure.rest != nullptr) static_cast<void>(session.output.answer(*failure.rest));
  return status;
}

Result<void> check_count(std::size_t count, std::size_t least, std::size_t most, std::string_view expected) {
  if (count >= least && count <= most) return {};
  return fail(ErrorKind::usage, fmt::format("{} arguments (expected {}, got {})",
                                            count < least ? "Not enough" : "Too many", expected, count));
}

Result<int> write_path(const Context& context, std::string_view at, const Json& data) {
  const auto path = plain_path(context, at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error writing data to {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  const auto answer = (*session)->client.write(*path, data);
  if (!answer) return failed_with_rest(**session, doing, answer.error());
  const int shown = show_done(**session, *answer, fmt::format("Success! Data written to: {}", *path));
  if (is_role(*path)) tell_of_role(**session, *path, data, *answer);
  return worse(shown, (*session)->settled());
}

}  // namespace vtoken::cmd
