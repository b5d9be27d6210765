// Where a redirect may lead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "remote/address.hpp"

namespace vtoken::remote {

/// A request's place: a server and what follows its host, such as "/v1/sys/health?list=true".
struct Place {
  Address address;
  std::string target;

  /// "https://host:8200/v1/…": what people are told.
  [[nodiscard]] std::string url() const;
};

/// Whether an answer with this status sends elsewhere: 301, 302 or 307, as for Vault's own client.
[[nodiscard]] bool is_redirect(int status) noexcept;

/// The place that `location` names, seen from `from`. Fails (server) when there is none or it cannot be read, when it
/// would lead from https to http, or to a host that neither `from` nor one of `known` names: a request carries secrets.
[[nodiscard]] Result<Place> follow(const Place& from, std::string_view location, const std::vector<Address>& known);

}  // namespace vtoken::remote
