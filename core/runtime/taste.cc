// Shares of a history's weight beside shares of all interactions.
#include "runtime/taste.h"

#include <cstddef>

namespace palate::internal {
namespace {

class Shares {
 public:
  explicit Shares(std::size_t categories) : categories_(categories) {}

  void add(std::span<const std::uint32_t> categories, double weight) {
    sum_ += weight;
    ++items_;
    for (const std::uint32_t category : categories) {
      Category& own = categories_[category];
      if (own.last_item != items_) own.weight += weight;  // an item may name a category twice
      own.last_item = items_;
    }
  }

  float operator[](std::size_t category) const {
    return sum_ > 0 ? static_cast<float>(categories_[category].weight / sum_) : 0;
  }

 private:
  struct Category {
    double weight = 0;
    std::size_t last_item = 0;
  };
  double sum_ = 0;
  std::size_t items_ = 0;
  std::vector<Category> categories_;
};

}  // namespace

std::vector<Taste> taste_of(const Model& model, std::span<const HistoryItem> history,
                            const AttributeBias& wishes) {
  std::vector<Taste> tastes;
  for (std::uint32_t a = 0; a < model.attributes().size(); ++a) {
    const AttributeView& attribute = model.attributes()[a];
    Shares own(attribute.categories.size());
    Shares usual(attribute.categories.size());
    for (const HistoryItem& item : history) {
      if (item.weight > 0) own.add(attribute.entries_of(ItemIndex{item.row}), item.weight);
    }
    for (std::size_t row = 0; row < model.item_count(); ++row) {
      usual.add(attribute.entries_of(to_item(row)), model.popularity(to_item(row)));
    }
    for (std::uint32_t c = 0; c < attribute.categories.size(); ++c) {
      if (own[c] > 0 || wishes.is_for(a, c)) tastes.push_back({a, c, own[c], usual[c]});
    }
  }
  return tastes;
}

}  // namespace palate::internal
