#include "store/unlock.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <protozero/buffer_string.hpp>

#include "base/hex.hpp"
#include "store/private_file.hpp"
#include "token/wire.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kChecksumSize = 16;
constexpr std::size_t kCheckSize = 16;
constexpr std::size_t kSaltSize = 16;
constexpr std::uint64_t kMostMemory = 1ULL << 30U;  // for scrypt: a crafted file must not eat the machine

enum LockField : std::uint32_t { kKind = 1, kSalt = 2, kLog2N = 3, kR = 4, kP = 5, kCheck = 6, kWrapped = 7 };

std::string checksum(std::string_view bytes) {
  const Mac digest = sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), kChecksumSize};
}

// One key in, keys for several purposes out. `purpose` is a literal, so that joined with the id it has one reading.
Mac derive(const Key& key, std::string_view purpose, std::string_view store_id) {
  return hmac_sha256(key, std::string(purpose) + std::string(store_id));
}

bool sensible(const ScryptCost& cost) {
  if (cost.log2_n < 1 || cost.log2_n > 24 || cost.r < 1 || cost.r > 64 || cost.p < 1 || cost.p > 16) return false;
  return (std::uint64_t{128} * cost.r << cost.log2_n) <= kMostMemory;
}

std::string wrapping_aad(std::string_view store_id) { return "vtoken keyring" + std::string(store_id); }

}  // namespace

std::string encode_lock(const LockRecord& record) {
  std::string message;
  protozero::basic_pbf_writer<std::string> writer(message);
  writer.add_uint32(kKind, static_cast<std::uint32_t>(record.kind));
  if (record.kind == LockKind::passphrase) {
    writer.add_bytes(kSalt, record.salt);
    writer.add_uint32(kLog2N, record.cost.log2_n);
    writer.add_uint32(kR, record.cost.r);
    writer.add_uint32(kP, record.cost.p);
  }
  writer.add_bytes(kCheck, record.check);
  writer.add_bytes(kWrapped, record.wrapped);
  return checksum(message) + message;
}

Result<LockRecord> decode_lock(std::string_view bytes) {
  const auto damaged = [] { return fail(ErrorKind::damaged, "the store's lock record is damaged"); };
  if (bytes.size() < kChecksumSize) return damaged();
  const std::string_view message = bytes.substr(kChecksumSize);
  if (checksum(message) != bytes.substr(0, kChecksumSize)) return damaged();
  LockRecord record;
  try {
    wire::Reader reader(wire::view(message));
    while (reader.next()) {
      switch (reader.tag_and_type()) {
        case wire::number_field(kKind): record.kind = static_cast<LockKind>(reader.get_uint32()); break;
        case wire::text_field(kSalt): record.salt = reader.get_string(); break;
        case wire::number_field(kLog2N): record.cost.log2_n = reader.get_uint32(); break;
        case wire::number_field(kR): record.cost.r = reader.get_uint32(); break;
        case wire::number_field(kP): record.cost.p = reader.get_uint32(); break;
        case wire::text_field(kCheck): record.check = reader.get_string(); break;
        case wire::text_field(kWrapped): record.wrapped = reader.get_string(); break;
        default: reader.skip();
      }
    }
  } catch (const protozero::exception&) {
    return damaged();
  }
  if (record.kind != LockKind::key_file && record.kind != LockKind::passphrase) return damaged();
  if (record.check.size() != kCheckSize) return damaged();
  return record;
}

Result<WrappingKey> WrappingKey::from_key_file(const std::string& path) {
  auto bytes = read_private_file(path, kKeySize);
  if (!bytes && bytes.error().kind == ErrorKind::not_found) {
    return fail(ErrorKind::wrong_key, "the key file is missing; bring it back, or name it with -key-file", path);
  }
  if (!bytes && bytes.error().kind != ErrorKind::damaged) return tl::unexpected(bytes.error());
  if (!bytes || bytes->size() != kKeySize) {
    return fail(ErrorKind::wrong_key, "is not a key file: one has exactly 32 bytes", path);
  }
  WrappingKey result;
  std::memcpy(result.key_.data(), bytes->data(), kKeySize);
  return result;
}

