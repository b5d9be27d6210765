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
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/crypto.hpp"

namespace vtoken::remote {
namespace {

// Reads a DNS message (RFC 1035, 4.1). glibc's own ns_initparse stands in libresolv, which a program would have to
// load, or which, linked statically, fits one version of the C library only.
class Message {
 public:
  explicit Message(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t at() const noexcept { return at_; }
  // False when there are not so many bytes left.
  [[nodiscard]] bool skip(std::size_t count) {
    if (count > bytes_.size() - at_) return false;
    at_ += count;
    return true;
  }
  [[nodiscard]] std::optional<std::uint16_t> number() {
    const std::size_t from = at_;
    if (!skip(2)) return {};
    return static_cast<std::uint16_t>(bytes_[from] << 8U | bytes_[from + 1]);
  }
  [[nodiscard]] bool skip_name() {
    const int length = ::dn_skipname(bytes_.data() + at_, end());
    return length > 0 && skip(static_cast<std::size_t>(length));
  }
  // May point to what stands before it.
  [[nodiscard]] std::optional<std::string> name() {
    std::array<char, NS_MAXDNAME> text{};
    const int length = ::ns_name_uncompress(bytes_.data(), end(), bytes_.data() + at_, text.data(), text.size());
    if (length <= 0 || !skip(static_cast<std::size_t>(length))) return {};
    return text.data();
  }

 private:
  [[nodiscard]] const unsigned char* end() const noexcept { return bytes_.data() + bytes_.size(); }

  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
};

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

std::optional<SrvRecord> read_srv(Message& message) {
  const auto priority = message.number();
  const auto weight = message.number();
  const auto port = message.number();
  auto host = message.name();
  if (!priority || !weight || !port || !host) return {};
  if (host->ends_with('.')) host->pop_back();
  return SrvRecord{{std::move(*host), *port}, *priority, *weight};
}

std::uint32_t random_below(std::uint32_t bound) {
  std::array<unsigned char, 8> bytes{};
  random_bytes(bytes);
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes) number = number << 8U | byte;
  return static_cast<std::uint32_t>(number % bound);
}

}  // namespace

Result<std::vector<SrvRecord>> parse_srv(std::span<const unsigned char> bytes) {
  Message message(bytes);
  const bool headed = message.skip(4);  // id and flags
  const auto questions = message.number();
  const auto answers = message.number();
  if (!headed || !questions || !answers || !message.skip(4)) return damaged();
  for (unsigned i = 0; i < *questions; ++i) {
    if (!message.skip_name() || !message.skip(4)) return damaged();
  }
  std::vector<SrvRecord> records;
  for (unsigned i = 0; i < *answers; ++i) {
    if (!message.skip_name()) return damaged();
    const auto type = message.number();
    const auto of_class = message.number();
    const bool lives = message.skip(4);
    const auto length = message.number();
    const std::size_t start = message.at();
    if (!type || !of_class || !lives || !length) return damaged();
    if (*type != ns_t_srv || *of_class != ns_c_in) {
      if (!message.skip(*length)) return damaged();
      continue;
    }
    auto record = read_srv(message);
    if (!record || message.at() != start + *length) return damaged();
    if (is_host(record->server.host) && record->server.port != 0) records.push_back(std::move(*record));
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
