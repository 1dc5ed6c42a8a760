// Where a long computation stands, shown to whoever waits: a line that renews itself on a terminal,
// plain lines in a log.
#ifndef PALATE_TOOLS_PROGRESS_H_
#define PALATE_TOOLS_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "command.h"
#include "palate/train.h"

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

  void renew(const std::string& line);
  void append(const std::string& line, bool is_last, Clock::time_point now);
  void finish();

  Console* console_;
  std::string stage_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point latest_ = began_;
  Clock::time_point logged_ = began_;
  std::string unfinished_;  ///< the line that stands on the terminal, or is not in the log yet
};

/// "ials 5 of 16 epochs, 3.2 a second, 3.44 s left, validation AUC 0.9123".
std::string progress_text(const Progress& progress, double seconds);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_PROGRESS_H_
