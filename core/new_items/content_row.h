// What is known of an item, as the columns of a content map; and what the map makes of it.
#ifndef PALATE_NEW_ITEMS_CONTENT_ROW_H_
#define PALATE_NEW_ITEMS_CONTENT_ROW_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/model.h"

namespace palate::internal {

struct ContentEntry {
  std::uint32_t column = 0;
  double x = 0;
};

/// The entries of an item that are not 0.
using ContentRow = std::vector<ContentEntry>;

/// Fills rows as a map reads them, of which it borrows `means` and `scales`.
class ContentColumns {
 public:
  ContentColumns(std::span<const std::uint32_t> columns, std::span<const float> means,
                 std::span<const float> scales);

  std::size_t size() const { return first_.back(); }

  /// Nothing where it is missing.
  void add_number(std::size_t attribute, float number, ContentRow& row) const;

  /// Nothing for a category that the map does not know.
  void add_category(std::size_t attribute, std::uint32_t category, ContentRow& row) const;

 private:
  std::vector<std::uint32_t> first_;  // attribute -> its first column; then the end
  std::span<const float> means_;
  std::span<const float> scales_;
};

/// The outputs of a map.
std::vector<float> mapped_row(const ContentMapView& map, std::span<const ContentEntry> row);

}  // namespace palate::internal

#endif  // PALATE_NEW_ITEMS_CONTENT_ROW_H_
