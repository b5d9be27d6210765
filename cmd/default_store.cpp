#include "cmd/default_store.hpp"

namespace vtoken::cmd {

Result<void> make_default_store(const Context& context, const Target& target) {
  static_cast<void>(context);
  return fail(ErrorKind::internal, "stores cannot be made yet", target.path);
}

}  // namespace vtoken::cmd
