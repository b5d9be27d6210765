// What all exchanges of one back end share.
#pragma once

#include <vector>

#include "remote/address.hpp"
#include "remote/curl.hpp"
#include "remote/remote.hpp"
#include "remote/trust.hpp"

namespace vtoken::remote {

struct Plan {
  CurlApi api;
  Settings settings;
  std::vector<Address> addresses;  ///< of the settings, at least one
  Trust trust;
};

}  // namespace vtoken::remote
