#include "remote/srv.hpp"

// resolv.h needs the first two.
#include <netinet/in.h>
#include <sys/types.h>

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/crypto.hpp"

namespace vtoken::remote {
namespace {

constexpr std::size_t kFixedPart = 6;  // of a record: priority, weight and port, before the name

// A resolver of our own, so that no other thread's is used.
class Resolver {
 public:
  Resolver() { open_ = ::res_ninit(&state_) == 0; }
  ~Resolver() {
    if (open_) ::res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // The answer; empty when there is no such name or record.
  Result<std::vector<unsigned char>> ask(const std::string& name) {
    if (!open_) return fail(ErrorKind::unreachable, "the settings of DNS cannot be read", "/etc/resolv.conf");
    std::vector<unsigned char> answer(NS_MAXMSG);
    const int length =
        ::res_nsearch(&state_, name.c_str(), ns_c_in, ns_t_srv, answer.data(), static_cast<int>(answer.size()));
    if (length < 0) {
      const int code = state_.res_h_errno;
      if (code == HOST_NOT_FOUND || code == NO_DATA) return std::vector<unsigned char>();
      return fail(ErrorKind::unreachable, "DNS does not answer", name);
    }
    answer.resize(std::min(static_cast<std::size_t>(length), answer.size()));
    return answer;
  }

 private:
  struct __res_state state_ {};
  bool open_ = false;
};

tl::unexpected<Error> damaged() { return fail(ErrorKind::damaged, "the answer of DNS is malformed"); }

// What a host can be called; DNS allows any bytes.
bool is_host(std::string_view name) {
  constexpr std::string_view kOthers = "-_.";
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [kOthers](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

std::uint32_t random_below(std::uint32_t bound) {
  std::array<unsigned char, 8> bytes{};
  random_bytes(bytes);
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes) number = number << 8U | byte;
  return static_cast<std::uint32_t>(number % bound);
}

}  // namespace

Result<std::vector<SrvRecord>> parse_srv(std::span<const unsigned char> message) {
  ns_msg handle{};
  if (message.size() > NS_MAXMSG || ::ns_initparse(message.data(), static_cast<int>(message.size()), &handle) != 0) {
    return damaged();
  }
  std::vector<SrvRecord> records;
  for (int i = 0; i < ns_msg_count(handle, ns_s_an); ++i) {
    ns_rr record{};
    if (::ns_parserr(&handle, ns_s_an, i, &record) != 0) return damaged();
    if (ns_rr_type(record) != ns_t_srv || ns_rr_class(record) != ns_c_in) continue;
    const unsigned char* data = ns_rr_rdata(record);
    if (ns_rr_rdlen(record) <= kFixedPart) return damaged();
    std::array<char, NS_MAXDNAME> name{};
    const int used =
        ::ns_name_uncompress(ns_msg_base(handle), ns_msg_end(handle), data + kFixedPart, name.data(), name.size());
    if (used < 0 || static_cast<std::size_t>(used) + kFixedPart != ns_rr_rdlen(record)) return damaged();
    std::string host(name.data());
    if (host.ends_with('.')) host.pop_back();
    const auto number = [data](std::size_t at) { return static_cast<std::uint16_t>(data[at] << 8U | data[at + 1]); };
    if (is_host(host) && number(4) != 0) records.push_back({{std::move(host), number(4)}, number(0), number(2)});
  }
  return records;
}

std::vector<HostPort> srv_order(std::vector<SrvRecord> records,
                                const std::function<std::uint32_t(std::uint32_t)>& random) {
  const auto rank = [](const SrvRecord& record) { return std::pair(record.priority, record.weight); };
  std::stable_sort(records.begin(), records.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  std::vector<HostPort> servers;
  while (!records.empty()) {
    // Among those of the first priority each comes next as often as its weight says; those without weight stand first,
    // and are chosen by 0 alone.
    const auto end = std::find_if(records.begin(), records.end(),
                                  [&](const auto& each) { return each.priority != records.front().priority; });
    const std::uint32_t sum =
        std::accumulate(records.begin(), end, std::uint32_t{0},
                        [](std::uint32_t total, const auto& each) { return total + each.weight; });
    std::uint32_t left = random(sum + 1);
    auto chosen = records.begin();
    while (left > chosen->weight) {
      left -= chosen->weight;
      ++chosen;
    }
    servers.push_back(std::move(chosen->server));
    records.erase(chosen);
  }
  return servers;
}

Result<std::vector<HostPort>> srv_lookup(const std::string& host) {
  const auto answer = Resolver().ask("_http._tcp." + host);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->empty()) return std::vector<HostPort>();
  auto records = parse_srv(*answer);
  if (!records) return tl::unexpected(records.error());
  return srv_order(std::move(*records), random_below);
}

}  // namespace vtoken::remote
