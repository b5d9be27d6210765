#include "store/audit_config.hpp"

#include <utility>

#include "store/schema.hpp"
#include "token/wire.hpp"

namespace vtoken::store {
namespace {

enum class Field : protozero::pbf_tag_type { file = 1, key = 2 };

std::string aad() { return row_aad("meta", kMetaAudit); }

std::optional<AuditConfig> decode(std::string_view bytes) {
  AuditConfig config;
  const auto fault = wire::each_field(bytes, 0, [&](wire::Reader& reader, std::size_t) -> std::optional<TokenFault> {
    switch (reader.tag_and_type()) {
      case wire::text_field(Field::file): config.file = wire::view(reader.get_view()); break;
      case wire::text_field(Field::key): {
        const auto key = wire::view(reader.get_view());
        config.key.assign(key.begin(), key.end());
        break;
      }
      default: reader.skip();
    }
    return std::nullopt;
  });
  if (fault || !config.file.starts_with('/') || config.key.size() != kKeySize) return std::nullopt;
  return config;
}

}  // namespace

AuditConfig new_audit_config(std::string file) {
  AuditConfig config{std::move(file), SecretBytes(kKeySize)};
  random_bytes(config.key);
  return config;
}

Result<std::optional<AuditConfig>> read_audit_config(Database& database, const Keyring& keyring) {
  auto sealed = find_meta(database, kMetaAudit);
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed) return std::nullopt;
  const auto plain = keyring.open(**sealed, aad());
  auto config = plain ? decode(as_text(*plain)) : std::nullopt;
  if (!config) {
    return fail(ErrorKind::damaged, "its audit configuration does not open: it was changed", database.path());
  }
  return config;
}

Result<void> write_audit_config(Database& database, const Keyring& keyring, const std::optional<AuditConfig>& config) {
  if (!config) return erase_meta(database, kMetaAudit);
  SecretString plain;
  wire::Writer writer(plain);
  writer.add_bytes(static_cast<protozero::pbf_tag_type>(Field::file), config->file);
  writer.add_bytes(static_cast<protozero::pbf_tag_type>(Field::key), wire::view(as_text(config->key)));
  const SecretBytes sealed = keyring.seal(plain.view(), aad());
  return write_meta(database, kMetaAudit, as_text(sealed));
}

}  // namespace vtoken::store
