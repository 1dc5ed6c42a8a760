// Items that nobody has touched: a place in a trained model, from what is known of them.
#ifndef PALATE_NEW_ITEMS_H_
#define PALATE_NEW_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "palate/model.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

struct NewItems {
  Catalogue catalogue;        ///< ids are unique; its popularity is not read
  std::size_t dimension = 0;  ///< of `vectors`
  /// A row an item, which ends at the first NaN: at once where the item has none. Empty: none has.
  std::vector<float> vectors = {};
};

/// What becomes of a new item.
enum class Placement : std::uint8_t {
  kPlaced,
  kKnown,            ///< not placed: the model has an item of this id
  kNoVectors,        ///< not placed: the model gives items no vectors
  kOtherDimension,   ///< not placed: its vector has another length than those of the model
  kNoMap,            ///< not placed: it has no vector, and the model no content map
  kNothingKnown,     ///< not placed: it has no vector, and none of its attributes says anything
  kNoHistoryVector,  ///< not placed: an item's vector in a history is another one, and nothing but
                     ///< attributes, of which none says anything, would tell it
  kTooLarge          ///< not placed: a number of its vectors would exceed `kMaxMagnitude`
};

struct PlacedItems {
  std::vector<Placement> placements;  ///< one an item
  std::vector<std::byte> model;       ///< the grown file; empty where no item is placed
};

/// Whether the grown file has the content map too.
enum class ContentMapStays : bool { kNo, kYes };

/// Appends new items to a model, by id, with popularity 0: to the catalogue and to every table that
/// has a row an item, rounded as it is. An item's vectors (and bias of values) are what the model's
/// content map makes of its attributes; a vector that comes with the item takes the place of the
/// item vector's, and without attributes that say anything its implicit vector and bias are 0.
/// Attributes are the model's of the same name and kind, others are not read; categories that the
/// model lacks are appended and say nothing. Rows of item weights are empty; a fold-in's Gramian
/// counts the new vectors. Scores of other items change with the Gramian alone.
///
/// The file is not opened: whoever keeps it opens it first. `kModelMeaning` where the content map
/// is no good or the file would exceed 2 GiB.
Result<PlacedItems> place_new_items(const Model& model, const NewItems& items,
                                    ContentMapStays map = ContentMapStays::kYes);

}  // namespace palate

#endif  // PALATE_NEW_ITEMS_H_
