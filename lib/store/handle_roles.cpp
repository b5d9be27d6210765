// auth/token/roles and auth/token/roles/NAME.
#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"

namespace vtoken::store {

Result<Existing> role_exists(Call& call) {
  Fields fields(call.body, "");
  if (const auto checked = check_role_types(fields); !checked) {
    return Existing{false, reply_error(400, checked.error().message)};
  }
  const auto role = call.roles.read(call.argument);
  if (!role) return tl::unexpected(role.error());
  return Existing{role->has_value()};
}

Result<Response> handle_list_roles(Call& call) {
  const auto names = call.roles.names();
  if (!names) return tl::unexpected(names.error());
  if (names->empty()) return reply_absent();
  const Json data = {{"keys", names_data(*names)}};
  return reply_data(data);
}

Result<Response> handle_read_role(Call& call) {
  const auto role = call.roles.read(call.argument);
  if (!role) return tl::unexpected(role.error());
  if (!*role) return reply_absent();
  const Json data = role_data(**role);
  return reply_data(data);
}

Result<Response> handle_write_role(Call& call) {
  if (!call.may_write) return call.needs_write();
  auto kept = call.roles.read(call.argument);
  if (!kept) return tl::unexpected(kept.error());
  Role role = *kept ? **kept : Role{};
  role.name = std::string(call.argument);
  Fields fields(call.body, "");
  fields.know("role_name");
  Warnings warnings;
  if (const auto updated = update_role(role, fields, warnings); !updated)
    return reply_error(400, updated.error().message);
  if (const auto written = call.roles.write(role); !written) return tl::unexpected(written.error());
  call.changed = true;
  // Servers drop what they do not know without a word when they have nothing else to say; this store says it.
  warn_unknown(fields.unknown(), warnings);
  return reply_done(warnings);
}

Result<Response> handle_delete_role(Call& call) {
  if (!call.may_write) return call.needs_write();
  if (const auto erased = call.roles.erase(call.argument); !erased) return tl::unexpected(erased.error());
  call.changed = true;
  return reply_done();
}

}  // namespace vtoken::store
