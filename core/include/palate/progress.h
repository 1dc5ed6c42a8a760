// Where a long computation stands, told to whoever waits.
#ifndef PALATE_PROGRESS_H_
#define PALATE_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace palate {

/// Where a long computation stands.
struct Progress {
  std::string_view stage;  ///< "ials", "ranker", ...
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::string_view unit;     ///< "epoch", "row", ...
  std::string_view measure;  ///< what `value` is ("validation AUC"); empty: nothing to show
  double value = 0;
};

/// Called from the thread that asked for the computation; may be empty.
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace palate

#endif  // PALATE_PROGRESS_H_
