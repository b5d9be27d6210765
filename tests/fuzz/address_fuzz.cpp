// A server's address, and the path of a request there. The input: the address, a line feed, the path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/url.hpp"
#include "fuzz.hpp"
#include "remote/address.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vtoken;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string path(text.substr(std::min(end + 1, text.size())));
  const auto address = remote::parse_address(text.substr(0, end));
  std::string prefix;
  if (address) {
    fuzz::require(address->scheme == "unix" || !address->host.empty());
    fuzz::require(address->host.find_first_of("/?#@\\ ") == std::string::npos);
    // What people are told, and what libcurl is told, leads to the same place.
    const auto again = remote::parse_address(address->origin());
    fuzz::require(address->scheme == "unix" || (again && again->host == address->host && again->port == address->port));
    static_cast<void>(remote::is_loopback(*address));
    if (address->scheme != "unix") prefix = address->path;
  }
  for (const Method method : {Method::get, Method::list, Method::put}) {
    const std::string target =
        request_target(Request{method, path, {}, {}, {}, {}, {}, false, {}, {{path, path}}}, prefix);
    const auto odd = [](char c) {
      return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f;
    };
    fuzz::require(target.starts_with('/'));
    fuzz::require(std::none_of(target.begin() + static_cast<std::ptrdiff_t>(std::min(prefix.size(), target.size())),
                               target.end(), odd));
  }
  return 0;
}
