// The rows of a catalogue are in order of popularity already.
#include "runtime/popularity.h"

namespace palate::internal {

Popularity::Popularity(const Model& model) : model_(&model) {
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    interactions_ += model.popularity(to_item(row));
  }
}

float Popularity::score(ItemIndex item) const {
  return interactions_ > 0 ? static_cast<float>(model_->popularity(item) / interactions_) : 0.0F;
}

std::size_t Popularity::best(RowMask excluded, std::span<Pick> picks) const {
  std::size_t count = 0;
  for (std::size_t row = 0; row < model_->item_count() && count < picks.size(); ++row) {
    if (!excluded[row]) picks[count++] = {to_item(row), score(to_item(row))};
  }
  return count;
}

}  // namespace palate::internal
