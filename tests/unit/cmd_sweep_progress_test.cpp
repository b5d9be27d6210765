#include "cmd/sweep_progress.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "cmd/readable.hpp"
#include "cmd/sweep_progress_text.hpp"

using namespace vtoken::cmd;
using vtoken::kSecond;
using vtoken::ManualClock;
using vtoken::sweep::Phase;
using vtoken::sweep::Progress;

namespace {

Progress revoking(std::size_t done, std::size_t total) {
  Progress progress;
  progress.phase = Phase::revoking;
  progress.list_complete = true;
  progress.phase_done = done;
  progress.phase_total = total;
  return progress;
}

Progress looking(std::size_t done, std::size_t listed, bool complete) {
  Progress progress;
  progress.phase_done = done;
  progress.phase_total = listed;
  progress.listed = listed;
  progress.list_complete = complete;
  progress.matched = 56;
  return progress;
}

struct Stage {
  std::ostringstream err = {};
  ManualClock clock{1'000 * kSecond};
  std::size_t width = 80;
  SweepProgress progress;

  explicit Stage(ProgressStyle style) : progress(err, clock, style, [this] { return width; }) {}
  std::string said() {
    std::string text = err.str();
    err.str("");
    return text;
  }
};

}  // namespace

TEST_CASE("a line says how far, how fast and how long") {
  CHECK(progress_line(revoking(1234, 5000), 820.0, 79) ==
        "Round 1: revoking 1,234 of 5,000 [##        ] 24% 820/s, 5 s left");
  CHECK(progress_line(revoking(1234, 5000), 820.0, 119) ==
        "Round 1: revoking 1,234 of 5,000 [####                ] 24% 820/s, 5 s left");
  CHECK(progress_line(revoking(1234, 5000), 820.0, 0) == "Round 1: revoking 1,234 of 5,000 24% 820/s, 5 s left");
  CHECK(progress_line(revoking(5000, 5000), 820.0, 0) == "Round 1: revoking 5,000 of 5,000 100% 820/s");
  CHECK(progress_line(revoking(0, 5000), std::nullopt, 0) == "Round 1: revoking 0 of 5,000 0%");
  CHECK(progress_line(looking(10, 20, true), 2.5, 0) == "Round 1: looking at 10 of 20 50% 2.5/s, 4 s left, 56 match");
  Progress failed = revoking(10, 20);
  failed.failed = 3;
  failed.round = 2;
  CHECK(progress_line(failed, std::nullopt, 0) == "Round 2: revoking 10 of 20 50%, 3 failed");
}

TEST_CASE("while the list comes in no end is promised") {
  CHECK(progress_line(looking(0, 0, false), std::nullopt, 79) == "Round 1: listing accessors");
  CHECK(progress_line(looking(1234, 5000, false), 800.0, 79) ==
        "Round 1: looking at 1,234, 5,000 listed so far, 800/s, 56 match");
}

TEST_CASE("nothing moves: no time left is said, and why it waits") {
  CHECK(progress_line(revoking(10, 20), 0.0, 0) == "Round 1: revoking 10 of 20 50% 0/s");
  Progress waiting = revoking(10, 20);
  waiting.waiting_for = "rate limited: \x1b[31mquota\nexceeded";
  CHECK(progress_line(waiting, 5.0, 0) ==
        "Round 1: revoking 10 of 20 50%, waiting: rate limited: \\x1b[31mquota\\nexceeded");
  CHECK(progress_line(waiting, 5.0, 60) == "Round 1: revoking 10 of 20 50%, waiting: rate limited: \\x...");
  CHECK(progress_line(waiting, 5.0, 48) == "Round 1: revoking 10 of 20 [##   ] 50%, waiting");
}

TEST_CASE("a line is never wider than the terminal") {
  Progress waiting = revoking(1'234'567, 5'000'000);
  waiting.failed = 12;
  Progress moving = waiting;
  waiting.waiting_for = std::string(500, 'x') + "日本";
  for (std::size_t width = 1; width < 200; ++width) {
    CAPTURE(width);
    CHECK(count_columns(progress_line(waiting, 820.0, width)) <= width);
    CHECK(count_columns(progress_line(moving, 820.0, width)) <= width);
    CHECK(count_columns(progress_line(looking(12, 4'000'000, false), 820.0, width)) <= width);
  }
}

TEST_CASE("lengths of time are rough, and never nothing") {
  CHECK(rough_duration(0) == "1 s");
  CHECK(rough_duration(kSecond / 2) == "1 s");
  CHECK(rough_duration(99 * kSecond) == "99 s");
  CHECK(rough_duration(180 * kSecond) == "3 min");
  CHECK(rough_duration(7800 * kSecond) == "2 h 10 min");
}

TEST_CASE("the rate is that of the last seconds") {
  SweepRate rate;
  vtoken::Nanoseconds now = 0;
  std::size_t done = 0;
  CHECK_FALSE(rate.per_second());
  const auto run = [&](int tenths, std::size_t each) {
    for (int i = 0; i < tenths; ++i) {
      now += kSecond / 10;
      done += each;
      rate.note(done, now);
    }
  };
  run(5, 100);
  CHECK_FALSE(rate.per_second());
  run(100, 100);
  CHECK(rate.per_second().value() == doctest::Approx(1000));
  run(60, 0);
  CHECK(rate.per_second().value() == 0);
  run(60, 10);
  CHECK(rate.per_second().value() == doctest::Approx(100));
  rate.note(0, now);  // another phase
  CHECK_FALSE(rate.per_second());
  rate.note(5, now - 100 * kSecond);  // the clock was set back
  CHECK_FALSE(rate.per_second());
}

TEST_CASE("on a terminal one line is drawn again, at most ten times a second") {
  Stage stage(ProgressStyle::line);
  stage.progress.show(revoking(0, 1000));
  CHECK(stage.said().empty());
  std::size_t drawn = 0;
  for (std::size_t i = 1; i <= 1000; ++i) {  // ten seconds
    stage.clock.advance(kSecond / 100);
    stage.progress.show(revoking(i, 1000));
    if (!stage.said().empty()) ++drawn;
  }
  CHECK(drawn == 100);
  stage.progress.clear();
  const std::string cleared = stage.said();
  CHECK(cleared.front() == '\r');
  CHECK(cleared.back() == '\r');
  CHECK(cleared.find_first_not_of(" \r") == std::string::npos);
  stage.progress.clear();
  CHECK(stage.said().empty());
  stage.progress.finish();
  CHECK(stage.said() == "Round 1: asked to revoke 1,000 of 1,000 tokens in 10 s\n");
}

TEST_CASE("a shorter line covers a longer one, and the terminal's width is asked each time") {
  Stage stage(ProgressStyle::line);
  stage.progress.show(revoking(1, 1000));
  stage.clock.advance(kSecond);
  stage.progress.show(revoking(10, 1000));
  const std::string wide = stage.said();
  stage.width = 30;
  stage.clock.advance(kSecond);
  stage.progress.show(revoking(20, 1000));
  const std::string narrow = stage.said();
  CHECK(narrow.size() == wide.size());  // a '\r', the line and spaces
  CHECK(narrow.find("20 of 1,000") != std::string::npos);
  CHECK(narrow.find_last_not_of(' ') < 30);
}

TEST_CASE("in a log there is a line every five seconds, and one at the end of a long phase") {
  Stage stage(ProgressStyle::lines);
  for (std::size_t i = 0; i <= 12; ++i) {
    stage.progress.show(looking(i, 100, true));
    stage.clock.advance(kSecond);
  }
  CHECK(stage.said() ==
        "Round 1: looking at 5 of 100 5% 1.0/s, 95 s left, 56 match\n"
        "Round 1: looking at 10 of 100 10% 1.0/s, 90 s left, 56 match\n");
  stage.progress.show(revoking(0, 10));
  CHECK(stage.said() == "Round 1: looked at 12 tokens in 13 s, 56 match\n");
  stage.clock.advance(4 * kSecond);
  stage.progress.show(revoking(10, 10));
  stage.progress.finish();
  CHECK(stage.said().empty());
}

TEST_CASE("nothing is said with -q") {
  Stage stage(ProgressStyle::none);
  for (std::size_t i = 0; i <= 100; ++i) {
    stage.progress.show(revoking(i, 100));
    stage.clock.advance(kSecond);
  }
  stage.progress.finish();
  CHECK(stage.said().empty());
}
