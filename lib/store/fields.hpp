// Reads the members of a request's body as the server does: with its conversions between types and its error texts.
// A member that is null is given and has its type's zero value.
//
// Source of the rules: openbao sdk/framework (field_data.go, field_type.go) and its weak decoding, tried on a server.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/json_fwd.hpp"
#include "store/reply.hpp"

namespace vtoken::store {

using StringMap = std::map<std::string, std::string>;

/// A body and the names its reader knows. Each accessor gives nothing when the member is absent; the first conversion
/// that fails is kept (failure()) and its accessor gives nothing. Borrows `body`, which must outlive it.
class Fields {
 public:
  /// `failure_prefix` is put before a conversion's error: servers say "Field validation failed: " on most endpoints.
  Fields(const Json& body, std::string_view failure_prefix) : body_(body), prefix_(failure_prefix) {}

  [[nodiscard]] std::optional<SecretString> text(std::string_view name);
  [[nodiscard]] std::optional<bool> boolean(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);
  /// Seconds as a number, or a duration as text; not negative. Null is nothing given.
  [[nodiscard]] std::optional<Nanoseconds> duration(std::string_view name);
  /// Seconds since 1970 as a number, or a point of time as text, since 1970; null is nothing given.
  [[nodiscard]] std::optional<Nanoseconds> time(std::string_view name);
  /// A list of strings; a single string is a list of one.
  [[nodiscard]] std::optional<std::vector<std::string>> strings(std::string_view name);
  /// As strings(), but a string is split at its commas; parts are trimmed; what is blank is an empty part.
  [[nodiscard]] std::optional<std::vector<std::string>> comma_strings(std::string_view name);
  /// An object of strings, "key=value", or a list of those.
  [[nodiscard]] std::optional<StringMap> pairs(std::string_view name);
  /// Counts a member as known without reading it.
  void know(std::string_view name) { known_.emplace_back(name); }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] bool is_null(std::string_view name) const;

  /// The first conversion that failed, as the server words it.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
  /// Members that no accessor asked for, sorted.
  [[nodiscard]] std::vector<std::string> unknown() const;

 private:
  const Json* find(std::string_view name);
  void refuse(std::string_view name, const std::string& why);
  std::optional<std::vector<std::string>> list(std::string_view name, const Json& value, bool by_older);

  const Json& body_;
  std::string prefix_;
  std::vector<std::string> known_;
  std::optional<std::string> failure_;
};

}  // namespace vtoken::store
