// Items that nobody has touched: a place in a trained model, from what is known of them.
#ifndef PALATE_NEW_ITEMS_H_
#define PALATE_NEW_ITEMS_H_

#include <cstddef>

#include "palate/dataset.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

/// What became of the items that a model lacks.
struct PlacedItems {
  std::size_t placed = 0;
  std::size_t unknown = 0;  ///< left out: none of their attributes says anything
};

/// Appends the items that `contents` lacks, by id, with popularity 0: to the catalogue and to every
/// table that has a row an item. Their vectors (and biases of values) are what a ridge regression
/// of the other items' vectors on their attributes makes of theirs: with x an item's categories (0
/// or 1) and its numbers, brought to mean 0 and deviation 1 (0 where missing),
///
///   B = argmin sum_i popularity_i |h_i - mean - B'(x_i - mean x)|^2 + lambda |B|^2,
///
/// the means weighted alike, lambda = 3 times the mean popularity: every interaction counts once.
/// Rows of item weights are empty; a fold-in's Gramian counts the new vectors. `items` has the
/// attributes that the model was trained with, and may have categories that it lacks, which say
/// nothing. `kRequestInvalid` where the model has no item vectors or no attributes. Scores of other
/// items change with the Gramian alone.
Result<PlacedItems> place_new_items(const Catalogue& items, ModelContents& contents);

}  // namespace palate

#endif  // PALATE_NEW_ITEMS_H_
