// The parts of a tabular model, put together behind the public interface.
#include "palate/scorer.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "model/portable_math.h"
#include "palate/words.h"
#include "runtime/buffer.h"
#include "runtime/finite.h"
#include "runtime/mlp_forward.h"
#include "runtime/mlp_gradient.h"
#include "runtime/tabular_inputs.h"

namespace palate {

using internal::MlpForward;
using internal::MlpGradient;

struct Scorer::State {
  State(const TabularView& of, MlpForward mlp_forward, MlpGradient mlp_gradient)
      : tabular(&of), forward(std::move(mlp_forward)), gradient(std::move(mlp_gradient)) {}

  double linear(std::span<const CellsView> columns, std::size_t row) const;
  Status integrate(std::span<const CellsView> columns, std::size_t row);

  const TabularView* tabular;
  MlpForward forward;
  MlpGradient gradient;
  internal::Buffer<float> direction;  // from the average row to the one at hand
  internal::Buffer<float> slope;      // the gradient's mean on the way
};

double Scorer::State::linear(std::span<const CellsView> columns, std::size_t row) const {
  double sum = tabular->bias;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    sum += internal::linear_amount(tabular->columns[c], columns[c], row);
  }
  return sum;
}

Status Scorer::State::integrate(std::span<const CellsView> columns, std::size_t row) {
  const std::size_t width = forward.input_size();
  if (Status status = direction.reserve(width); !status) return status;
  if (Status status = slope.reserve(width); !status) return status;
  const std::span<float> way = direction.first(width);
  internal::write_inputs(tabular->columns, columns, row, way);
  for (std::size_t k = 0; k < width; ++k) way[k] -= tabular->average[k];
  gradient.average(tabular->average, way, slope.first(width));
  return Done{};
}

Result<Scorer> Scorer::create(const Model& model) {
  const TabularView* tabular = model.tabular();
  if (tabular == nullptr) {
    return Error{ErrorCode::kModelUnsupported,
                 "the model ranks items and scores no rows of features; train one with the recipe "
                 "click for that"_words};
  }
  Result<MlpForward> forward = MlpForward::create(tabular->layers);
  if (!forward) return forward.error();
  Result<MlpGradient> gradient = MlpGradient::create(tabular->layers);
  if (!gradient) return gradient.error();
  std::unique_ptr<State> state(new (std::nothrow)
                                   State(*tabular, std::move(*forward), std::move(*gradient)));
  if (state == nullptr) return Error{ErrorCode::kMemory, "no memory for a scorer"_words};
  return Scorer(std::move(state));
}

Status Scorer::score(std::span<const CellsView> columns, std::size_t first, std::span<float> sums,
                     std::span<float> linear_sums) {
  const std::span<const TabularColumnView> own = state_->tabular->columns;
  Status status = internal::check_cells(own, columns, first, first + sums.size());
  if (!status) return status;
  for (std::size_t begin = 0; begin < sums.size(); begin += MlpForward::kBlockRows) {
    const std::size_t rows = std::min(MlpForward::kBlockRows, sums.size() - begin);
    for (std::size_t r = 0; r < rows; ++r) {
      internal::write_inputs(own, columns, first + begin + r, state_->forward.input(r));
    }
    const Result<std::span<const float>> outputs = state_->forward.run(rows);
    if (!outputs) return outputs.error();
    for (std::size_t r = 0; r < rows; ++r) {
      sums[begin + r] = (*outputs)[r];
      linear_sums[begin + r] = static_cast<float>(state_->linear(columns, first + begin + r));
      if (!std::isfinite(sums[begin + r]) || !std::isfinite(linear_sums[begin + r])) {
        return internal::not_finite("a score");
      }
    }
  }
  return Done{};
}

Result<ScoreExplanation> Scorer::explain(std::span<const CellsView> columns, std::size_t row) {
  const TabularView& tabular = *state_->tabular;
  ScoreExplanation result;
  Status status = score(columns, row, {&result.sum, 1}, {&result.linear_sum, 1});
  if (!status) return status.error();
  std::ranges::copy(tabular.average, state_->forward.input(0).begin());
  const Result<std::span<const float>> base = state_->forward.run(1);
  if (!base) return base.error();
  result.base = base->front();
  result.linear_base = tabular.bias;
  if (status = state_->integrate(columns, row); !status) return status.error();
  double sum = result.base;
  result.contributions.reserve(tabular.columns.size());
  for (std::size_t c = 0; c < tabular.columns.size(); ++c) {
    const TabularColumnView& column = tabular.columns[c];
    double amount = 0;
    for (std::size_t k = column.first_input; k < column.first_input + column.width; ++k) {
      amount += double{state_->slope[k]} * state_->direction[k];
    }
    const double linear = internal::linear_amount(column, columns[c], row);
    result.contributions.push_back({static_cast<float>(amount), static_cast<float>(linear)});
    sum += result.contributions.back().amount;
  }
  result.remainder = static_cast<float>(result.sum - sum);
  if (!std::isfinite(result.remainder)) return internal::not_finite("an explanation");
  return result;
}

float Scorer::score_of(float sum) const {
  return state_->tabular->target == TabularTarget::kValue ? sum
                                                          : 1 / (1 + internal::portable_expf(-sum));
}

Scorer::Scorer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;
Scorer::~Scorer() = default;

}  // namespace palate
