// Where a long computation stands, shown to whoever waits.
#include "progress.h"

#include "format.h"

namespace palate::tools {
namespace {

constexpr std::chrono::seconds kBetweenLogLines{10};

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::string progress_text(const Progress& progress, double seconds) {
  std::string text = std::string(progress.stage) + " " + with_commas(progress.done) + " of " +
                     counted(progress.total, progress.unit);
  if (progress.done > 0 && progress.done == progress.total) {
    text += " in " + duration(seconds);
  } else if (progress.done > 0 && seconds > 0) {
    const double rate = static_cast<double>(progress.done) / seconds;
    const auto left = static_cast<double>(progress.total - progress.done);
    text += ", " + (rate < 100 ? fixed(rate, 1) : with_commas(static_cast<std::uint64_t>(rate))) +
            " a second, " + duration(left / rate) + " left";
  }
  if (!progress.measure.empty()) {
    text += ", " + std::string(progress.measure) + " " + fixed(progress.value, 4);
  }
  return text;
}

void ProgressLine::show(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (progress.stage != stage_) {
    finish();
    stage_ = progress.stage;
    began_ = latest_;
    logged_ = now;
  }
  latest_ = now;
  const std::string line = progress_text(progress, seconds_between(began_, now));
  if (console_->log_is_terminal) {
    renew(line);
  } else {
    append(line, progress.done == progress.total, now);
  }
}

void ProgressLine::renew(const std::string& line) {
  console_->log << "\r\x1b[K" << line << std::flush;
  unfinished_ = line;
}

void ProgressLine::append(const std::string& line, bool is_last, Clock::time_point now) {
  unfinished_ = line;
  if (is_last || now - logged_ >= kBetweenLogLines) {
    finish();
    logged_ = now;
  }
}

void ProgressLine::finish() {
  if (unfinished_.empty()) return;
  if (!console_->log_is_terminal) console_->log << unfinished_;
  console_->log << std::endl;
  unfinished_.clear();
}

}  // namespace palate::tools
