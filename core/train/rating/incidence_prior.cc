// Conjugate gradients for all dimensions at once.
#include "train/rating/incidence_prior.h"

#include <cmath>
#include <utility>

namespace palate::internal {
namespace {

constexpr std::size_t kRowChunk = 256;

/// In one call of `improve`, which starts from what the call before has come to.
constexpr int kSteps = 5;

SparseRows with_root_weights(SparseRows rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto weight = static_cast<float>(1 / std::sqrt(static_cast<double>(rows.count(row))));
    for (std::size_t k = rows.offsets[row]; k < rows.offsets[row + 1]; ++k) {
      rows.weights[k] = weight;
    }
  }
  return rows;
}

void weighted_sums(const SparseRows& rows, std::span<const float> table, std::size_t dimension,
                   const Kernels& kernels, ThreadPool& pool, std::span<float> sums) {
  pool.for_each_chunk(rows.size(), kRowChunk, [&](const Chunk& chunk) {
    for (std::size_t row = chunk.begin; row < chunk.end; ++row) {
      const std::size_t first = rows.offsets[row];
      kernels.weighted_sum(table.data(), dimension, rows.columns.data() + first,
                           rows.weights.data() + first, rows.count(row), &sums[row * dimension]);
    }
  });
}

}  // namespace

IncidencePrior::IncidencePrior(SparseRows rows, std::size_t columns, std::size_t dimension,
                               float ridge, const Kernels& kernels, ThreadPool& pool)
    : rows_(with_root_weights(std::move(rows))),
      columns_(transpose(rows_, columns)),
      dimension_(dimension),
      ridge_(ridge),
      kernels_(kernels),
      pool_(pool),
      vectors_(columns * dimension),
      row_sums_(rows_.size() * dimension),
      residual_(vectors_.size()),
      direction_(vectors_.size()),
      product_(vectors_.size()) {}

void IncidencePrior::predict(std::span<float> priors) const {
  weighted_sums(rows_, vectors_, dimension_, kernels_, pool_, priors);
}

// product_ = (R'R + ridge) vectors, with R the weights of the rows.
void IncidencePrior::multiply(std::span<const float> vectors) {
  weighted_sums(rows_, vectors, dimension_, kernels_, pool_, row_sums_);
  weighted_sums(columns_, row_sums_, dimension_, kernels_, pool_, product_);
  for (std::size_t k = 0; k < product_.size(); ++k) product_[k] += ridge_ * vectors[k];
}

std::vector<double> IncidencePrior::column_products(std::span<const float> a,
                                                    std::span<const float> b) const {
  std::vector<double> sums(dimension_);
  for (std::size_t first = 0; first < a.size(); first += dimension_) {
    for (std::size_t c = 0; c < dimension_; ++c) sums[c] += double{a[first + c]} * b[first + c];
  }
  return sums;
}

void IncidencePrior::improve(std::span<const float> vectors) {
  weighted_sums(columns_, vectors, dimension_, kernels_, pool_, residual_);
  multiply(vectors_);
  for (std::size_t k = 0; k < residual_.size(); ++k) residual_[k] -= product_[k];
  direction_ = residual_;
  std::vector<double> squared = column_products(residual_, residual_);
  std::vector<float> length(dimension_);
  for (int step = 0; step < kSteps; ++step) {
    multiply(direction_);
    const std::vector<double> curvature = column_products(direction_, product_);
    for (std::size_t c = 0; c < dimension_; ++c) {
      length[c] = curvature[c] > 0 ? static_cast<float>(squared[c] / curvature[c]) : 0.0F;
    }
    for (std::size_t k = 0; k < vectors_.size(); ++k) {
      vectors_[k] += length[k % dimension_] * direction_[k];
      residual_[k] -= length[k % dimension_] * product_[k];
    }
    const std::vector<double> left = column_products(residual_, residual_);
    for (std::size_t c = 0; c < dimension_; ++c) {
      length[c] = squared[c] > 0 ? static_cast<float>(left[c] / squared[c]) : 0.0F;
    }
    for (std::size_t k = 0; k < vectors_.size(); ++k) {
      direction_[k] = residual_[k] + length[k % dimension_] * direction_[k];
    }
    squared = left;
  }
}

}  // namespace palate::internal
