// From what is known of an item to the numbers that a model has of it: a ridge regression.
#ifndef PALATE_TRAIN_NEW_ITEMS_CONTENT_MAP_H_
#define PALATE_TRAIN_NEW_ITEMS_CONTENT_MAP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model_writer.h"

namespace palate::internal {

/// Attributes as sparse rows of numbers: a column a category, and one a number attribute.
class ContentFeatures {
 public:
  struct Entry {
    std::uint32_t column = 0;
    double x = 0;
  };

  /// Scales numbers as `catalogue` has them.
  explicit ContentFeatures(const Catalogue& catalogue);

  std::size_t columns() const { return columns_; }

  /// What a row of `catalogue` is, which has the same attributes. Of each it may have further
  /// categories, behind those that were there at first: they say nothing.
  std::vector<Entry> row(const Catalogue& catalogue, std::size_t item) const;

 private:
  struct Scale {
    double mean = 0;
    double factor = 0;
  };
  std::vector<std::uint32_t> first_;  // attribute -> its first column; then the end
  std::vector<Scale> scales_;
  std::size_t columns_ = 0;
};

/// See `place_new_items`. Targets are rows of `outputs` numbers.
class ContentMap {
 public:
  ContentMap(std::span<const std::vector<ContentFeatures::Entry>> rows, std::size_t columns,
             std::span<const double> weights, std::span<const float> targets, std::size_t outputs);

  std::vector<float> apply(std::span<const ContentFeatures::Entry> row) const;

 private:
  std::size_t outputs_;
  std::vector<double> map_;   // columns x outputs
  std::vector<double> base_;  // what an item of which nothing is known comes to
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_NEW_ITEMS_CONTENT_MAP_H_
