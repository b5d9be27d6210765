#include "cmd/subprocess.hpp"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace vtoken::cmd {
namespace {

constexpr const char* kShell = "/bin/sh";
constexpr std::string_view kUsualPath = "/bin:/usr/bin";

// What the C library's calls take: pointers to the texts, and a null.
template <class Texts>
std::vector<char*> pointers(Texts& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

class Attributes {
 public:
  explicit Attributes(const Program& program) {
    ::posix_spawnattr_init(&attributes_);
    sigset_t usual{};
    sigemptyset(&usual);
    sigaddset(&usual, SIGCHLD);
    if (!program.inherited.ignores_broken_pipes) sigaddset(&usual, SIGPIPE);
    if (!program.inherited.ignores_long_files) sigaddset(&usual, SIGXFSZ);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setsigmask(&attributes_, &program.blocked);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// The soft limit of core files that the process was started with, for as long as a program is started. There is no
// core file of this one meanwhile: it is not dumpable.
class OldCoreLimit {
 public:
  explicit OldCoreLimit(const Inherited& inherited) {
    rlimit now{};
    if (!inherited.core_limit || ::getrlimit(RLIMIT_CORE, &now) != 0) return;
    const rlimit old{*inherited.core_limit, now.rlim_max};
    if (::setrlimit(RLIMIT_CORE, &old) == 0) before_ = now;
  }
  ~OldCoreLimit() {
    if (before_) static_cast<void>(::setrlimit(RLIMIT_CORE, &*before_));
  }
  OldCoreLimit(const OldCoreLimit&) = delete;
  OldCoreLimit& operator=(const OldCoreLimit&) = delete;

 private:
  std::optional<rlimit> before_ = {};
};

class Starter {
 public:
  explicit Starter(Program& program)
      : program_(program), attributes_(program), environment_(pointers(program.environment)) {}

  // The program in one place. A text file that the kernel does not know is the shell's.
  StartedProgram start_at(std::string path) {
    StartedProgram started;
    std::vector<char*> words = pointers(program_.words);
    started.error = spawn(started.process, path, words);
    if (started.error != ENOEXEC) return started;
    std::string shell = kShell;
    words.front() = path.data();
    words.insert(words.begin(), shell.data());
    started.error = spawn(started.process, shell, words);
    return started;
  }

  // In the folders of PATH, by execvp()'s rule: one that may not be run is told only when no other place has it.
  StartedProgram search(const std::string& name) {
    bool is_forbidden = false;
    const std::string_view path = program_.path.empty() ? kUsualPath : std::string_view(program_.path);
    for (const std::string_view folder : split(path, ':')) {
      StartedProgram started = start_at(folder.empty() ? name : std::string(folder) + "/" + name);
      if (started.error == EACCES) {
        is_forbidden = true;
      } else if (started.error != ENOENT && started.error != ENOTDIR && started.error != ESTALE &&
                 started.error != ENODEV && started.error != ETIMEDOUT) {
        return started;
      }
    }
    return {0, is_forbidden ? EACCES : ENOENT};
  }

 private:
  int spawn(pid_t& process, const std::string& path, std::vector<char*>& words) const {
    return ::posix_spawn(&process, path.c_str(), nullptr, attributes_.get(), words.data(), environment_.data());
  }

  Program& program_;
  Attributes attributes_;
  std::vector<char*> environment_;
};

}  // namespace

int StartedProgram::exit_status() const noexcept { return error == ENOENT || error == ENOTDIR ? 127 : 126; }

StartedProgram start_program(Program program) {
  const std::string name = program.words.front();
  if (name.empty()) return {0, ENOENT};
  const OldCoreLimit limit(program.inherited);
  Starter starter(program);
  return name.find('/') != std::string::npos ? starter.start_at(name) : starter.search(name);
}

int shell_status(int wait_status) noexcept {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace vtoken::cmd
