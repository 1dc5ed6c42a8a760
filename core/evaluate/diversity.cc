// How unlike the items of a list are: from their vectors in time linear in the list, else from
// their categories, pair by pair.
#include "evaluate/diversity.h"

#include <algorithm>
#include <limits>

#include "evaluate/list_metrics.h"
#include "runtime/dot.h"
#include "runtime/score_offset.h"

namespace palate::internal {

ItemLikeness::ItemLikeness(const Model& model)
    : vectors_(model.item_vectors()), columns_(telling_columns(model)) {
  if (model.dimension() > 0) {
    basis_ = DiversityBasis::kItemVectors;
    measure_vectors();
    return;
  }
  collect_categories(model);
  if (!categories_.empty()) basis_ = DiversityBasis::kCategories;
}

void ItemLikeness::measure_vectors() {
  inverse_lengths_.reserve(vectors_.rows);
  std::vector<float> vector(vectors_.columns);
  for (std::size_t row = 0; row < vectors_.rows; ++row) {
    vectors_.read(row, vector);
    inverse_lengths_.push_back(inverse_norm(std::span(vector).first(columns_)));
  }
}

void ItemLikeness::collect_categories(const Model& model) {
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    const auto begin = static_cast<std::ptrdiff_t>(categories_.size());
    std::uint32_t first_of_attribute = 0;
    for (const AttributeView& attribute : model.attributes()) {
      for (const std::uint32_t category : attribute.entries_of(to_item(row))) {
        categories_.push_back(first_of_attribute + category);
      }
      first_of_attribute += static_cast<std::uint32_t>(attribute.categories.size());
    }
    std::sort(categories_.begin() + begin, categories_.end());
    categories_.erase(std::unique(categories_.begin() + begin, categories_.end()),
                      categories_.end());
    offsets_.push_back(categories_.size());
  }
}

std::span<const std::uint32_t> ItemLikeness::categories_of(ItemIndex item) const {
  const std::size_t row = to_row(item);
  return std::span(categories_).subspan(offsets_[row], offsets_[row + 1] - offsets_[row]);
}

double ItemLikeness::mean_distance(std::span<const ItemIndex> list) const {
  if (list.size() < 2 || basis_ == DiversityBasis::kNone) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return basis_ == DiversityBasis::kItemVectors ? mean_distance_of_vectors(list)
                                                : mean_distance_of_categories(list);
}

double ItemLikeness::mean_distance_of_vectors(std::span<const ItemIndex> list) const {
  std::vector<double> sum(columns_, 0.0);
  std::vector<float> vector(vectors_.columns);
  std::uint64_t not_zero = 0;
  for (const ItemIndex item : list) {
    const double scale = inverse_lengths_[to_row(item)];
    not_zero += scale > 0 ? 1 : 0;
    vectors_.read(to_row(item), vector);
    for (std::size_t at = 0; at < sum.size(); ++at) sum[at] += scale * vector[at];
  }
  return mean_cosine_distance(sum, not_zero, list.size());
}

double ItemLikeness::mean_distance_of_categories(std::span<const ItemIndex> list) const {
  double similarities = 0;
  for (std::size_t a = 0; a < list.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      similarities += jaccard_similarity(categories_of(list[a]), categories_of(list[b]));
    }
  }
  const auto count = static_cast<double>(list.size());
  return 1 - similarities / (count * (count - 1) / 2);
}

}  // namespace palate::internal
