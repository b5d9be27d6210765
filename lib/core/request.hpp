// What is asked of a back end and what it answers, at the level of Vault's HTTP API without the "/v1/".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace vtoken {

/// How a path is asked. `list` is HTTP's LIST (or GET with ?list=true). `put` and `post` mean the same to every server;
/// both are kept because the real command sends one or the other and prints which.
enum class Method { get, list, post, put, del };

/// "GET", "LIST", "POST", "PUT" or "DELETE".
[[nodiscard]] std::string_view method_name(Method method) noexcept;

/// How Go begins the text of a failed request: "Get", also for a list, "Post", "Put" or "Delete".
[[nodiscard]] std::string_view operation_name(Method method) noexcept;

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::get;
  std::string path;                   ///< such as "auth/token/create"; no leading slash, no query; not yet escaped
  SecretString body = {};             ///< JSON text, or empty for none
  SecretString token = {};            ///< the caller's token; empty for none
  std::string namespace_path = {};    ///< such as "team-a"; empty for the root namespace
  std::string wrap_ttl = {};          ///< seconds or a duration; empty for no wrapping
  std::vector<std::string> mfa = {};  ///< one credential each
  bool policy_override = false;
  std::vector<Header> headers = {};                             ///< further headers, sent as given
  std::vector<std::pair<std::string, std::string>> query = {};  ///< of reads and deletes; not yet escaped
  int timeout = 0;  ///< seconds that it may take; 0: as the back end was opened. Servers only
};

/// Whether it may be sent again at will: reads, lists, and questions that are sent as writes because what they ask
/// about must not stand in a path (auth/token/lookup, sys/capabilities and their like).
[[nodiscard]] bool changes_nothing(const Request& request) noexcept;

/// The value of the first header of that name, whatever its case; empty when there is none. Borrowed from `headers`.
[[nodiscard]] std::string_view find_header(const std::vector<Header>& headers, std::string_view name) noexcept;

/// Whether a status is one of those that say yes.
[[nodiscard]] constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }

/// An answer, whatever its status. `body` is what a server sends: JSON text, or empty with a 204.
struct Response {
  int status = 200;
  SecretString body = {};
  std::vector<Header> headers = {};
};

}  // namespace vtoken
