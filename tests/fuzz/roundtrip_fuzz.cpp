// Tokens of every kind, made from the input and read again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "token/base62.hpp"
#include "token/decode.hpp"
#include "token/mint.hpp"

namespace {

using namespace vtoken;
using fuzz::require;

// Takes settings from the front of the input; zeros and nothing when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const char byte : take(bytes)) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
  }

  std::string text() { return std::string(take(number(1))); }

  // Characters of ids only.
  std::string id() {
    std::string id = text();
    std::erase_if(id, [](char c) { return !is_base62(c); });
    return id;
  }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

BatchEntry entry_of(Input& input) {
  BatchEntry entry;
  entry.parent = SecretString(input.text());
  for (std::uint64_t i = input.number(1) % 4; i > 0; --i) entry.policies.push_back(input.text());
  for (std::uint64_t i = input.number(1) % 4; i > 0; --i) entry.meta[input.text()] = input.text();
  entry.display_name = input.text();
  entry.creation_time = static_cast<std::int64_t>(input.number(8));
  entry.ttl = static_cast<std::int64_t>(input.number(8));
  entry.namespace_id = input.text();
  entry.type = static_cast<std::uint32_t>(input.number(4));
  return entry;
}

void check_batch(const MintSettings& settings, const DecodedToken& token, const Key& key) {
  require(token.batch && token.key_term == settings.key_term && token.cipher_version == settings.cipher_version);
  const auto entry = open_batch(*token.batch, AesGcm(key));
  require(entry && entry->parent == settings.entry.parent && entry->policies == settings.entry.policies &&
          entry->meta == settings.entry.meta && entry->display_name == settings.entry.display_name &&
          entry->creation_time == settings.entry.creation_time && entry->ttl == settings.entry.ttl &&
          entry->namespace_id == settings.entry.namespace_id && entry->type == settings.entry.type);
}

void check_ssc(const MintSettings& settings, const DecodedToken& token, const Key& key) {
  require(token.ssc && token.wal_index == settings.local_index && token.index_epoch == settings.index_epoch);
  require(verify_ssc(*token.ssc, key));
  std::string id = "hvs." + std::string(settings.random);
  if (!settings.namespace_id.empty()) id += "." + std::string(settings.namespace_id);
  require(settings.random.empty() || token.secret.view() == id);
}

// An id of another length than servers give is a fault of some formats, and may be taken for another format.
bool has_usual_id(const MintSettings& settings) {
  return settings.random.empty() || (settings.random.size() == kTokenIdLength && !settings.random.starts_with("CAESI"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  MintSettings settings;
  settings.format = static_cast<TokenFormat>(input.number(1) % 9);
  settings.legacy_prefix = input.number(1) % 2 == 1;
  settings.local_index = input.number(8);
  settings.index_epoch = static_cast<std::uint32_t>(input.number(4));
  settings.key_term = static_cast<std::uint32_t>(input.number(4));
  settings.cipher_version = static_cast<std::uint8_t>(input.number(1) % 4);
  Key key{};
  key[0] = static_cast<unsigned char>(input.number(1));
  const std::string id = input.id();
  const std::string space = input.id();
  settings.random = id;
  settings.namespace_id = space;
  settings.entry = entry_of(input);

  const auto text = mint_token(settings, key);
  if (!text) {
    require(text.error().kind == ErrorKind::usage);
    return 0;
  }
  const DecodedToken token = decode_token(text->view());
  if (settings.format == TokenFormat::batch) {
    check_batch(settings, token, key);
  } else if (settings.format == TokenFormat::ssc) {
    check_ssc(settings, token, key);
  } else if (has_usual_id(settings)) {
    require(token.format == settings.format && !token.fault);
  }
  return 0;
}
