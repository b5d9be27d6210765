#include <doctest/doctest.h>

#include <thread>

#include "renewal/wait.hpp"

namespace vtoken::renewal {
namespace {

TEST_CASE("a wait takes its time") {
  StoppableWait pause;
  const Nanoseconds before = boot_time();
  CHECK(pause.wait(kSecond / 50));
  CHECK(boot_time() - before >= kSecond / 50);
  CHECK(pause.wait(0));
  CHECK(pause.wait(-kSecond));
}

TEST_CASE("another thread ends it, for ever") {
  StoppableWait pause;
  bool waited = true;
  std::thread waiting([&] { waited = pause.wait(3600 * kSecond); });
  pause.stop();
  waiting.join();
  CHECK(!waited);
  CHECK(pause.stopped());
  CHECK(!pause.wait(3600 * kSecond));
  CHECK(!pause.wait(0));
}

}  // namespace
}  // namespace vtoken::renewal
