// A server that seems to hold very many tokens and is fast enough to show them all.
//
// usage: crowd_server TOKENS [LOOKUPS]
//
// It prints its port, listens on loopback and ends when its standard input does. Of the list of accessors it sends 64
// KiB and then waits: the rest follows when the first lookup has come. After LOOKUPS lookups and the whole list it is
// sealed. `GET /counts` tells what has been asked. Nothing is remembered of a token but whether it was revoked.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"

namespace {

constexpr std::size_t kHeldBack = 64UL * 1024;  // what comes of a list before the first lookup
constexpr std::size_t kPiece = 64UL * 1024;
constexpr std::size_t kAccessor = 24;

/// Letters that look like chance, then the number.
std::string accessor_of(std::uint32_t number) {
  return fmt::format("{:016x}{:08x}", (number + 1) * 0x9E3779B97F4A7C15U, number);
}

std::string answer(std::string_view status, std::string_view body) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", status,
                     body.size(), body);
}

struct Connection {
  explicit Connection(int file) : descriptor(file) {}
  vtoken::Descriptor descriptor;
  std::string in = {};
  std::string out = {};                       // what could not be sent yet
  std::optional<std::uint32_t> listing = {};  // the next accessor of a list under way
  std::size_t list_sent = 0;
  bool waits_to_send = false;
};

/// The tokens, and what was asked of them.
class Crowd {
 public:
  Crowd(std::uint32_t tokens, std::uint64_t lookups) : revoked_(tokens), lookups_until_sealed_(lookups) {}

  void respond(Connection& to, std::string_view request) {
    const std::string_view line = request.substr(0, request.find("\r\n"));
    const auto asks = [line](std::string_view what) { return line.find(what) != std::string_view::npos; };
    if (asks("/counts")) {
      to.out += answer("200 OK", fmt::format(R"({{"lookups":{},"revoked":{},"lists":{},"early":{}}})", lookups_, count_,
                                             lists_, looked_up_early_ ? "true" : "false"));
    } else if (lookups_ >= lookups_until_sealed_ && lists_ > 0) {
      to.out += answer("503 Service Unavailable", R"({"errors":["Vault is sealed"]})");
    } else if (asks("auth/token/lookup-accessor")) {
      look_up(to, request);
    } else if (asks("auth/token/revoke-accessor")) {
      revoke(to, request);
    } else if (asks("auth/token/lookup-self")) {
      to.out += answer("200 OK", R"({"data":{"accessor":"the-callers-own-accessor","display_name":"root","id":"x",)"
                                 R"("meta":null,"orphan":true,"path":"auth/token/root","policies":["root"],"ttl":0,)"
                                 R"("type":"service"}})");
    } else if (asks("sys/capabilities-self")) {
      to.out += answer("200 OK", R"({"data":{"capabilities":["root"]},"capabilities":["root"]})");
    } else if (asks("auth/token/accessors")) {
      to.out += "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
      chunk(to, R"({"request_id":"r","data":{"keys":[)");
      to.listing = 0;
      to.list_sent = 0;
    } else {
      to.out += answer("404 Not Found", R"({"errors":[]})");
    }
  }

  /// Gives the list more to send, unless it is to wait for a lookup.
  void continue_list(Connection& to) {
    while (to.listing && to.out.size() < kPiece && !waits(to)) {
      std::string keys;
      for (; *to.listing < revoked_.size() && keys.size() < kPiece / 4; ++*to.listing) {
        if (revoked_[*to.listing]) continue;
        const bool first = to.list_sent == 0 && keys.empty();
        keys += fmt::format("{}\"{}\"", first ? "" : ",", accessor_of(*to.listing));
      }
      to.list_sent += keys.size();
      if (!keys.empty()) chunk(to, keys);
      if (*to.listing < revoked_.size()) continue;
      chunk(to, "]}}");
      to.out += "0\r\n\r\n";
      to.listing.reset();
      ++lists_;
    }
  }

  [[nodiscard]] bool waits(const Connection& to) const { return to.list_sent >= kHeldBack && lookups_ == 0; }

 private:
  static void chunk(Connection& to, std::string_view bytes) {
    to.out += fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
  }

