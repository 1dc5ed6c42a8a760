// How unlike the items of a list are.
#ifndef PALATE_EVALUATE_DIVERSITY_H_
#define PALATE_EVALUATE_DIVERSITY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/evaluate.h"
#include "palate/model.h"
#include "palate/types.h"

namespace palate::internal {

/// What similarities are taken from, worked out once a model. Borrows the model.
class ItemLikeness {
 public:
  explicit ItemLikeness(const Model& model);

  DiversityBasis basis() const { return basis_; }

  /// The mean of 1 - similarity over the pairs of a list, see ListMetrics; NaN for fewer than two
  /// items or without a basis.
  double mean_distance(std::span<const ItemIndex> list) const;

 private:
  void measure_vectors();
  void collect_categories(const Model& model);
  double mean_distance_of_vectors(std::span<const ItemIndex> list) const;
  double mean_distance_of_categories(std::span<const ItemIndex> list) const;
  std::span<const std::uint32_t> categories_of(ItemIndex item) const;

  DiversityBasis basis_ = DiversityBasis::kNone;
  TableView vectors_;
  std::size_t columns_;                    ///< of a vector that count, see telling_columns
  std::vector<double> inverse_lengths_;    ///< one a vector; 0 for a vector of zeros
  std::vector<std::size_t> offsets_{0};    ///< items + 1 positions in `categories_`
  std::vector<std::uint32_t> categories_;  ///< of all attributes, an item's ascending, each once
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_DIVERSITY_H_
