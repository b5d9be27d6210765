#include "remote/remote.hpp"

#include <utility>

#include "remote/server.hpp"

namespace vtoken::remote {

Result<std::unique_ptr<Backend>> open(Settings settings) {
  std::vector<Address> addresses;
  bool tls = false;
  for (const std::string& text : settings.addresses) {
    auto address = parse_address(text);
    if (!address) return tl::unexpected(address.error());
    tls = tls || address->scheme == "https";
    addresses.push_back(std::move(*address));
  }
  if (addresses.empty()) return fail(ErrorKind::usage, "no server's address was given");
  auto trust = Trust::load(settings.tls);
  if (!trust) return tl::unexpected(trust.error());
  auto api = load_curl(tls);
  if (!api) return tl::unexpected(api.error());
  return std::make_unique<Server>(Plan{*api, std::move(settings), std::move(addresses), std::move(*trust)});
}

}  // namespace vtoken::remote
