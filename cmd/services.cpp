#include "cmd/services.hpp"

#include "cmd/target.hpp"
#include "remote/remote.hpp"
#include "store/store.hpp"

namespace vtoken::cmd {

Services system_services(const Clock& clock) {
  const auto open = [&clock](const Target& target) -> Result<std::unique_ptr<Backend>> {
    if (target.kind == Target::Kind::store) return store::open({target.path, target.unlock}, clock);
    remote::Settings settings = target.server;
    if (settings.addresses.empty()) settings.addresses = {target.address};
    return remote::open(std::move(settings));
  };
  return Services{clock, open, {}, {}};
}

}  // namespace vtoken::cmd
