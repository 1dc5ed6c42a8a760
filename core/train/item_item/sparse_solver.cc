// Item-item weights from regressions on neighbourhoods, for catalogues too large for one matrix.
#include <algorithm>

#include "train/item_item/item_item.h"
#include "train/item_item/neighbourhood.h"

namespace palate::internal {
namespace {

constexpr std::size_t kItemChunk = 16;
constexpr std::size_t kReportedItems = 64 * kItemChunk;

/// From the weights of each item's support to the rows of the items that support.
std::vector<WeightRow> rows_of_columns(const std::vector<WeightRow>& columns) {
  std::vector<WeightRow> rows(columns.size());
  for (std::uint32_t column = 0; column < columns.size(); ++column) {
    for (const ItemWeight& weight : columns[column]) {
      rows[weight.column].push_back({column, weight.value});
    }
  }
  return rows;
}

}  // namespace

Result<ItemWeights> solve_sparsely(const ItemRegression& regression, const TrainContext& context) {
  const std::size_t items = regression.item_count();
  std::vector<Neighbourhood> neighbourhoods(context.pool.size(), Neighbourhood(regression));
  std::vector<WeightRow> columns(items);
  for (std::size_t begin = 0; begin < items; begin += kReportedItems) {
    const std::size_t end = std::min(begin + kReportedItems, items);
    context.pool.for_each_chunk(end - begin, kItemChunk, [&](const Chunk& chunk) {
      for (std::size_t item = begin + chunk.begin; item < begin + chunk.end; ++item) {
        columns[item] = neighbourhoods[chunk.worker].solve(item);
      }
    });
    context.report({"item-item", end, items, "item", {}, 0});
  }
  const bool unsolved = std::any_of(columns.begin(), columns.end(),
                                    [](const WeightRow& column) { return column.empty(); });
  if (unsolved && items > 1) return no_inverse();
  std::vector<WeightRow> rows = rows_of_columns(columns);
  context.pool.for_each_chunk(items, kItemChunk, [&](const Chunk& chunk) {
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) {
      prune(rows[item], regression.recipe().neighbours);
    }
  });
  return to_item_weights(rows);
}

}  // namespace palate::internal