  /// The number of the accessor that the body names, unless nobody has it.
  [[nodiscard]] std::optional<std::uint32_t> named(std::string_view request) const {
    constexpr std::string_view kName = R"("accessor":")";
    const std::size_t at = request.find(kName);
    if (at == std::string_view::npos || request.size() - at < kName.size() + kAccessor) return std::nullopt;
    const std::string_view accessor = request.substr(at + kName.size(), kAccessor);
    std::uint32_t number = 0;
    const auto read = std::from_chars(accessor.data() + 16, accessor.data() + kAccessor, number, 16);
    if (read.ec != std::errc() || number >= revoked_.size() || accessor != accessor_of(number)) return std::nullopt;
    return revoked_[number] ? std::nullopt : std::optional(number);
  }

  void look_up(Connection& to, std::string_view request) {
    ++lookups_;
    looked_up_early_ |= lists_ == 0;
    const auto number = named(request);
    if (!number) return refuse(to);
    const unsigned user = *number % 50;
    const std::string_view policy = *number % 1000 == 7 ? R"("app","default")" : R"("default","team")";
    to.out += answer(
        "200 OK",
        fmt::format(R"({{"request_id":"3b1b1c0e-0000-4000-8000-{:012x}","lease_id":"","renewable":false,)"
                    R"("lease_duration":0,"data":{{"accessor":"{}","creation_time":1700000000,"creation_ttl":2764800,)"
                    R"("display_name":"userpass-user{}","entity_id":"5b2d0000-0000-4000-8000-{:012x}",)"
                    R"("expire_time":"2033-05-18T03:33:20Z","explicit_max_ttl":0,"id":"",)"
                    R"("issue_time":"2023-11-14T22:13:20Z","meta":{{"username":"user{}"}},"num_uses":0,"orphan":true,)"
                    R"("path":"auth/userpass/login/user{}","policies":[{}],"renewable":true,"ttl":2764000,)"
                    R"("type":"service"}},"wrap_info":null,"warnings":null,"auth":null}})",
                    *number, accessor_of(*number), user, user, user, user, policy));
  }

  void revoke(Connection& to, std::string_view request) {
    const auto number = named(request);
    if (!number) return refuse(to);
    revoked_[*number] = true;
    ++count_;
    to.out += "HTTP/1.1 204 No Content\r\n\r\n";
  }

  static void refuse(Connection& to) { to.out += answer("400 Bad Request", R"({"errors":["invalid accessor"]})"); }

  std::vector<bool> revoked_;
  std::uint64_t lookups_until_sealed_;
  std::uint64_t lookups_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t lists_ = 0;       // that went out in full
  bool looked_up_early_ = false;  // before one had
};

/// The connections, served one after the other by one thread.
class Server {
 public:
  explicit Server(Crowd& crowd) : crowd_(crowd), listener_(socket(AF_INET, SOCK_STREAM, 0)), poll_(epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_.number(), generic, size) == 0 && listen(listener_.number(), 1024) == 0 &&
        getsockname(listener_.number(), generic, &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
    watch(listener_.number(), EPOLL_CTL_ADD, EPOLLIN);
    watch(STDIN_FILENO, EPOLL_CTL_ADD, EPOLLIN);
  }

  [[nodiscard]] int port() const { return port_; }

  void run() {
    std::array<epoll_event, 256> events{};
    while (true) {
      const int count = epoll_wait(poll_.number(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int file = events.at(static_cast<std::size_t>(i)).data.fd;
        if (file == STDIN_FILENO) return;
        if (file == listener_.number()) {
          welcome();
        } else if (!serve(*connections_.at(file))) {
          connections_.erase(file);
        }
      }
      // The first lookup sets a list free that waited.
      for (auto& [file, connection] : connections_) {
        if (connection->listing && connection->out.empty() && !crowd_.waits(*connection)) {
          watch(file, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
          connection->waits_to_send = true;
        }
      }
    }
  }

 private:
  void watch(int file, int how, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = file;
    epoll_ctl(poll_.number(), how, file, &event);
  }

  void welcome() {
    const int file = accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK);
    if (file < 0) return;
    const int yes = 1;
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections_[file] = std::make_unique<Connection>(file);
    watch(file, EPOLL_CTL_ADD, EPOLLIN);
  }

  /// False when the client has left.
  bool serve(Connection& with) {
    const int file = with.descriptor.number();
    std::array<char, 16384> piece{};
    const ssize_t got = recv(file, piece.data(), piece.size(), 0);
    if (got == 0) return false;
    if (got > 0) with.in.append(piece.data(), static_cast<std::size_t>(got));
    for (std::size_t size = whole(with.in); size != 0; size = whole(with.in)) {
      crowd_.respond(with, std::string_view(with.in).substr(0, size));
      with.in.erase(0, size);
    }
    crowd_.continue_list(with);
    if (!with.out.empty()) {
      const ssize_t sent = send(file, with.out.data(), with.out.size(), MSG_NOSIGNAL);
      if (sent > 0) with.out.erase(0, static_cast<std::size_t>(sent));
    }
    const bool more = !with.out.empty() || (with.listing && !crowd_.waits(with));
    if (more != with.waits_to_send) watch(file, EPOLL_CTL_MOD, more ? EPOLLIN | EPOLLOUT : EPOLLIN);
    with.waits_to_send = more;
    return true;
  }

  /// How many bytes the first request takes when it is there as a whole, or else 0.
  static std::size_t whole(const std::string& in) {
    const std::size_t head = in.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    std::size_t length = 0;
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t at = in.find(kLength);
    if (at < head) std::from_chars(in.data() + at + kLength.size(), in.data() + head, length);
    const std::size_t size = head + 4 + length;
    return in.size() < size ? 0 : size;
  }

  Crowd& crowd_;
  vtoken::Descriptor listener_;
  vtoken::Descriptor poll_;
  int port_ = 0;
  std::map<int, std::unique_ptr<Connection>> connections_;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string_view> arguments(words, words + count);
  if (arguments.size() < 2) return 1;
  Crowd crowd(static_cast<std::uint32_t>(number(arguments[1])),
              arguments.size() > 2 ? number(arguments[2]) : std::numeric_limits<std::uint64_t>::max());
  Server server(crowd);
  if (server.port() == 0) return 1;
  fmt::print("{}\n", server.port());
  (void)std::fflush(stdout);
  server.run();
  return 0;
}
