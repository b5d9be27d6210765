#include "remote/redirect.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vtoken::remote {
namespace {

tl::unexpected<Error> refuse(std::string message, std::string advice = {}) {
  return tl::unexpected(Error{ErrorKind::server, std::move(message), {}, std::move(advice)});
}

// Another port of a host that is known is another listener of the same machine.
bool is_known(const Address& to, const Place& from, const std::vector<Address>& known) {
  const auto same = [&](const Address& each) { return each.host == to.host && each.scheme != "unix"; };
  return same(from.address) || std::any_of(known.begin(), known.end(), same);
}

}  // namespace

std::string Place::url() const {
  if (address.scheme != "unix") return address.origin() + target;
  std::string host;  // Go takes the socket's path for the host, and escapes it
  for (const char c : address.path) c == '/' ? host += "%2F" : host += c;
  return fmt::format("http://{}{}", host, target);
}

bool is_redirect(int status) noexcept { return status == 301 || status == 302 || status == 307; }

Result<Place> follow(const Place& from, std::string_view location, const std::vector<Address>& known) {
  if (location.empty()) return refuse("the server redirects, but does not say where to (no Location header)");
  // Nothing that would have to be escaped: not in a request, and not where it is shown.
  if (!std::all_of(location.begin(), location.end(), [](char c) { return c > ' ' && c < '\x7F'; }))
    return refuse("the server redirects to something that is no address");
  location = location.substr(0, location.find('#'));
  const bool relative = location.starts_with('/') && !location.starts_with("//");
  if (relative) return Place{from.address, std::string(location)};
  const auto scheme_end = location.find("://");
  const auto path = scheme_end == std::string_view::npos ? scheme_end : location.find_first_of("/?", scheme_end + 3);
  auto address = parse_address(location.substr(0, path));
  if (!address || address->scheme == "unix") return refuse("the server redirects to something that is no address");
  if (from.address.scheme == "https" && address->scheme != "https")
    return refuse("redirect would cause protocol downgrade",
                  "The server sends from https to http: that is not followed.");
  if (!is_known(*address, from, known)) {
    const std::string origin = address->origin();
    return refuse(fmt::format("the server redirects to another host, {}, which was not given the token", origin),
                  fmt::format("If that server is yours, name it too: VAULT_ADDR={}", origin));
  }
  address->path.clear();
  std::string target(path == std::string_view::npos ? "/" : location.substr(path));
  if (target.front() != '/') target.insert(0, 1, '/');
  return Place{std::move(*address), std::move(target)};
}

}  // namespace vtoken::remote
