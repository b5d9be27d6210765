// Typed calls over any back end: what Vault's own client library offers for tokens, roles and plain paths.
//
//   TokenClient client(backend, {.token = "hvs.…"});
//   auto answer = client.create({.policies = {"app"}, .ttl = 3600 * kSecond});
//   if (!answer) { /* answer.error(): what was asked, the status and the server's own words */ }
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/answer.hpp"
#include "core/backend.hpp"
#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken {

/// Why a call brought nothing: what was asked, and what came back. Holds no secret of ours; `texts` are the server's
/// words.
struct ApiFailure {
  Error error;                          ///< kind, and one line that says it all
  Method method = Method::get;          ///< what was asked …
  std::string path = {};                ///< … as in Request::path
  int status = 0;                       ///< 0: no answer (see `error`) or one that could not be read
  std::vector<std::string> texts = {};  ///< the server's "errors", in its order; may be empty
  bool raw = false;                     ///< the answer was not JSON: `texts` holds its body as it came
  std::string namespace_path = {};      ///< as the answer's X-Vault-Namespace says; usually empty
  std::vector<std::pair<std::string, std::string>> query = {};  ///< as in Request::query
  std::int64_t retry_after = 0;             ///< seconds that the server asks to wait; 0 when it does not
  std::shared_ptr<const Answer> rest = {};  ///< data or warnings that came with a 404; usually null
};

template <class T>
using ApiResult = tl::expected<T, ApiFailure>;

/// What goes into a request's body.
enum class BodyStyle {
  as_vault,   ///< every member that the real command sends, byte for byte, such as "ttl":"0s" and "type":"service"
  only_given  ///< only what the caller set
};

/// Who asks, and how. Copied into every request.
struct CallOptions {
  SecretString token = {};          ///< empty: none is sent
  std::string namespace_path = {};  ///< such as "team-a"; empty for the root namespace
  std::string wrap_ttl = {};        ///< such as "1m0s"; empty for no wrapping
  std::vector<std::string> mfa = {};
  bool policy_override = false;
  std::vector<Header> headers = {};
  BodyStyle style = BodyStyle::only_given;
  int timeout = 0;  ///< seconds that each request may take, as Request::timeout; 0: as the back end was opened
};

/// A token to make. An empty optional was not given: the server decides.
struct CreateOptions {
  std::optional<SecretString> id = {};
  std::string role = {};  ///< not empty: asks auth/token/create/ROLE
  std::vector<std::string> policies = {};
  std::map<std::string, std::string> meta = {};
  std::optional<Nanoseconds> ttl = {};
  std::optional<Nanoseconds> explicit_max_ttl = {};
  std::optional<Nanoseconds> period = {};
  std::optional<bool> orphan = {};
  bool no_default_policy = false;
  std::optional<std::string> display_name = {};
  std::optional<std::int64_t> num_uses = {};
  std::optional<bool> renewable = {};    ///< as_vault: true unless set, and always false for type "batch"
  std::optional<std::string> type = {};  ///< "service" or "batch"; as_vault: "service" unless set
  std::optional<std::string> entity_alias = {};
};

/// Takes one key of a list; it is borrowed for the call. False stops the transfer, which is no failure.
using KeySink = std::function<bool(std::string_view key)>;

/// Calls over a back end. Like the back end not safe for use from several threads at once. Failures: see ApiFailure;
/// `Answer` is what came back, empty after a 204. No call retries: RetryingBackend does.
class TokenClient {
 public:
  /// Borrows `backend`, which must outlive the client.
  TokenClient(Backend& backend, CallOptions options);

  /// Who asks, and how: may be changed between calls.
  [[nodiscard]] CallOptions& options() noexcept { return options_; }
  [[nodiscard]] const CallOptions& options() const noexcept { return options_; }
  [[nodiscard]] Backend& backend() noexcept { return *backend_; }

  [[nodiscard]] ApiResult<Answer> create(const CreateOptions& create);

  [[nodiscard]] ApiResult<Answer> lookup_self();
  [[nodiscard]] ApiResult<Answer> lookup(std::string_view token);
  [[nodiscard]] ApiResult<Answer> lookup_accessor(std::string_view accessor);

  /// `increment`: the wish for the remaining life; cut to whole seconds. Nothing: the server's default.
  [[nodiscard]] ApiResult<Answer> renew_self(std::optional<Nanoseconds> increment = {});
  [[nodiscard]] ApiResult<Answer> renew(std::string_view token, std::optional<Nanoseconds> increment = {});
  [[nodiscard]] ApiResult<Answer> renew_accessor(std::string_view accessor, std::optional<Nanoseconds> increment = {});

