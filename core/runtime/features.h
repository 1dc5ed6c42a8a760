// The ranker's item features: columns that the file describes, computed from the catalogue.
#ifndef PALATE_RUNTIME_FEATURES_H_
#define PALATE_RUNTIME_FEATURES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Writes the columns of `FeatureView`s, each (x - mean) * scale, for one item at a time, but for
/// those of the visitor (`VisitorFeatures`). Borrows all it is given.
class ItemFeatures {
 public:
  /// `features` are those of the model's ranker. `kModelMeaning` when two name the same category.
  static Result<ItemFeatures> create(const Model& model, std::span<const FeatureView> features);

  std::size_t size() const { return features_.size(); }

  /// Fills `columns` (`size()` numbers); those of the visitor are left at no use.
  void write(ItemIndex item, std::span<float> columns) const;

 private:
  ItemFeatures(const Model& model, std::span<const FeatureView> features)
      : model_(&model), features_(features) {}

  Status reserve();
  Status map_categories();

  const Model* model_;
  std::span<const FeatureView> features_;
  Buffer<float> absent_;                 // the columns of an item that has no category
  Buffer<std::uint32_t> column_starts_;  // attribute -> where its categories start in columns_
  Buffer<std::uint32_t> columns_;        // category -> its column, or kNoColumn
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FEATURES_H_
