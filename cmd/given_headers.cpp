#include "cmd/given_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "cmd/args.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kOurs = "X-Vault-";

bool is_name(std::string_view name) {
  static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<std::vector<Header>> given_headers(const Context& context, bool with_token) {
  const bool ours = context.persona == Persona::vtoken;
  std::vector<Header> headers;
  for (const auto& [name, value] : context.common.headers) {
    const std::string small = lower(name);
    if (name.starts_with(kOurs) || (ours && small.starts_with(lower(kOurs)))) {
      return fail(ErrorKind::server, fmt::format("failed to setup Headers[{}]: Header starting by 'X-Vault-' are for "
                                                 "internal usage only",
                                                 name));
    }
    if (!is_name(name)) {
      return fail(ErrorKind::server, fmt::format("-header: invalid header field name {}", go_quoted(name)));
    }
    if (with_token && small == "x-vault-token") continue;
    headers.push_back(Header{name, value});
  }
  return headers;
}

}  // namespace vtoken::cmd
