#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/creation.hpp"
#include "store/go_text.hpp"

namespace vtoken::store {
namespace {

std::string plain(const std::optional<SecretString>& text) { return text ? std::string(text->view()) : std::string(); }

// Lengths of time are text to this endpoint: their errors are not those of a typed field.
Result<Nanoseconds> read_length(const std::string& text, const char* name) {
  const auto length = parse_duration(text);
  if (!length) return fail(ErrorKind::refused, duration_fault(text));
  if (*length < 0) return fail(ErrorKind::refused, std::string(name) + " must be positive");
  return *length;
}

}  // namespace

Result<CreateBody> read_create_body(const Json& json, std::vector<std::string>& unknown) {
  Fields fields(json, "Field validation failed: ");
  CreateBody body;
  body.display_name = plain(fields.text("display_name"));
  body.entity_alias = plain(fields.text("entity_alias"));
  body.id = fields.text("id").value_or(SecretString());
  body.type = plain(fields.text("type"));
  body.policies = fields.strings("policies").value_or(std::vector<std::string>());
  body.meta = fields.pairs("meta");
  // The documents' name for it. Servers drop it and only warn.
  if (auto metadata = fields.pairs("metadata"); metadata && !body.meta) body.meta = std::move(metadata);
  body.num_uses = fields.integer("num_uses").value_or(0);
  body.renewable = fields.boolean("renewable").value_or(true);
  body.no_default_policy = fields.boolean("no_default_policy").value_or(false);
  body.no_parent = fields.boolean("no_parent").value_or(false);
  body.ttl = plain(fields.text("ttl"));
  body.lease = plain(fields.text("lease"));
  body.explicit_max_ttl = plain(fields.text("explicit_max_ttl"));
  body.period = plain(fields.text("period"));
  if (fields.failure()) return fail(ErrorKind::refused, *fields.failure());
  unknown = fields.unknown();
  return body;
}

Result<CreateLengths> read_create_lengths(const CreateBody& body, bool sudo) {
  const auto explicit_max_ttl = read_length(body.explicit_max_ttl, "explicit_max_ttl");
  if (!explicit_max_ttl) return tl::unexpected(explicit_max_ttl.error());
  const auto period = read_length(body.period, "period");
  if (!period) return tl::unexpected(period.error());
  if (*period != 0 && !sudo)
    return fail(ErrorKind::refused, "root or sudo privileges required to create periodic token");
  const auto ttl = body.ttl.empty() ? read_length(body.lease, "lease") : read_length(body.ttl, "ttl");
  if (!ttl) return tl::unexpected(ttl.error());
  return CreateLengths{*ttl, *explicit_max_ttl, *period};
}

}  // namespace vtoken::store
