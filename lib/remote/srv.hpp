// Servers found by DNS: SRV records, for VAULT_SRV_LOOKUP.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace vtoken::remote {

struct HostPort {
  std::string host;  ///< without a dot at its end
  std::uint16_t port = 0;
};

/// The servers that `_http._tcp.HOST` names, the one to ask first first; none when there is no such record. Waits for
/// DNS as long as resolv.conf says (5 s, twice, by default). Fails with unreachable when DNS does not answer, and with
/// damaged when its answer is none. To the real command both mean that there is no such record.
[[nodiscard]] Result<std::vector<HostPort>> srv_lookup(const std::string& host);

/// One record, as it stands in an answer.
struct SrvRecord {
  HostPort server;
  std::uint16_t priority = 0;  ///< lower ones are asked first
  std::uint16_t weight = 0;    ///< among equals, how often this one is first
};

/// Reads a DNS message. Records of other types are left out, and so are servers that no host can be ("." says that
/// there is none). Fails with damaged when the message is cut or malformed.
[[nodiscard]] Result<std::vector<SrvRecord>> parse_srv(std::span<const unsigned char> message);

/// Puts records in the order of RFC 2782. `random` gives a number from 0 to below its argument, which is never 0.
[[nodiscard]] std::vector<HostPort> srv_order(std::vector<SrvRecord> records,
                                              const std::function<std::uint32_t(std::uint32_t)>& random);

}  // namespace vtoken::remote
