#include "store/keyring.hpp"

#include <algorithm>
#include <cstring>

#include "token/wire.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kTermSize = 4;

enum KeyringField : std::uint32_t { kTerm = 1, kActive = 2, kHashKey = 3, kSscKey = 4 };
enum TermField : std::uint32_t { kNumber = 1, kKey = 2, kAdded = 3 };

// A key that does not stay in memory.
struct WipedKey {
  Key bytes{};
  bool set = false;

  WipedKey() = default;
  WipedKey(const WipedKey&) = default;
  WipedKey& operator=(const WipedKey&) = default;
  ~WipedKey() { wipe(bytes.data(), bytes.size()); }

  void fill() {
    random_bytes(bytes);
    set = true;
  }
  void take(std::string_view from) {
    set = from.size() == bytes.size();
    if (set) std::memcpy(bytes.data(), from.data(), bytes.size());
  }
  [[nodiscard]] std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

struct Term {
  WipedKey key;
  Nanoseconds added = 0;
  std::unique_ptr<AesGcm> cipher;  // made on first use: most commands need one term's
};

// A kind of hash: its own key, so that an id and an accessor with one text have nothing in common.
class Hasher {
 public:
  Hash hash(const WipedKey& key, std::string_view purpose, std::string_view text) {
    if (!hmac_) {
      Mac own = hmac_sha256(key.bytes, purpose);
      hmac_ = std::make_unique<Hmac>(own);
      wipe(own.data(), own.size());
    }
    const Mac mac = (*hmac_)(text);
    Hash result;
    std::copy_n(mac.begin(), kHashSize, result.bytes.begin());
    return result;
  }

 private:
  std::unique_ptr<Hmac> hmac_;
};

void append_term(SecretBytes& out, std::uint32_t term) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<unsigned char>(term >> shift));
}

std::uint32_t read_term(std::string_view sealed) {
  std::uint32_t term = 0;
  for (std::size_t i = 0; i < kTermSize; ++i) term = (term << 8U) | static_cast<unsigned char>(sealed[i]);
  return term;
}

}  // namespace

std::string row_aad(std::string_view table, std::string_view row_key) {
  std::string aad;
  aad.reserve(table.size() + 1 + row_key.size());
  aad.append(table);
  aad.push_back('\0');  // no table's name holds one, so that no two rows share an AAD
  aad.append(row_key);
  return aad;
}

struct Keyring::State {
  std::map<std::uint32_t, Term> terms;
  std::uint32_t active = 0;
  WipedKey hash_key;
  WipedKey ssc_key;
  Hasher ids;
  Hasher accessors;
  Hasher names;

  AesGcm* cipher(std::uint32_t number) {
    const auto found = terms.find(number);
    if (found == terms.end()) return nullptr;
    Term& term = found->second;
    if (!term.cipher) term.cipher = std::make_unique<AesGcm>(term.key.bytes);
    return term.cipher.get();
  }
};

namespace {

// Nothing when the message is no term.
std::optional<std::pair<std::uint32_t, Term>> read_term_message(std::string_view bytes) {
  std::pair<std::uint32_t, Term> result;
  wire::Reader reader(wire::view(bytes));
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::number_field(kNumber): result.first = reader.get_uint32(); break;
      case wire::text_field(kKey): result.second.key.take(wire::view(reader.get_view())); break;
      case wire::number_field(kAdded): result.second.added = reader.get_int64(); break;
      default: reader.skip();
    }
  }
  if (result.first == 0 || !result.second.key.set) return std::nullopt;
  return result;
}

}  // namespace

Keyring::Keyring(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;
Keyring::~Keyring() = default;

Keyring Keyring::generate(Nanoseconds now) {
  Keyring keyring(std::make_unique<State>());
  keyring.state_->hash_key.fill();
  keyring.state_->ssc_key.fill();
  keyring.add_term(now);
  return keyring;
}

Result<Keyring> Keyring::parse(std::string_view bytes) {
  const auto damaged = [] { return fail(ErrorKind::damaged, "the store's keyring is damaged"); };
  auto state = std::make_unique<State>();
  try {
    wire::Reader reader(wire::view(bytes));
    while (reader.next()) {
      switch (reader.tag_and_type()) {
        case wire::text_field(kTerm): {
          auto term = read_term_message(wire::view(reader.get_view()));
          if (!term) return damaged();
          state->terms.insert_or_assign(term->first, std::move(term->second));
          break;
        }
        case wire::number_field(kActive): state->active = reader.get_uint32(); break;
        case wire::text_field(kHashKey): state->hash_key.take(wire::view(reader.get_view())); break;
        case wire::text_field(kSscKey): state->ssc_key.take(wire::view(reader.get_view())); break;
        default: reader.skip();
      }
    }
  } catch (const protozero::exception&) {
    return damaged();
  }
  if (!state->terms.contains(state->active) || !state->hash_key.set || !state->ssc_key.set) return damaged();
  return Keyring(std::move(state));
}

SecretBytes Keyring::serialise() const {
  SecretString out;
  wire::Writer writer(out);
  for (const auto& [number, term] : state_->terms) {
    wire::Writer message(writer, kTerm);
    message.add_uint32(kNumber, number);
    message.add_bytes(kKey, wire::view(term.key.view()));
    message.add_int64(kAdded, term.added);
  }
  writer.add_uint32(kActive, state_->active);
  writer.add_bytes(kHashKey, wire::view(state_->hash_key.view()));
  writer.add_bytes(kSscKey, wire::view(state_->ssc_key.view()));
  return {out.begin(), out.end()};
}

SecretBytes Keyring::seal(std::string_view plain, std::string_view aad) const {
  SecretBytes out;
  out.reserve(kTermSize + kNonceSize + plain.size() + kTagSize);
  append_term(out, state_->active);
  state_->cipher(state_->active)->seal(plain, aad, out);
  return out;
}

std::optional<SecretBytes> Keyring::open(std::string_view sealed, std::string_view aad) const {
  if (sealed.size() < kTermSize) return std::nullopt;
  const AesGcm* with = cipher(read_term(sealed));
  if (with == nullptr) return std::nullopt;
  return with->open(sealed.substr(kTermSize), aad);
}

Hash Keyring::hash_id(std::string_view id) const { return state_->ids.hash(state_->hash_key, "vtoken token id", id); }

Hash Keyring::hash_accessor(std::string_view accessor) const {
  return state_->accessors.hash(state_->hash_key, "vtoken accessor", accessor);
}

Hash Keyring::hash_name(std::string_view name) const {
  return state_->names.hash(state_->hash_key, "vtoken name", name);
}

std::uint32_t Keyring::active_term() const noexcept { return state_->active; }

std::map<std::uint32_t, Nanoseconds> Keyring::terms() const {
  std::map<std::uint32_t, Nanoseconds> result;
  for (const auto& [number, term] : state_->terms) result.emplace(number, term.added);
  return result;
}

const AesGcm* Keyring::cipher(std::uint32_t term) const { return state_->cipher(term); }

std::uint32_t Keyring::add_term(Nanoseconds now) {
  const std::uint32_t number = state_->terms.empty() ? 1 : state_->terms.rbegin()->first + 1;
  Term& term = state_->terms[number];
  term.key.fill();
  term.added = now;
  state_->active = number;
  return number;
}

KeyView Keyring::ssc_key() const noexcept { return state_->ssc_key.bytes; }

}  // namespace vtoken::store
