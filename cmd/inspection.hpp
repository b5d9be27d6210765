// What `inspect` found out about one text, and how that is shown.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "cmd/output_table.hpp"
#include "core/json_fwd.hpp"
#include "token/batch.hpp"
#include "token/decode.hpp"

namespace vtoken::cmd {

/// Whose keys, or whose word, tell whether a token is genuine.
enum class Checker { nobody, store, server, key_file };

/// "store", "server" or "key file"; empty for nobody.
[[nodiscard]] std::string_view name_of(Checker checker) noexcept;

/// What only the keys of its maker can tell about a token. Nothing of it is set when they are not at hand.
struct KeyFacts {
  Checker checker = Checker::nobody;            ///< who made the findings below
  std::optional<bool> is_genuine = {};          ///< the HMAC is right; the batch token opens
  std::optional<BatchEntry> contents = {};      ///< of a batch token that opens
  std::optional<SecretBytes> plaintext = {};    ///< its bytes, when somebody wants them explained
  std::string sealed = "unknown offline";       ///< why there are no contents
  std::optional<std::int64_t> ttl = {};         ///< seconds left; 0 for a token without end
  std::optional<std::string> expire_time = {};  ///< RFC 3339; absent for a token without end
  std::string unknown = "unknown offline";      ///< why there is no TTL
  bool is_accessor = false;                     ///< the back end has a token with this accessor
  bool is_known = false;                        ///< the back end has this very token, or one with this accessor
};

/// What the back end says now (-lookup). Null and empty when it was not asked.
struct LiveFacts {
  std::shared_ptr<const Json> data = {};      ///< as auth/token/lookup has it
  std::shared_ptr<const Json> wrapping = {};  ///< as sys/wrapping/lookup has it, of a wrapping token
  std::string problem = {};                   ///< why there is no data
};

/// A wrapping token in the format "jwt", or a JWT of somebody else.
struct JwtFacts {
  std::shared_ptr<const Json> header = {};  ///< null when it is no JSON object
  std::shared_ptr<const Json> claims = {};  ///< likewise
  bool is_wrapping = false;                 ///< the claims say so
};

struct Inspection {
  SecretString text;  ///< without white space around it
  DecodedToken token;
  std::optional<JwtFacts> jwt = {};
  KeyFacts keys = {};
  LiveFacts live = {};
};

/// Whether a token is what it looks like, as far as anybody at hand can tell.
struct Verdict {
  std::optional<bool> is_genuine = {};  ///< absent: nobody can tell
  Checker checker = Checker::nobody;
  std::string text = {};  ///< a sentence without a full stop: how that was found, or what would find it
};
[[nodiscard]] Verdict verdict_on(const Inspection& inspection);

/// Decodes `text`; asks nobody. `now` is what the end of a JWT is compared with.
[[nodiscard]] Inspection inspect_offline(std::string_view text, Nanoseconds now);

/// Whether an accessor looks so. A custom id may, too.
[[nodiscard]] constexpr bool is_like_accessor(TokenFormat format) noexcept {
  return format == TokenFormat::accessor || format == TokenFormat::uuid;
}

/// What is shown beside the facts that are always shown.
struct Shown {
  bool reveal = false;   ///< secrets whole instead of masked
  bool verdict = false;  ///< a row for it; JSON always has it
  bool explain = false;  ///< every byte, and what tokens of this type can do
};

/// One row a fact under a header. Secrets are masked unless they are to be revealed; nothing in it can steer a
/// terminal. Bytes are not in here: see inspection_explain.hpp.
[[nodiscard]] Rows inspection_rows(const Inspection& inspection, const Shown& shown);

/// The same as an object. Its members are the same for every token; what a token does not have, or nobody knows or
/// asked for, is null.
[[nodiscard]] Json inspection_json(const Inspection& inspection, const Shown& shown);

}  // namespace vtoken::cmd
