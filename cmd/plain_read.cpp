// `list`, `read` and `delete` of any path.
#include <fmt/format.h>

#include <ostream>

#include "cmd/key_values.hpp"
#include "cmd/plain.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

bool is_missing(const ApiFailure& failure) { return failure.status == 404; }

int missing(Session& session, const std::string& path) {
  return session.not_found(fmt::format("No value found at {}", path));
}

bool is_wrapped(const Answer& answer) { return answer.wrap_info && answer.wrap_info->ttl != 0; }

bool has_keys(const Answer& answer) {
  const Json* keys = answer.data == nullptr ? nullptr : find_member(*answer.data, "keys");
  return keys != nullptr && keys->is_array();
}

// Shows what a list brought. `keys` are those that are not in the answer's data because they were streamed.
int show_list(Session& session, const std::string& path, const KeyList& keys, const Answer& answer) {
  Output& output = session.output;
  if (is_wrapped(answer)) return session.show(answer);
  if (has_keys(answer)) return output.options().detailed ? output.list(answer) : output.keys(keys, answer);
  if (output.format() != Format::table) {
    if (output.format() != Format::ndjson) static_cast<void>(output.data(Json::object()));
    return session.context.persona == Persona::vtoken ? missing(session, path) : int{kFailed};
  }
  if (!answer.has_body) return missing(session, path);
  // Warnings at least, or there would be no answer.
  if (answer.data == nullptr) return session.show(answer);
  output.error(fmt::format("No entries found at {}", path));
  return kFailed;
}

// The body as it came.
int show_raw(Session& session, const Request& request, const std::string& path) {
  const Request whole = session.client.complete(request);
  const auto response = session.backend->handle(whole);
  const auto answer = read_api_answer(whole, response);
  if (!answer) return session.failed(fmt::format("Error reading: {}", path), answer.error());
  session.output.line(response->body.view());
  return kDone;
}

}  // namespace

Result<int> list_path(const Context& context, std::string_view at, int timeout) {
  const auto path = plain_path(context, at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error listing {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  TokenClient& client = (*session)->client;
  KeyList keys;
  const auto take = [&keys](std::string_view key) {
    keys.add(key);
    return true;
  };
  const auto answer = context.common.detailed ? client.list(*path) : client.list_keys(*path, take, timeout);
  if (answer) return show_list(**session, *path, keys, *answer);
  if (!is_missing(answer.error())) return (*session)->failed(doing, answer.error());
  return show_list(**session, *path, keys, answer.error().rest == nullptr ? Answer{} : *answer.error().rest);
}

Result<int> read_path(const Context& context, std::string_view at, const std::vector<std::string>& words) {
  const auto path = plain_path(context, at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error reading {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  auto query = read_query(context, words, "Failed to parse K=V data");
  if (!query) return tl::unexpected(query.error());
  Request request{Method::get, *path};
  request.query = std::move(*query);
  if (context.format == Format::raw) return show_raw(**session, request, *path);
  const auto answer = (*session)->client.ask(std::move(request));
  if (!answer && !is_missing(answer.error())) return (*session)->failed(doing, answer.error());
  if (!answer && answer.error().rest != nullptr) return (*session)->show(*answer.error().rest);
  return answer && answer->has_body ? (*session)->show(*answer) : missing(**session, *path);
}

Result<int> delete_path(const Context& context, std::string_view at, const std::vector<std::string>& words) {
  const auto path = plain_path(context, at);
  if (!path) return tl::unexpected(path.error());
  const std::string doing = fmt::format("Error deleting {}", *path);
  auto session = connect(context, doing);
  if (!session) return tl::unexpected(session.error());
  auto query = read_query(context, words, "Failed to parse string list data");
  if (!query) return tl::unexpected(query.error());
  Request request{Method::del, *path};
  request.query = std::move(*query);
  const auto answer = (*session)->client.ask(std::move(request));
  if (!answer) return failed_with_rest(**session, doing, answer.error());
  return show_done(**session, *answer, fmt::format("Success! Data deleted (if it existed) at: {}", *path));
}

}  // namespace vtoken::cmd
