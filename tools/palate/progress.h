// Where a long computation stands, shown to whoever waits: a line that renews itself on a terminal,
// plain lines in a log.
#ifndef PALATE_TOOLS_PROGRESS_H_
#define PALATE_TOOLS_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "command.h"
#include "palate/progress.h"

namespace palate::tools {

/// Measures from its construction, or from the end of the stage before. A log gets a line every ten
/// seconds and one at the end of a stage.
class ProgressLine {
 public:
  explicit ProgressLine(Console& console) : console_(&console) {}
  ~ProgressLine() { finish(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  void finish();

  Console* console_;
  std::string stage_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point latest_ = began_;
  Clock::time_point logged_ = began_;
  std::string ending_;  ///< what is left to say of the stage, should it end now
};

/// "ials 5 of 16 epochs, 3.2 a second, 3.44 s left, objective 0.9123"; once it has ended "in 1.56
/// s".
std::string progress_text(const Progress& progress, double seconds, bool has_ended);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_PROGRESS_H_