Result<WrappingKey> WrappingKey::from_passphrase(const SecretString& passphrase, std::string_view salt,
                                                 const ScryptCost& cost) {
  if (passphrase.empty()) return fail(ErrorKind::usage, "the passphrase is empty");
  if (!sensible(cost)) return fail(ErrorKind::damaged, "the store's scrypt parameters are out of bounds");
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  WrappingKey result;
  result.kind_ = LockKind::passphrase;
  result.salt_ = salt;
  result.cost_ = cost;
  const int done = EVP_PBE_scrypt(
      passphrase.data(), passphrase.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
      std::uint64_t{1} << cost.log2_n, cost.r, cost.p, 2 * kMostMemory, result.key_.data(), result.key_.size());
  if (done != 1) {
    ERR_clear_error();
    return fail(ErrorKind::io, "not enough memory to work out the key from the passphrase");
  }
  return result;
}

Result<WrappingKey> WrappingKey::from_new_passphrase(const SecretString& passphrase, const ScryptCost& cost) {
  std::array<unsigned char, kSaltSize> salt{};
  random_bytes(salt);
  return from_passphrase(passphrase, {reinterpret_cast<const char*>(salt.data()), salt.size()}, cost);
}

WrappingKey WrappingKey::generate() {
  WrappingKey result;
  random_bytes(result.key_);
  return result;
}

std::string WrappingKey::check(std::string_view store_id) const {
  const Mac mac = derive(key_, "vtoken key check", store_id);
  return {reinterpret_cast<const char*>(mac.data()), kCheckSize};
}

LockRecord WrappingKey::lock(const Keyring& keyring, std::string_view store_id) const {
  Mac key = derive(key_, "vtoken key wrap", store_id);
  const SecretBytes plain = keyring.serialise();
  SecretBytes wrapped;
  AesGcm(key).seal(as_text(plain), wrapping_aad(store_id), wrapped);
  wipe(key.data(), key.size());
  return {kind_, salt_, cost_, check(store_id), std::string(as_text(wrapped))};
}

Result<Keyring> WrappingKey::unlock(const LockRecord& record, std::string_view store_id) const {
  if (!equal_secrets(record.check, check(store_id))) {
    return fail(ErrorKind::wrong_key, kind_ == LockKind::passphrase ? "the passphrase does not open this store"
                                                                    : "the key file does not open this store");
  }
  Mac key = derive(key_, "vtoken key wrap", store_id);
  const auto plain = AesGcm(key).open(record.wrapped, wrapping_aad(store_id));
  wipe(key.data(), key.size());
  if (!plain) return fail(ErrorKind::damaged, "the store's keyring is damaged");
  return Keyring::parse(as_text(*plain));
}

std::string default_key_file(const std::string& path) { return path + ".key"; }

std::string numbered_key_file(const std::string& path, std::string_view check) {
  return default_key_file(path) + "." + to_hex(check.substr(0, 4));
}

Result<WrappingKey> find_wrapping_key(const std::string& path, const Unlock& unlock, const LockRecord& record,
                                      std::string_view store_id) {
  const auto wrong = [](std::string message, const std::string& where) {
    return fail(ErrorKind::wrong_key, std::move(message), where);
  };
  const auto fits = [&](const Result<WrappingKey>& key) {
    return key && equal_secrets(key->check(store_id), record.check);
  };
  if (record.kind == LockKind::passphrase) {
    if (!unlock.passphrase) return wrong("the store is locked with a passphrase; give it with -passphrase-file", path);
    auto key = WrappingKey::from_passphrase(*unlock.passphrase, record.salt, record.cost);
    if (key && !fits(key)) return wrong("the passphrase does not open this store", path);
    return key;
  }
  if (unlock.passphrase) return wrong("the store is locked with a key file, not with a passphrase", path);
  auto key = WrappingKey::from_key_file(unlock.key_file.value_or(default_key_file(path)));
  if (fits(key)) return key;
  if (!unlock.key_file) {
    // A rekey that was stopped after its commit left the key under this name.
    auto numbered = WrappingKey::from_key_file(numbered_key_file(path, record.check));
    if (fits(numbered)) return numbered;
    // Or one that goes on has put it in its place since we looked there.
    auto again = WrappingKey::from_key_file(default_key_file(path));
    if (fits(again)) return again;
  }
  if (!key) return key;
  return wrong("the key file does not open the store " + path + "; name the right one with -key-file",
               unlock.key_file.value_or(default_key_file(path)));
}

Result<WrappingKey> make_key_file(const std::string& path) {
  if (!file_exists(path)) {
    auto written = write_new_file(path, WrappingKey::generate().file_bytes());
    // Made by another process meanwhile: that one is as good.
    if (!written && written.error().kind != ErrorKind::refused) return tl::unexpected(written.error());
  }
  return WrappingKey::from_key_file(path);
}

}  // namespace vtoken::store
