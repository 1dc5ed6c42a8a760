// Formulas of what lists are made of: numbers in, numbers out.
#include "evaluate/list_metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace palate::internal {

double self_information(std::uint64_t count, double whole) {
  return std::log2(whole / static_cast<double>(std::max<std::uint64_t>(count, 1)));
}

double gini_index(std::vector<std::uint64_t> amounts) {
  std::sort(amounts.begin(), amounts.end());
  const auto count = static_cast<double>(amounts.size());
  double weighted = 0;
  double whole = 0;
  for (std::size_t at = 0; at < amounts.size(); ++at) {
    const auto amount = static_cast<double>(amounts[at]);
    weighted += (2 * static_cast<double>(at + 1) - count - 1) * amount;
    whole += amount;
  }
  return whole > 0 ? weighted / (count * whole) : 0.0;
}

double jaccard_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::size_t common = 0;
  for (std::size_t in_a = 0, in_b = 0; in_a < a.size() && in_b < b.size();) {
    common += a[in_a] == b[in_b] ? 1 : 0;
    const bool a_first = a[in_a] <= b[in_b];
    const bool b_first = b[in_b] <= a[in_a];
    in_a += a_first ? 1 : 0;
    in_b += b_first ? 1 : 0;
  }
  const std::size_t either = a.size() + b.size() - common;
  return either == 0 ? 0.0 : static_cast<double>(common) / static_cast<double>(either);
}

double mean_cosine_distance(std::span<const double> sum_of_unit_vectors, std::uint64_t not_zero,
                            std::uint64_t count) {
  assert(count >= 2 && not_zero <= count);
  const double square = std::inner_product(sum_of_unit_vectors.begin(), sum_of_unit_vectors.end(),
                                           sum_of_unit_vectors.begin(), 0.0);
  const auto number = static_cast<double>(count);
  return 1 - (square - static_cast<double>(not_zero)) / (number * (number - 1));
}

std::vector<PopularityClass> popularity_classes(std::span<const std::uint32_t> popularity) {
  const auto whole = std::accumulate(popularity.begin(), popularity.end(), std::uint64_t{0});
  std::vector<PopularityClass> classes;
  classes.reserve(popularity.size());
  std::uint64_t before = 0;
  for (const std::uint32_t count : popularity) {
    classes.push_back(3 * before < whole       ? PopularityClass::kHead
                      : 3 * before < 2 * whole ? PopularityClass::kTorso
                                               : PopularityClass::kTail);
    before += count;
  }
  return classes;
}

}  // namespace palate::internal
