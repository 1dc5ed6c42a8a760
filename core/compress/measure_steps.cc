// The ranker runs in floats on candidates of real histories, and what reaches its layers is looked
// at.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "palate/compress.h"
#include "runtime/float_layers.h"
#include "runtime/history.h"
#include "runtime/ranker_input.h"
#include "runtime/retrievers.h"
#include "runtime/row_mask.h"

namespace palate {
namespace {

using internal::RankerInput;
using internal::Retrievers;

// Enough for a range; more would only take longer.
constexpr std::size_t kHistories = 256;
constexpr std::size_t kItems = 32;

/// The inputs of each layer but the first and the last, one after the other.
using Activations = std::vector<std::vector<float>>;

std::vector<float> outputs_of(const DenseLayerView& layer, const std::vector<float>& inputs) {
  std::vector<float> outputs(layer.bias.begin(), layer.bias.end());
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const float* weights = layer.weights.data() + o * layer.inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) outputs[o] += weights[i] * inputs[i];
    outputs[o] = std::max(outputs[o], 0.0F);
  }
  return outputs;
}

void add_row(std::span<const DenseLayerView> layers, std::vector<float> row,
             Activations& activations) {
  for (std::size_t l = 0; l < activations.size(); ++l) {
    row = outputs_of(layers[l], row);
    activations[l].insert(activations[l].end(), row.begin(), row.end());
  }
}

double squared_error(std::span<const float> inputs, float step) {
  double error = 0;
  for (const float x : inputs) {
    const double lost = x - step * std::min(std::round(x / step), 127.0F);
    error += lost * lost;
  }
  return error;
}

// The largest input at 127 steps, or less: then the largest few are cut.
float best_step(std::span<const float> inputs) {
  const float whole = *std::max_element(inputs.begin(), inputs.end()) / 127;
  if (!(whole > 0)) return 1;
  constexpr int kTrials = 24;
  float best = whole;
  double least = squared_error(inputs, whole);
  for (int trial = 1; trial < kTrials; ++trial) {
    const float step = whole * (1 - static_cast<float>(trial) / (kTrials + 4));
    const double error = squared_error(inputs, step);
    if (error < least) {
      least = error;
      best = step;
    }
  }
  return best;
}

/// What is known of one visit.
class VisitContext {
 public:
  /// Visit after visit all that there may be: each category, numbers from the least to the largest.
  VisitContext(std::span<const TabularColumnView> columns, std::size_t visit)
      : cells_(columns.size()) {
    constexpr std::size_t kNumbers = 8;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const TabularColumnView& column = columns[c];
      const std::size_t categories = std::max<std::size_t>(column.categories.size(), 1);
      cells_[c].entry = static_cast<std::uint32_t>(visit % categories);
      const float share = static_cast<float>(visit % kNumbers) / (kNumbers - 1);
      cells_[c].number =
          column.scale.minimum + share * (column.scale.maximum - column.scale.minimum);
      views_.push_back({{&cells_[c].number, 1}, kOffsets, {&cells_[c].entry, 1}});
    }
  }

  std::span<const CellsView> cells() const { return views_; }

 private:
  static constexpr std::uint32_t kOffsets[] = {0, 1};

  struct Cell {
    float number = 0;
    std::uint32_t entry = 0;
  };
  std::vector<Cell> cells_;
  std::vector<CellsView> views_;
};

/// A model's retrievers and the input of its ranker, for one history after the other.
class Rows {
 public:
  static Result<Rows> create(const Model& model) {
    Result<Retrievers> retrievers = Retrievers::create(model);
    if (!retrievers) return retrievers.error();
    return Rows(model, std::move(*retrievers));
  }

  /// `number`: of the history.
  Status add(std::span<const Event> history, std::size_t number,
             std::span<const DenseLayerView> layers, Activations& activations) {
    Result<RankerInput> input = RankerInput::create(*model_, retrievers_);
    if (!input) return input.error();
    const auto merged = merger_.merge(history, model_->item_count(), model_->event_types().size());
    if (!merged) return merged.error();
    Status status = retrievers_.set_history(*merged);
    if (status) status = input->set_history(merged->items);
    const VisitContext context(model_->ranker()->context, number);
    if (status) status = input->set_context(context.cells(), 0);
    if (!status) return status;
    if (status = seen_.reset(model_->item_count(), false); !status) return status;
    for (const internal::HistoryItem& item : merged->items) seen_.leave_out(item.row);
    std::vector<ItemIndex> items(
        std::min({std::size_t{model_->ranker()->candidates}, kItems, model_->item_count()}));
    const Result<std::size_t> found = retrievers_.candidates(seen_.mask(), items);
    if (!found) return found.error();
    items.resize(*found);
    for (const ItemIndex item : items) {
      std::vector<float> row(input->size());
      input->write(item, internal::VisitorKind::kKnown, row);
      add_row(layers, std::move(row), activations);
    }
    return Done{};
  }

 private:
  Rows(const Model& model, Retrievers retrievers)
      : model_(&model), retrievers_(std::move(retrievers)) {}

  const Model* model_;
  Retrievers retrievers_;
  internal::HistoryMerger merger_;
  internal::RowBits seen_;
};

}  // namespace

Result<std::vector<float>> measure_steps(const Model& model,
                                         const std::vector<std::vector<Event>>& histories) {
  if (model.ranker() == nullptr || model.ranker()->layers.size() < 3) {
    return Error{ErrorCode::kModelUnsupported,
                 "the model has no ranker with a layer between its first and its last"};
  }
  const auto layers = internal::FloatLayers::create(model.ranker()->layers);
  if (!layers) return layers.error();
  Result<Rows> rows = Rows::create(model);
  if (!rows) return rows.error();
  Activations activations(layers->views().size() - 2);
  const std::size_t stride = (histories.size() + kHistories - 1) / kHistories;
  for (std::size_t h = 0; h < histories.size(); h += stride) {
    if (histories[h].empty()) continue;
    Status status = rows->add(histories[h], h / stride, layers->views(), activations);
    if (!status) return status.error();
  }
  std::vector<float> steps;
  for (const std::vector<float>& inputs : activations) {
    if (inputs.empty()) {
      return Error{ErrorCode::kRequestInvalid,
                   "no history has an item that the model knows and one to rank: give histories "
                   "of the model's own items"};
    }
    steps.push_back(best_step(inputs));
  }
  return steps;
}

}  // namespace palate
