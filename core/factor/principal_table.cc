// A table in coordinates in which its Gramian is diagonal.
#include "factor/principal_table.h"

#include <algorithm>

#include "factor/symmetric_eigen.h"

namespace palate::internal {
namespace {

/// Rows whose products are summed in float before they go into the sum in double.
constexpr std::size_t kGramianChunk = 1024;

/// Rows that are turned at a time.
constexpr std::size_t kTurnChunk = 256;

}  // namespace

PrincipalTable principal_table(std::span<const float> table, std::size_t dimension,
                               float unobserved_weight, const FactorKernels& kernels,
                               Workers& workers) {
  const std::vector<double> gramian = gramian_of(table, dimension, kernels, workers);
  const SymmetricEigen eigen = symmetric_eigen(gramian, dimension);
  PrincipalTable principal;
  for (const double eigenvalue : eigen.values) {
    // Rounding may leave less than nothing.
    principal.diagonal.push_back(static_cast<float>(unobserved_weight * std::max(eigenvalue, 0.0)));
  }
  for (std::size_t component = 0; component < dimension; ++component) {
    for (std::size_t axis = 0; axis < dimension; ++axis) {
      principal.axes.push_back(static_cast<float>(eigen.vectors[axis * dimension + component]));
    }
  }
  principal.values.resize(table.size());
  workers.for_each_chunk(table.size() / dimension, kTurnChunk, [&](const Chunk& chunk) {
    kernels.multiply(&table[chunk.begin * dimension], {principal.axes.data(), false},
                     chunk.end - chunk.begin, dimension, dimension,
                     &principal.values[chunk.begin * dimension]);
  });
  return principal;
}

std::vector<double> gramian_of(std::span<const float> table, std::size_t dimension,
                               const FactorKernels& kernels, Workers& workers) {
  const std::size_t rows = table.size() / dimension;
  const std::size_t size = dimension * dimension;
  const std::size_t chunks = Workers::chunk_count(rows, kGramianChunk);
  std::vector<float> parts(chunks * size, 0.0F);
  workers.for_each_chunk(rows, kGramianChunk, [&](const Chunk& chunk) {
    kernels.add_gramian(&table[chunk.begin * dimension], chunk.end - chunk.begin, dimension,
                        &parts[chunk.index * size]);
  });
  std::vector<double> sum(size, 0.0);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    for (std::size_t r = 0; r < dimension; ++r) {
      for (std::size_t c = 0; c <= r; ++c) {
        sum[r * dimension + c] += parts[chunk * size + c * dimension + r];
      }
    }
  }
  for (std::size_t r = 0; r < dimension; ++r) {
    for (std::size_t c = 0; c < r; ++c) sum[c * dimension + r] = sum[r * dimension + c];
  }
  return sum;
}

}  // namespace palate::internal
