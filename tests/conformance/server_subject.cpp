#include "server_subject.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/json.hpp"
#include "remote/remote.hpp"

namespace vtoken::conformance {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRoot = "root-of-the-conformance-suite";

// A port of loopback that was free a moment ago.
std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  REQUIRE(probe >= 0);
  REQUIRE(::bind(probe, address, size) == 0);
  REQUIRE(::getsockname(probe, address, &size) == 0);
  ::close(probe);
  return ntohs(place.sin_port);
}

class ServerSubject final : public Subject {
 public:
  ServerSubject() {
    const char* program = std::getenv("VTOKEN_BAO");
    REQUIRE_MESSAGE(program != nullptr, "VTOKEN_BAO is not set: start this by ctest or by scripts/python-tools");
    std::string folder = std::filesystem::temp_directory_path() / "vtoken-conformance-XXXXXX";
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    for (int attempt = 0; attempt < 5 && !running(); ++attempt) start(program);
    REQUIRE_MESSAGE(running(), "the server did not start: ", program);
  }
  ~ServerSubject() override {
    if (running()) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Backend> connect() override {
    auto backend = remote::open({.addresses = {address_}});
    REQUIRE_MESSAGE(backend.has_value(), (backend ? "" : backend.error().text()));
    return std::move(*backend);
  }
  SecretString root() const override { return kRoot; }
  void wait(int seconds) override { std::this_thread::sleep_for(std::chrono::seconds(seconds)); }
  bool keeps_promises() const override { return false; }

 private:
  // Returns when the server answers, or has ended, perhaps because another program took the port.
  void start(const char* program) {
    const std::string place = fmt::format("127.0.0.1:{}", free_port());
    address_ = "http://" + place;
    const std::vector<std::string> words = {program,
                                            "server",
                                            "-dev",
                                            "-dev-no-store-token",
                                            std::string("-dev-root-token-id=") + kRoot,
                                            "-dev-listen-address=" + place,
                                            "-config=" + config()};
    spawn(words);
    const auto backend = connect();
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (running() && std::chrono::steady_clock::now() < end) {
      const auto health = backend->handle({.path = "sys/health"});
      if (health && health->status == 200) return;
      std::this_thread::sleep_for(20ms);
    }
  }

  // Service tokens are signed only when it is told so.
  std::string config() const {
    const auto path = folder_ / "server.hcl";
    std::ofstream(path) << "disable_ssct_tokens = false\n";
    return path;
  }

  void spawn(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    std::string home = "HOME=" + folder_.string();
    char* environment[] = {home.data(), nullptr};
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when the test is killed
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, stream);
    ::execve(arguments[0], arguments.data(), environment);
    ::_exit(127);
  }

  bool running() {
    if (process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) != 0) process_ = -1;
    return process_ > 0;
  }

  std::filesystem::path folder_;
  std::string address_;
  pid_t process_ = -1;
};

}  // namespace

std::unique_ptr<Subject> start_server() { return std::make_unique<ServerSubject>(); }

}  // namespace vtoken::conformance
