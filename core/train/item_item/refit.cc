// Makes the weights that pruning left take over from those that it took.

#include "train/item_item/item_item.h"
#include "train/item_item/symmetric_matrix.h"

namespace palate::internal {
namespace {

constexpr std::size_t kColumnChunk = 8;

/// The weights column by column: which row each is of, and where it stands.
struct Columns {
  std::vector<std::size_t> offsets;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> places;
};

Columns columns_of(const ItemWeights& weights) {
  const std::size_t items = weights.offsets.size() - 1;
  Columns columns{std::vector<std::size_t>(items + 1),
                  std::vector<std::uint32_t>(weights.columns.size()),
                  std::vector<std::uint32_t>(weights.columns.size())};
  for (const std::uint32_t column : weights.columns) ++columns.offsets[column + 1];
  for (std::size_t item = 0; item < items; ++item) {
    columns.offsets[item + 1] += columns.offsets[item];
  }
  std::vector<std::size_t> next(columns.offsets.begin(), columns.offsets.end() - 1);
  for (std::size_t row = 0; row < items; ++row) {
    for (std::uint32_t place = weights.offsets[row]; place < weights.offsets[row + 1]; ++place) {
      const std::size_t k = next[weights.columns[place]]++;
      columns.rows[k] = static_cast<std::uint32_t>(row);
      columns.places[k] = place;
    }
  }
  return columns;
}

/// One round over the weights x of a column: with H the matrix on its rows and b the item's own
/// column there, x_p = (b_p - sum_{q != p} H_pq x_q) / H_pp.
void descend(const SymmetricMatrix& matrix, std::size_t item,
             const std::vector<std::uint32_t>& rows, std::vector<double>& x) {
  for (std::size_t p = 0; p < rows.size(); ++p) {
    double rest = matrix.at(rows[p], item);
    for (std::size_t q = 0; q < rows.size(); ++q) {
      if (q != p) rest -= matrix.at(rows[p], rows[q]) * x[q];
    }
    x[p] = rest / matrix.at(rows[p], rows[p]);
  }
}

}  // namespace

void refit(const SymmetricMatrix& matrix, std::uint32_t passes, ThreadPool& pool,
           ItemWeights& weights) {
  if (passes == 0) return;
  const Columns columns = columns_of(weights);
  pool.for_each_chunk(matrix.size(), kColumnChunk, [&](const Chunk& chunk) {
    std::vector<std::uint32_t> rows;
    std::vector<double> x;
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) {
      const std::size_t begin = columns.offsets[item];
      const std::size_t end = columns.offsets[item + 1];
      rows.assign(columns.rows.data() + begin, columns.rows.data() + end);
      x.clear();
      for (std::size_t k = begin; k < end; ++k) x.push_back(weights.values[columns.places[k]]);
      for (std::uint32_t pass = 0; pass < passes; ++pass) descend(matrix, item, rows, x);
      for (std::size_t k = begin; k < end; ++k) {
        weights.values[columns.places[k]] = static_cast<float>(x[k - begin]);
      }
    }
  });
}

}  // namespace palate::internal
