// Assembling, factoring and refining the system of a history.
#include "runtime/fold_in_system.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string_view>

#include "model/sentence.h"
#include "runtime/dot.h"
#include "runtime/triangle.h"

namespace palate::internal {
namespace {

// Refinement shrinks the error by about the ratio of one correction to the solution, so below this
// ratio the next correction would be lost in the rounding of the result.
constexpr double kSmallCorrection = 1e-3;
constexpr int kMaxCorrections = 12;

void round(std::span<const double> from, std::span<float> to) {
  std::transform(from.begin(), from.end(), to.begin(),
                 [](double x) { return static_cast<float>(x); });
}

Error no_solution(std::string_view what) {
  return {ErrorCode::kModelMeaning,
          sentence({"fold-in has no reliable solution: ", what,
                    "; train the model again with a stronger regularization"})};
}

}  // namespace

Result<FoldInSystem> FoldInSystem::create(const TableView& item_vectors,
                                          std::span<const float> gramian, float gramian_weight) {
  FoldInSystem system(item_vectors, gramian, gramian_weight);
  if (Status status = system.reserve(); !status) return status.error();
  return system;
}

Status FoldInSystem::reserve() {
  for (Buffer<double>* buffer : {&point_, &residual_}) {
    if (Status status = buffer->reserve(dimension()); !status) return status;
  }
  if (Status status = correction_.reserve(dimension()); !status) return status;
  if (Status status = panel_.reserve(kOuterProducts * dimension()); !status) return status;
  return factor_.reserve(triangle_size(dimension()));
}

Status FoldInSystem::set(std::span<const HistoryItem> items, double ridge) {
  if (Status status = vectors_.read(items); !status) return status;
  items_ = items;
  ridge_ = ridge;
  assemble();
  if (!factor_cholesky(factor_.first(triangle_size(dimension())), dimension(),
                       panel_.first(kOuterProducts * dimension()))) {
    return no_solution("its matrix is not positive definite");
  }
  return Done{};
}

void FoldInSystem::assemble() {
  const std::span<float> a = factor_.first(triangle_size(dimension()));
  std::fill(a.begin(), a.end(), 0.0F);
  for (std::size_t entry = 0; entry < gramian_.size(); ++entry) {
    a[entry] = gramian_weight_ * gramian_[entry];
  }
  for (std::size_t k = 0; k < dimension(); ++k) {
    a[triangle_row(k) + k] += static_cast<float>(ridge_);
  }
  for (std::size_t first = 0; first < items_.size(); first += kOuterProducts) {
    OuterProducts vectors;
    OuterScales scales{};
    for (std::size_t q = 0; q < kOuterProducts; ++q) {
      const std::size_t j = std::min(first + q, items_.size() - 1);
      vectors[q] = vectors_[j].data();
      if (first + q < items_.size()) scales[q] = std::abs(items_[j].weight);
    }
    add_outer_products(a, dimension(), 0, vectors, scales);
  }
}

// residual_ = right_side - A solution, with A taken from its definition, not from its rounded sum.
void FoldInSystem::residual(std::span<const double> right_side, std::span<const float> solution) {
  const std::span<double> x = point_.first(dimension());
  const std::span<double> r = residual_.first(dimension());
  for (std::size_t k = 0; k < dimension(); ++k) {
    x[k] = solution[k];
    r[k] = right_side[k] - ridge_ * x[k];
  }
  if (!gramian_.empty()) add_product(gramian_, -double{gramian_weight_}, x, r);
  for (std::size_t j = 0; j < items_.size(); ++j) {
    const float* row = vectors_[j].data();
    const double scale = std::abs(items_[j].weight) * wide_dot(row, x);
    for (std::size_t k = 0; k < dimension(); ++k) r[k] -= scale * double{row[k]};
  }
}

Status FoldInSystem::solve(std::span<const double> right_side, std::span<float> solution) {
  assert(right_side.size() == dimension() && solution.size() == dimension());
  const std::span<const float> factor = factor_.first(triangle_size(dimension()));
  const std::span<float> correction = correction_.first(dimension());
  round(right_side, solution);
  solve_cholesky(factor, solution);
  for (int step = 0; step < kMaxCorrections; ++step) {
    residual(right_side, solution);
    round(residual_.first(dimension()), correction);
    solve_cholesky(factor, correction);
    for (std::size_t k = 0; k < dimension(); ++k) solution[k] += correction[k];
    const double change = squared_norm(correction);
    const double size = squared_norm(solution);
    if (!std::isfinite(change) || !std::isfinite(size)) break;
    if (change <= kSmallCorrection * kSmallCorrection * size) return Done{};
  }
  return no_solution("its matrix is too close to a singular one");
}

void FoldInSystem::draw(std::span<float> numbers) const {
  solve_transposed(factor_.first(triangle_size(dimension())), numbers);
}

}  // namespace palate::internal
