// EASE in closed form (Steck 2019), pruned to sparse rows.
#include <algorithm>

#include "train/item_item/item_item.h"
#include "train/item_item/symmetric_matrix.h"

namespace palate::internal {
namespace {

constexpr std::size_t kRowChunk = 16;

/// G + ridge.
SymmetricMatrix regularised_gramian(const ItemRegression& regression, ThreadPool& pool) {
  const std::size_t items = regression.item_count();
  SymmetricMatrix matrix(items);
  std::vector<std::vector<double>> scratch(pool.size(), std::vector<double>(items));
  pool.for_each_chunk(items, kRowChunk, [&](const Chunk& chunk) {
    std::vector<double>& row = scratch[chunk.worker];
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) {
      std::fill_n(row.begin(), item + 1, 0.0);
      regression.add_gramian_row(item, item, row.data());
      row[item] = regression.diagonal(item);
      for (std::size_t other = 0; other <= item; ++other) {
        matrix.set(item, other, static_cast<float>(row[other]));
      }
    }
  });
  return matrix;
}

/// From -P to the rows of B.
std::vector<WeightRow> pruned_rows(const SymmetricMatrix& negative_inverse, std::size_t neighbours,
                                   ThreadPool& pool) {
  const std::size_t items = negative_inverse.size();
  std::vector<WeightRow> rows(items);
  std::vector<std::vector<float>> scratch(pool.size(), std::vector<float>(items));
  pool.for_each_chunk(items, kRowChunk, [&](const Chunk& chunk) {
    std::vector<float>& values = scratch[chunk.worker];
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) {
      negative_inverse.copy_row(item, values.data());
      WeightRow& row = rows[item];
      row.reserve(items);
      for (std::size_t other = 0; other < items; ++other) {
        if (other == item) continue;
        const float value = values[other] / -negative_inverse.at(other, other);
        row.push_back({static_cast<std::uint32_t>(other), value});
      }
      prune(row, neighbours);
    }
  });
  return rows;
}

}  // namespace

std::uint64_t dense_bytes(std::uint64_t items) {
  return 2 * SymmetricMatrix::bytes(items) + SymmetricMatrix::scratch_bytes(items);
}

Result<ItemWeights> solve_densely(const ItemRegression& regression, const TrainContext& context) {
  const ItemItemRecipe& recipe = regression.recipe();
  const SymmetricMatrix matrix = regularised_gramian(regression, context.pool);
  std::vector<WeightRow> rows;
  {
    SymmetricMatrix inverse = matrix;
    const bool inverted = inverse.negate_and_invert(
        context.kernels, context.pool, [&](std::size_t done, std::size_t total) {
          context.report({"item-item", done, total, "block", {}, 0});
        });
    if (!inverted) {
      return no_inverse();
    }
    rows = pruned_rows(inverse, recipe.neighbours, context.pool);
  }
  Result<ItemWeights> weights = to_item_weights(rows);
  // Unpruned, the weights are what refitting would come to.
  if (weights && recipe.neighbours + 1 < regression.item_count()) {
    refit(matrix, recipe.refit_passes, context.pool, *weights);
  }
  return weights;
}

}  // namespace palate::internal
