#include "cmd/store_command.hpp"

#include <fmt/format.h>

#include "cmd/command.hpp"
#include "cmd/passphrase.hpp"
#include "cmd/session.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {

Result<Target> store_target(const Context& context) {
  auto target = resolve_target(context);
  if (!target || target->kind == Target::Kind::store) return target;
  return fail(ErrorKind::usage,
              fmt::format("{} names a server: store commands need a local store, such as -store=PATH", target->source));
}

Result<store::StoreFile> open_store(const Context& context) {
  auto target = store_target(context);
  if (!target) return tl::unexpected(target.error());
  if (auto complete = complete_unlock(context, *target); !complete) return tl::unexpected(complete.error());
  return store::StoreFile::open(target->path, target->unlock);
}

Result<void> expect_arguments(const std::vector<std::string>& arguments, std::size_t count) {
  if (arguments.size() == count) return {};
  return fail(ErrorKind::usage,
              fmt::format("{} arguments (expected {}, got {})", arguments.size() < count ? "Not enough" : "Too many",
                          count, arguments.size()));
}

int show_object(const Context& context, const Json& object) {
  Output output = make_output(context);
  return context.common.field ? output.field(object, *context.common.field) : output.data(object);
}

std::string_view lock_name(store::LockKind kind) {
  return kind == store::LockKind::passphrase ? "passphrase" : "key file";
}

}  // namespace vtoken::cmd
