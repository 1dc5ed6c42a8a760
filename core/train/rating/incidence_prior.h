// What to expect of a vector from the columns that its row has at all, whatever stands in them.
#ifndef PALATE_TRAIN_RATING_INCIDENCE_PRIOR_H_
#define PALATE_TRAIN_RATING_INCIDENCE_PRIOR_H_

#include <cstddef>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "factor/sparse_rows.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// The ridge regression of the vectors of all rows on n^-1/2 sum_j y_j, where j runs over the n
/// columns of the row: minimises over the y_j
///   sum over rows of |vector - n^-1/2 sum_j y_j|^2 + ridge * sum over columns of |y_j|^2.
class IncidencePrior {
 public:
  /// Starts with all y_j at zero. The weights of `rows` do not count. Borrows kernels and pool.
  IncidencePrior(SparseRows rows, std::size_t columns, std::size_t dimension, float ridge,
                 const Kernels& kernels, ThreadPool& pool);

  /// n^-1/2 sum_j y_j for each row.
  void predict(std::span<float> priors) const;

  /// Takes a few steps of conjugate gradients towards the minimum (Golub, Van Loan 2013, section
  /// 11.3), one system a dimension, all with the same matrix.
  void improve(std::span<const float> vectors);

  std::vector<float>& vectors() { return vectors_; }  ///< the y_j, columns x dimension
  const std::vector<float>& vectors() const { return vectors_; }

 private:
  void multiply(std::span<const float> vectors);
  std::vector<double> column_products(std::span<const float> a, std::span<const float> b) const;

  SparseRows rows_;
  SparseRows columns_;  ///< transposed
  std::size_t dimension_;
  float ridge_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::vector<float> vectors_;
  std::vector<float> row_sums_;
  std::vector<float> residual_;
  std::vector<float> direction_;
  std::vector<float> product_;
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RATING_INCIDENCE_PRIOR_H_
