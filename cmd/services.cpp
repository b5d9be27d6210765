#include "cmd/services.hpp"

#include "cmd/target.hpp"
#include "store/store.hpp"

namespace vtoken::cmd {

Services system_services(const Clock& clock) {
  const auto open = [&clock](const Target& target) -> Result<std::unique_ptr<Backend>> {
    if (target.kind == Target::Kind::store) return store::open({target.path, target.unlock}, clock);
    return fail(ErrorKind::unreachable,
                "servers over HTTP are not built in yet; a local store is: VAULT_ADDR=file:///PATH, or -store=PATH",
                target.address);
  };
  return Services{clock, open, {}};
}

}  // namespace vtoken::cmd
