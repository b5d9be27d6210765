// Looks accessors up on a server as fast as Backend::submit does it, and prints what that took.
// Usage: vtoken_asking ADDRESS FILE IN_FLIGHT REQUESTS [CA_FILE], with the token in VAULT_TOKEN; FILE has an accessor a
// line, which are asked in turn.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "remote/remote.hpp"

namespace {

using vtoken::Offer;
using vtoken::Request;
using vtoken::Response;
using vtoken::Result;

std::vector<std::string> lines_of(const char* path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Seconds of processor time, the kernel's for this process included.
double busy() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Measured {
  std::size_t good = 0;
  double seconds = 0;
  double busy = 0;
  std::string failure = {};  // the first
};

Result<Measured> measure(vtoken::Backend& backend, const std::vector<std::string>& accessors, const std::string& token,
                         std::size_t requests) {
  Measured measured;
  std::size_t given = 0;
  const auto source = [&]() -> Offer {
    if (given == requests) return {std::nullopt};
    Request request{vtoken::Method::post, "auth/token/lookup-accessor"};
    request.body = "{\"accessor\":\"" + accessors[given++ % accessors.size()] + "\"}";
    request.token = token;
    return request;
  };
  const auto sink = [&](std::size_t /*index*/, const Result<Response>& answer) {
    if (answer && answer->status == 200) ++measured.good;
    if (!answer && measured.failure.empty()) measured.failure = answer.error().message;
    return true;
  };
  const double busy_before = busy();
  const auto start = std::chrono::steady_clock::now();
  if (auto done = backend.submit(source, sink); !done) return tl::unexpected(done.error());
  measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  measured.busy = busy() - busy_before;
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  const char* token = std::getenv("VAULT_TOKEN");
  if (argc < 5 || token == nullptr) {
    fmt::print(stderr, "usage: VAULT_TOKEN=… {} ADDRESS FILE IN_FLIGHT REQUESTS [CA_FILE]\n", argv[0]);
    return 1;
  }
  const auto accessors = lines_of(argv[2]);
  const std::size_t requests = std::stoul(argv[4]);
  vtoken::remote::Settings settings;
  settings.addresses = {argv[1]};
  settings.at_once = std::stoul(argv[3]);
  if (argc > 5) settings.tls.ca_file = argv[5];
  auto backend = vtoken::remote::open(std::move(settings));
  const auto measured =
      backend ? measure(**backend, accessors, token, requests) : Result<Measured>(tl::unexpected(backend.error()));
  if (!measured) {
    fmt::print(stderr, "{}\n", measured.error().message);
    return 1;
  }
  if (!measured->failure.empty()) fmt::print(stderr, "{}\n", measured->failure);
  const auto count = static_cast<double>(requests);
  fmt::print("{{\"good\": {}, \"rate\": {:.1f}, \"busy_us\": {:.2f}}}\n", measured->good, count / measured->seconds,
             measured->busy * 1e6 / count);
  return 0;
}
