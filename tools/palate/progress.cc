// Where a long computation stands, shown to whoever waits.
#include "progress.h"

#include "format.h"

namespace palate::tools {
namespace {

constexpr std::chrono::seconds kBetweenLogLines{10};
constexpr const char* kRenew = "\r\x1b[K";  // to the start of the line, and clear it

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::string progress_text(const Progress& progress, double seconds, bool has_ended) {
  std::string text = std::string(progress.stage) + " " + with_commas(progress.done) + " of " +
                     counted(progress.total, progress.unit);
  if (has_ended) {
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
  const double seconds = seconds_between(began_, now);
  ending_ = progress_text(progress, seconds, true);
  if (progress.done == progress.total) {
    finish();
    stage_.clear();  // the next one may have the same name
  } else if (console_->log_is_terminal) {
    console_->log << kRenew << progress_text(progress, seconds, false) << std::flush;
  } else if (now - logged_ >= kBetweenLogLines) {
    console_->log << progress_text(progress, seconds, false) << std::endl;
    logged_ = now;
  }
}

void ProgressLine::finish() {
  if (ending_.empty()) return;
  console_->log << (console_->log_is_terminal ? kRenew : "") << ending_ << std::endl;
  ending_.clear();
}

}  // namespace palate::tools
