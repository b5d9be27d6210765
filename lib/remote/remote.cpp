#include "remote/remote.hpp"

#include <string>
#include <utility>
#include <vector>

#include "remote/server.hpp"
#include "remote/srv.hpp"

namespace vtoken::remote {
namespace {

// The servers that DNS names for an address without a port, in their order; the address itself when there are none, as
// for the real command. It asks the first only.
void append_located(const Address& address, std::vector<Address>& to) {
  const auto servers = srv_lookup(address.host);
  if (!servers || servers->empty()) return to.push_back(address);
  for (const HostPort& server : *servers) {
    Address located = address;
    located.host = server.host;
    located.port = std::to_string(server.port);
    located.has_port = true;
    located.announced = address.host;
    to.push_back(std::move(located));
  }
}

}  // namespace

Result<std::unique_ptr<Backend>> open(Settings settings) {
  std::vector<Address> addresses;
  bool tls = false;
  for (const std::string& text : settings.addresses) {
    auto address = parse_address(text);
    if (!address) return tl::unexpected(address.error());
    tls = tls || address->scheme == "https";
    const bool located = settings.srv_lookup && address->scheme != "unix" && !address->has_port;
    located ? append_located(*address, addresses) : addresses.push_back(std::move(*address));
  }
  if (addresses.empty()) return fail(ErrorKind::usage, "no server's address was given");
  auto trust = Trust::load(settings.tls);
  if (!trust) return tl::unexpected(trust.error());
  auto api = load_curl(tls);
  if (!api) return tl::unexpected(api.error());
  return std::make_unique<Server>(Plan{*api, std::move(settings), std::move(addresses), std::move(*trust)});
}

}  // namespace vtoken::remote
