#include <algorithm>
#include <array>

#include "core/json.hpp"
#include "store/call.hpp"
#include "store/fields.hpp"

namespace vtoken::store {

Result<Named> named_token(Call& call) {
  Named named;
  const Json* text = find_member(call.body, "token");
  if (text == nullptr) return named;
  if (!text->is_string()) {
    named.refusal = reply_error(403, "invalid token");
    return named;
  }
  named.text = text->get_ref<const SecretString&>();
  auto token = find_presented(named.text.view(), call.tokens, call.keyring, call.state, call.now);
  if (!token) return tl::unexpected(token.error());
  named.token = std::move(*token);
  if (named.token.presence == Presence::bad_signature) named.refusal = reply_error(403, "bad token");
  if (named.token.presence == Presence::stale) named.refusal = reply_error(412, "required index state not present");
  return named;
}

Result<std::optional<Response>> refuse_named_token(Call& call) {
  constexpr std::array<std::string_view, 4> kPaths = {"auth/token/lookup", "auth/token/renew", "auth/token/revoke",
                                                      "auth/token/revoke-orphan"};
  if (std::find(kPaths.begin(), kPaths.end(), call.path) == kPaths.end()) return std::nullopt;
  auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  return std::move(named->refusal);
}

Result<NamedRow> named_accessor(Call& call) {
  NamedRow named;
  Fields fields(call.body, "Field validation failed: ");
  const auto text = fields.text("accessor").value_or(SecretString());
  if (fields.failure()) {
    named.refusal = reply_error(400, *fields.failure());
  } else if (text.empty()) {
    named.refusal = reply_raised(400, "missing accessor");
  }
  if (named.refusal) return named;
  auto row = call.tokens.by_accessor(call.keyring.hash_accessor(text.view()), call.now);
  if (!row) return tl::unexpected(row.error());
  named.row = std::move(*row);
  return named;
}

void warn_unknown(const std::vector<std::string>& names, Warnings& warnings) {
  if (names.empty()) return;
  std::string text = "Endpoint ignored these unrecognized parameters: [";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += ' ';
    text += names[i];
  }
  warnings.push_back(text + "]");
}

void warn_replaced(std::string_view name, Warnings& warnings) {
  warnings.push_back(
      "Endpoint replaced the value of these parameters with the values captured from the endpoint's path: [" +
      std::string(name) + "]");
}

}  // namespace vtoken::store
