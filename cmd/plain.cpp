#include "cmd/plain.hpp"

#include <fmt/format.h>

#include "cmd/args.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

Result<std::string> sanitized(std::string_view path) {
  path = trimmed(path);
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return fail(ErrorKind::usage, "the path is empty");
  return std::string(path);
}

bool is_missing(const ApiFailure& failure) { return failure.status == 404; }

int missing(Session& session, const std::string& path) {
  session.output.error(fmt::format("No value found at {}", path));
  return session.context.common.exit_codes == "detailed" ? kNotFound : kFailed;
}

bool is_wrapped(const Answer& answer) { return answer.wrap_info && answer.wrap_info->ttl != 0; }

bool has_content(const Answer& answer) { return answer.data != nullptr || answer.auth || answer.wrap_info; }

// The answer to a write or a delete: usually nothing, sometimes only warnings.
int show_done(Session& session, const Answer& answer, const std::string& text) {
  if (has_content(answer)) return session.show(answer);
  const bool warned = answer.warnings && !answer.warnings->empty();
  if (session.output.format() != Format::table) return warned ? session.output.answer(answer) : int{kDone};
  if (warned) session.output.warnings(*answer.warnings);
  session.output.line(text);
  return kDone;
}

}  // namespace

Result<void> check_count(std::size_t count, std::size_t least, std::size_t most, std::string_view expected) {
  if (count >= least && count <= most) return {};
  return fail(ErrorKind::usage, fmt::format("{} arguments (expected {}, got {})",
                                            count < least ? "Not enough" : "Too many", expected, count));
}

Result<int> list_path(const Context& context, std::string_view at) {
  const auto path = sanitized(at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error listing {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  Output& output = (*session)->output;
  KeyList keys;
  const auto envelope = (*session)->client.list_keys(*path, [&keys](std::string_view key) {
    keys.add(key);
    return true;
  });
  const bool table = output.format() == Format::table;
  if (!envelope && !is_missing(envelope.error())) return (*session)->failed(doing, envelope.error());
  if (envelope && is_wrapped(*envelope)) return output.answer(*envelope);
  if (!keys.empty() && envelope) return output.keys(keys, *envelope);
  if (!table) static_cast<void>(output.data(Json::object()));
  if (!envelope) return table ? missing(**session, *path) : int{kFailed};
  if (table && envelope->data == nullptr) {
    const int shown = output.answer(*envelope);
    if (shown != kDone) return shown;
  }
  if (table) output.error(fmt::format("No entries found at {}", *path));
  return int{kFailed};
}

Result<int> read_path(const Context& context, std::string_view at) {
  const auto path = sanitized(at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error reading {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  const auto answer = (*session)->client.read(*path);
  if (answer) return (*session)->show(*answer);
  if (is_missing(answer.error())) return missing(**session, *path);
  return (*session)->failed(doing, answer.error());
}

Result<int> write_path(const Context& context, std::string_view at, const Json& data) {
  const auto path = sanitized(at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error writing data to {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  const auto answer = (*session)->client.write(*path, data);
  if (!answer) return (*session)->failed(doing, answer.error());
  return show_done(**session, *answer, fmt::format("Success! Data written to: {}", *path));
}

Result<int> delete_path(const Context& context, std::string_view at) {
  const auto path = sanitized(at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error deleting {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  const auto answer = (*session)->client.remove(*path);
  if (!answer) return (*session)->failed(doing, answer.error());
  return show_done(**session, *answer, fmt::format("Success! Data deleted (if it existed) at: {}", *path));
}

}  // namespace vtoken::cmd