  [[nodiscard]] ApiResult<Answer> revoke_self();
  [[nodiscard]] ApiResult<Answer> revoke(std::string_view token);
  [[nodiscard]] ApiResult<Answer> revoke_orphan(std::string_view token);  ///< its children live on, as orphans
  [[nodiscard]] ApiResult<Answer> revoke_accessor(std::string_view accessor);
  [[nodiscard]] ApiResult<Answer> revoke_prefix(std::string_view path);  ///< all that was issued under a path

  [[nodiscard]] ApiResult<Answer> list_roles();
  [[nodiscard]] ApiResult<Answer> read_role(std::string_view role);
  /// `fields`: a JSON object, sent as it is. `read_role` fails with not_found when there is no such role.
  [[nodiscard]] ApiResult<Answer> write_role(std::string_view role, const Json& fields);
  [[nodiscard]] ApiResult<Answer> delete_role(std::string_view role);

  /// What a token may do on paths: the answer's `data` holds a list of names for each, see capabilities_on(). In the
  /// style as_vault `paths` is one path.
  [[nodiscard]] ApiResult<Answer> capabilities_self(const std::vector<std::string>& paths);
  [[nodiscard]] ApiResult<Answer> capabilities(std::string_view token, const std::vector<std::string>& paths);
  [[nodiscard]] ApiResult<Answer> capabilities_accessor(std::string_view accessor,
                                                        const std::vector<std::string>& paths);

  [[nodiscard]] ApiResult<Answer> list_policies();
  [[nodiscard]] ApiResult<Answer> read_policy(std::string_view name);
  [[nodiscard]] ApiResult<Answer> write_policy(std::string_view name, std::string_view rules);
  [[nodiscard]] ApiResult<Answer> delete_policy(std::string_view name);

  /// The answer that waits behind a wrapping token, which works once. It is the caller's own when it is empty; when the
  /// caller has none, it asks for itself. An answer without a body: there was nothing in it. Falls back to
  /// cubbyhole/response on servers that know no unwrapping.
  [[nodiscard]] ApiResult<Answer> unwrap(std::string_view wrapping_token);

  /// All accessors, one by one, in the server's order: memory does not grow with their number.
  /// Returns the answer without the keys (warnings, wrap_info).
  [[nodiscard]] ApiResult<Answer> list_accessors(const KeySink& sink);
  /// The same for any path that is listed. `timeout` is as Request::timeout.
  [[nodiscard]] ApiResult<Answer> list_keys(std::string_view path, const KeySink& sink, int timeout = 0);

  /// Any path, as `vault list|read|write|delete` ask. The path is sent without slashes around it.
  [[nodiscard]] ApiResult<Answer> list(std::string_view path);
  [[nodiscard]] ApiResult<Answer> read(std::string_view path);
  [[nodiscard]] ApiResult<Answer> write(std::string_view path, const Json& data);
  [[nodiscard]] ApiResult<Answer> remove(std::string_view path);

  /// Any request; what it lacks (token, namespace, wrapping, headers) is filled in from options().
  [[nodiscard]] ApiResult<Answer> ask(Request request);

  /// The requests that the calls above send, without sending them: for Backend::submit and for printing.
  [[nodiscard]] Request create_request(const CreateOptions& create) const;
  [[nodiscard]] Request token_request(Method method, std::string_view endpoint, std::string_view token) const;
  [[nodiscard]] Request accessor_request(std::string_view endpoint, std::string_view accessor) const;
  /// Fills in token, namespace, wrapping and headers from options().
  [[nodiscard]] Request complete(Request request) const;

 private:
  [[nodiscard]] ApiResult<Answer> send(const Request& whole);

  Backend* backend_;
  CallOptions options_;
};

/// The names that the answer to a question about `path` alone or several paths gives for it; nothing when it gives
/// none. Fails (damaged) when they are not a list of strings.
[[nodiscard]] Result<std::optional<std::vector<std::string>>> capabilities_on(const Answer& answer,
                                                                              const std::string& path);

/// Reads the answer to `request`: an Answer, or a failure that says which request failed. For the sinks of submit.
[[nodiscard]] ApiResult<Answer> read_api_answer(const Request& request, const Result<Response>& response);

}  // namespace vtoken
