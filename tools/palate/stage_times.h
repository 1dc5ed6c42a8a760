// How long each stage of a command took.
#ifndef PALATE_TOOLS_STAGE_TIMES_H_
#define PALATE_TOOLS_STAGE_TIMES_H_

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "format.h"

namespace palate::tools {

/// A stop-watch with a name for each lap.
class StageTimes {
 public:
  /// Ends the stage that began at construction or with the stage before.
  void end(std::string stage) {
    const auto now = Clock::now();
    laps_.emplace_back(std::move(stage), std::chrono::duration<double>(now - began_).count());
    began_ = now;
  }

  /// "read 0.31 s, clean 0.02 s, train 2.10 s".
  std::string text() const {
    std::string joined;
    for (const auto& [stage, seconds] : laps_) {
      joined += (joined.empty() ? "" : ", ") + stage + " " + duration(seconds);
    }
    return joined;
  }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point began_ = Clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_STAGE_TIMES_H_
