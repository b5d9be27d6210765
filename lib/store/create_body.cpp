#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/creation.hpp"

namespace vtoken::store {
namespace {

std::string plain(const std::optional<SecretString>& text) { return text ? std::string(text->view()) : std::string(); }

// Lengths of time are text to this endpoint: their errors are not those of a typed field.
Result<std::optional<Nanoseconds>> read_length(Fields& fields, std::string_view name, std::string_view negative) {
  const auto text = fields.text(name);
  if (!text || text->empty()) return std::nullopt;
  const auto length = parse_duration(text->view());
  if (!length) return fail(ErrorKind::refused, duration_fault(text->view()));
  if (*length < 0) return fail(ErrorKind::refused, std::string(negative));
  return *length;
}

Result<void> read_lengths(Fields& fields, CreateBody& body) {
  const auto explicit_max_ttl = read_length(fields, "explicit_max_ttl", "explicit_max_ttl must be positive");
  if (!explicit_max_ttl) return tl::unexpected(explicit_max_ttl.error());
  const auto period = read_length(fields, "period", "period must be positive");
  if (!period) return tl::unexpected(period.error());
  auto ttl = read_length(fields, "ttl", "ttl must be positive");
  if (!ttl) return tl::unexpected(ttl.error());
  const auto lease = read_length(fields, "lease", "lease must be positive");
  if (!lease) return tl::unexpected(lease.error());
  body.explicit_max_ttl = *explicit_max_ttl;
  body.period = *period;
  body.ttl = *ttl ? *ttl : *lease;
  return {};
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
  const auto lengths = read_lengths(fields, body);
  if (fields.failure()) return fail(ErrorKind::refused, *fields.failure());
  if (!lengths) return tl::unexpected(lengths.error());
  unknown = fields.unknown();
  return body;
}

}  // namespace vtoken::store
