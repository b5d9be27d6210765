// The embedded store: a back end in one local file (FORMAT.md). One SQLite file, safe for many processes at once.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/backend.hpp"

namespace vtoken::store {

/// How the key that opens a store is found. With neither, the key file is "STORE.key" beside it.
struct Unlock {
  std::optional<std::string> key_file = {};  ///< path of a key file (0600)
  std::optional<SecretString> passphrase = {};
};

struct OpenOptions {
  std::string path;  ///< of the store's file
  Unlock unlock = {};
};

/// Opens a store that exists. `clock` is borrowed and must outlive the back end. Fails with not_found (no such file),
/// wrong_key, damaged (truncated, foreign, newer), io; each message is one line that says what to do.
[[nodiscard]] Result<std::unique_ptr<Backend>> open(const OpenOptions& options, const Clock& clock);

/// Where a store keeps its first root token: "STORE.token" beside the file at `path`.
[[nodiscard]] std::string token_file(const std::string& path);

}  // namespace vtoken::store
