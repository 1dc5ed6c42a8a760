// Formulas of what lists are made of: numbers in, numbers out.
#ifndef PALATE_EVALUATE_LIST_METRICS_H_
#define PALATE_EVALUATE_LIST_METRICS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "palate/evaluate.h"

namespace palate::internal {

/// -log2(count / whole), a count of 0 taken for 1, so that it is finite. `whole` > 0.
double self_information(std::uint64_t count, double whole);

/// The Gini index of non-negative amounts, see ListMetrics; 0 where all are 0.
double gini_index(std::vector<std::uint64_t> amounts);

/// |A in B| / |A or B| of two sets, each ascending; 0 where either is empty.
double jaccard_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

/// The mean over all pairs of `count` >= 2 vectors of 1 - cosine, from the sum s of the vectors
/// scaled to length 1: sum over the pairs of the cosine = (s's - those that are not zero) / 2.
double mean_cosine_distance(std::span<const double> sum_of_unit_vectors, std::uint64_t not_zero,
                            std::uint64_t count);

/// One class for each item of a catalogue, most popular first; see PopularityClass.
std::vector<PopularityClass> popularity_classes(std::span<const std::uint32_t> popularity);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_LIST_METRICS_H_
