// The linear head: logistic or linear regression on the terms of all columns.
#ifndef PALATE_TRAIN_CLICK_LINEAR_HEAD_H_
#define PALATE_TRAIN_CLICK_LINEAR_HEAD_H_

#include <vector>

#include "data/parallel.h"
#include "train/click/training_rows.h"

namespace palate::internal {

struct LinearHead {
  double bias = 0;
  std::vector<std::vector<float>> weights;  ///< of each column, as `TabularColumn::weights`
  double penalty = 0;                       ///< that was chosen
  double validation_loss = 0;               ///< mean over the validation rows
};

/// Minimises sum of losses + penalty / 2 * (sum of the squared weights) over the training rows, by
/// Newton's method with conjugate gradients (Lin, Weng, Keerthi 2008, "Trust region Newton method
/// for large-scale logistic regression", with a line search in place of the region), for each of
/// a few penalties; keeps the one with the least loss on the validation rows. The same for any
/// number of threads.
LinearHead train_linear_head(const TrainingRows& rows, ThreadPool& pool);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_CLICK_LINEAR_HEAD_H_
