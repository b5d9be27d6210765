// sys/audit-hash.
//
// Source of the rules: openbao vault/logical_system.go (handleAuditHash).
#include <fmt/format.h>

#include "core/json.hpp"
#include "store/audit_config.hpp"
#include "store/audit_hash.hpp"
#include "store/call.hpp"

namespace vtoken::store {

Result<Response> handle_audit_hash(Call& call) {
  Fields fields(call.body, "Field validation failed: ");
  const auto input = fields.text("input").value_or(SecretString());
  fields.know("path");
  if (fields.failure()) return reply_error(400, *fields.failure());
  if (input.empty()) return reply_error(400, "the \"input\" parameter is empty");
  std::string device(call.argument);
  if (!device.ends_with('/')) device += '/';
  const auto config = read_audit_config(call.database, call.keyring);
  if (!config) return tl::unexpected(config.error());
  // A store has one device, of the name that one has by default.
  if (!*config || device != "file/") return reply_error(400, fmt::format("unknown audit backend \"{}\"", device));
  Json data = Json::object();
  data["hash"] = AuditHash(KeyView((*config)->key.data(), kKeySize))(input.view());
  Warnings warnings;
  warn_unknown(fields.unknown(), warnings);
  return reply_data(data, warnings);
}

}  // namespace vtoken::store
