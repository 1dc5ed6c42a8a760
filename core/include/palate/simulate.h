// Simulated visitors over a real catalogue: a documented generative model, for demos and tests
// without anybody's data.
#ifndef PALATE_SIMULATE_H_
#define PALATE_SIMULATE_H_

#include <cstdint>

#include "palate/dataset.h"
#include "palate/result.h"

namespace palate {

struct SimulateOptions {
  std::uint64_t users = 1000;
  std::uint64_t events = 100'000;  ///< 1,000 to 10 million
  std::uint64_t seed = 1;
};

/// Draws a log over `items` (as `read_items` returns them). The same items, options and seed give
/// the same rows everywhere.
Result<InteractionLog> simulate(const Catalogue& items, const SimulateOptions& options);

}  // namespace palate

#endif  // PALATE_SIMULATE_H_
