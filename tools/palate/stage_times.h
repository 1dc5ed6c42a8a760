// How long each stage of a command took, on the clock and on the processors.
#ifndef PALATE_TOOLS_STAGE_TIMES_H_
#define PALATE_TOOLS_STAGE_TIMES_H_

#include <chrono>
#include <ctime>
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
    const Moment now;
    laps_.push_back({std::move(stage),
                     std::chrono::duration<double>(now.clock - began_.clock).count(),
                     now.cpu - began_.cpu});
    began_ = now;
  }

  /// "read 0.31 s, clean 0.02 s, train 2.10 s".
  std::string text() const { return joined(&Lap::seconds); }

  /// The same in seconds of all processors together.
  std::string cpu_text() const { return joined(&Lap::cpu_seconds); }

 private:
  struct Moment {
    std::chrono::steady_clock::time_point clock = std::chrono::steady_clock::now();
    double cpu = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  };
  struct Lap {
    std::string stage;
    double seconds = 0;
    double cpu_seconds = 0;
  };

  std::string joined(double Lap::*seconds) const {
    std::string text;
    for (const Lap& lap : laps_) {
      text += (text.empty() ? "" : ", ") + lap.stage + " " + duration(lap.*seconds);
    }
    return text;
  }

  Moment began_;
  std::vector<Lap> laps_;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_STAGE_TIMES_H_
