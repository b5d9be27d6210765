// How far a sweep is, on standard error: one line that is drawn again and again on a terminal, a line now and then in
// a log.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "cmd/context.hpp"
#include "sweep/progress.hpp"

namespace vtoken::cmd {

/// How many settled requests a second, over the last seconds.
class SweepRate {
 public:
  /// Notes that `done` are settled at `now`. A `done` or `now` that goes back starts over.
  void note(std::size_t done, Nanoseconds now);
  /// Nothing until a second's worth is known.
  [[nodiscard]] std::optional<double> per_second() const noexcept;
  void start_over() { samples_.clear(); }

 private:
  struct Sample {
    Nanoseconds at;
    std::size_t done;
  };
  std::deque<Sample> samples_ = {};  // a few a second; the last one moves until it is old enough to stay
};

/// How the progress of a sweep is shown.
enum class ProgressStyle {
  line,   ///< one line, drawn again at most ten times a second
  lines,  ///< a line every five seconds, and one at the end of a phase that took longer
  none
};

/// none with -q; a line where standard error is a terminal that can go back to the line's beginning.
[[nodiscard]] ProgressStyle progress_style(const Context& context);

/// Columns of the terminal on standard error now; 80 when it does not say.
[[nodiscard]] std::size_t terminal_width();

/// Borrows the streams and the clock. Not safe for use from several threads.
class SweepProgress {
 public:
  SweepProgress(std::ostream& err, const Clock& clock, ProgressStyle style,
                std::function<std::size_t()> width = terminal_width);
  /// Clears the line.
  ~SweepProgress();
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  /// Takes the state; call it as often as you like, after each answer and while nothing comes. Draws when it is time.
  void show(const sweep::Progress& progress);
  /// Clears the line, so that something else can be printed; the next show() draws it again.
  void clear();
  /// Ends the phase: clears the line, and says how long the phase took when that was more than five seconds. Call it
  /// before the plan and the summary; show() of another phase or round does it too.
  void finish();

 private:
  void begin(const sweep::Progress& progress, Nanoseconds now);
  void draw(const std::string& line);

  std::ostream& err_;
  const Clock& clock_;
  ProgressStyle style_;
  std::function<std::size_t()> width_;
  SweepRate rate_ = {};
  std::optional<sweep::Progress> shown_ = {};  // the phase's last state; nothing between phases
  Nanoseconds began_ = 0;
  Nanoseconds last_ = 0;   // when something was drawn or printed
  std::size_t drawn_ = 0;  // columns of the line that stands on the terminal
};

}  // namespace vtoken::cmd
