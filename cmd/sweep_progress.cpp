#include "cmd/sweep_progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "cmd/readable.hpp"
#include "cmd/sweep_progress_text.hpp"

namespace vtoken::cmd {
namespace {

constexpr Nanoseconds kRedraw = kSecond / 10;
constexpr Nanoseconds kLineEvery = 5 * kSecond;
constexpr Nanoseconds kSampleEvery = kSecond / 4;
constexpr Nanoseconds kRateOver = 5 * kSecond;
constexpr std::size_t kUsualWidth = 80;

}  // namespace

void SweepRate::note(std::size_t done, Nanoseconds now) {
  if (!samples_.empty() && (done < samples_.back().done || now < samples_.back().at)) samples_.clear();
  const std::size_t count = samples_.size();
  // The newest sample is moved on until it is far enough from the one before.
  if (count >= 2 && samples_[count - 1].at - samples_[count - 2].at < kSampleEvery) samples_.pop_back();
  samples_.push_back({now, done});
  while (samples_.size() > 2 && now - samples_[1].at >= kRateOver) samples_.pop_front();
}

std::optional<double> SweepRate::per_second() const noexcept {
  if (samples_.empty()) return std::nullopt;
  const Nanoseconds took = samples_.back().at - samples_.front().at;
  if (took < kSecond) return std::nullopt;
  return static_cast<double>(samples_.back().done - samples_.front().done) /
         (static_cast<double>(took) / static_cast<double>(kSecond));
}

ProgressStyle progress_style(const Context& context) {
  if (context.common.quiet) return ProgressStyle::none;
  const auto terminal = context.environment.find("TERM");
  const bool is_dumb = terminal != context.environment.end() && terminal->second == "dumb";
  return context.streams.err_is_terminal && !is_dumb ? ProgressStyle::line : ProgressStyle::lines;
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualWidth;
}

SweepProgress::SweepProgress(std::ostream& err, const Clock& clock, ProgressStyle style,
                             std::function<std::size_t()> width)
    : err_(err), clock_(clock), style_(style), width_(std::move(width)) {}

SweepProgress::~SweepProgress() { clear(); }

void SweepProgress::begin(const sweep::Progress& progress, Nanoseconds now) {
  finish();
  rate_.start_over();
  began_ = now;
  last_ = now;  // a short phase shows nothing
  shown_ = progress;
}

void SweepProgress::show(const sweep::Progress& progress) {
  if (style_ == ProgressStyle::none) return;
  const Nanoseconds now = clock_.now();
  if (!shown_ || shown_->phase != progress.phase || shown_->round != progress.round) begin(progress, now);
  shown_ = progress;
  rate_.note(progress.phase_done, now);
  if (now < last_) last_ = now;  // the clock was set back
  if (now - last_ < (style_ == ProgressStyle::line ? kRedraw : kLineEvery)) return;
  last_ = now;
  const std::size_t width = style_ == ProgressStyle::line ? std::max<std::size_t>(width_(), 2) - 1 : 0;
  const std::string line = progress_line(progress, rate_.per_second(), width);
  if (style_ == ProgressStyle::line) {
    draw(line);
  } else {
    err_ << line + '\n' << std::flush;
  }
}

void SweepProgress::draw(const std::string& line) {
  const std::size_t columns = count_columns(line);
  // One write, so that nothing flickers; what stands behind the new line is written over.
  err_ << '\r' + line + std::string(drawn_ > columns ? drawn_ - columns : 0, ' ') << std::flush;
  drawn_ = columns;
}

void SweepProgress::clear() {
  if (drawn_ == 0) return;
  err_ << '\r' + std::string(drawn_, ' ') + '\r' << std::flush;
  drawn_ = 0;
}

void SweepProgress::finish() {
  clear();
  if (!shown_) return;
  const Nanoseconds took = clock_.now() - began_;
  if (took > kLineEvery) err_ << progress_end_line(*shown_, took) + '\n' << std::flush;
  shown_.reset();
}

}  // namespace vtoken::cmd
