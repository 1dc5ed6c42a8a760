// Damaged model files and their use.
#include "forgery.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "model/sha256.h"
#include "model/utf8.h"
#include "palate/recommender.h"
#include "palate/scorer.h"

namespace palate::testing {
namespace {

void promise(bool kept, const char* what) {
  if (!kept) throw std::logic_error(what);
}

void read_catalogue(const Model& model) {
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    const ItemIndex item = to_item(row);
    promise(!model.id(item).empty() && model.find(model.id(item)) == item, "ids find their item");
    promise(row == 0 || model.popularity(item) <= model.popularity(to_item(row - 1)),
            "items are ordered by popularity");
    promise(internal::is_utf8(model.title(item)), "titles are UTF-8");
    for (const AttributeView& attribute : model.attributes()) {
      for (const std::uint32_t entry : attribute.entries_of(item)) {
        promise(!attribute.categories[entry].empty(), "categories have a text");
      }
      if (attribute.kind == AttributeKind::kNumber) {
        promise(!std::isinf(attribute.numbers[row]), "numbers are finite or missing");
      }
    }
  }
}

bool are_parameters(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [](float number) { return std::abs(number) <= kMaxMagnitude; });
}

bool is_table(const TableView& table) {
  std::vector<float> vector(table.columns);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, vector);
    if (!are_parameters(vector)) return false;
  }
  return true;
}

void read_layer(const DenseLayerView& layer) {
  if (layer.is_quantized()) {
    std::vector<float> weights(layer.inputs);
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      layer.quantized.read(o, weights);
      promise(are_parameters(weights), "layers of bytes are finite");
    }
    return promise(
        layer.bias.size() == layer.outputs && are_parameters(layer.bias) && layer.input_step > 0,
        "layers of bytes are whole");
  }
  promise(layer.weights.size() == std::size_t{layer.inputs} * layer.outputs &&
              layer.bias.size() == layer.outputs && are_parameters(layer.weights) &&
              are_parameters(layer.bias),
          "layers are finite");
}

void read_sequence(const SequenceView& sequence) {
  for (const SequenceBlockView& block : sequence.blocks) {
    for (const DenseLayerView* layer :
         {&block.mix_in, &block.mix_out, &block.widen, &block.narrow}) {
      read_layer(*layer);
    }
    promise(block.distances.size() == std::size_t{sequence.heads} * sequence.window &&
                are_parameters(block.distances),
            "distances are finite");
  }
  promise(are_parameters(sequence.gains) && are_parameters(sequence.gap_vectors.values) &&
              are_parameters(sequence.type_vectors.values),
          "gains, gap vectors and type vectors are finite");
}

void read_item_weights(const Model& model, const ItemWeightsView& rows) {
  for (std::size_t row = 0; row < model.item_count(); ++row) {
    const SparseRowView entries = rows.row(row);
    promise(are_parameters(entries.values), "item weights are finite");
    for (std::size_t entry = 0; entry < entries.size(); ++entry) {
      promise(entries.columns[entry] < model.item_count(), "item weights name items");
    }
  }
}

void read_tabular(const TabularView& tabular) {
  std::size_t inputs = 0;
  for (const TabularColumnView& column : tabular.columns) {
    promise(!column.name.empty() && column.first_input == inputs, "columns have a place");
    promise(are_parameters(column.weights) && are_parameters(column.vectors.values),
            "weights and vectors are finite");
    for (std::size_t k = 0; k < column.categories.size(); ++k) {
      promise(column.row_of(column.categories[k]) == k, "categories find their row");
    }
    inputs += column.width;
  }
  promise(tabular.average.size() == inputs && tabular.layers.front().inputs == inputs,
          "the network takes all columns");
  for (const DenseLayerView& layer : tabular.layers) read_layer(layer);
}

void read_numbers(const Model& model) {
  promise(is_table(model.item_vectors()), "item vectors are finite");
  if (const FoldInView* fold_in = model.fold_in()) {
    promise(fold_in->gramian.size() == model.dimension() * (model.dimension() + 1) / 2, "Gramian");
    promise(fold_in->regularization > 0, "there is a regularization");
  }
  if (const WeightedMeanView* mean = model.weighted_mean()) {
    promise(mean->history_vectors.rows == model.item_count() &&
                mean->history_vectors.columns == model.dimension() &&
                is_table(mean->history_vectors),
            "the history has vectors");
    promise(are_parameters(mean->weights.recency), "recencies are finite");
  }
  if (const ValueFoldInView* fold_in = model.value_fold_in()) {
    promise(fold_in->regularization > 0, "there is a regularization");
    promise(is_table(fold_in->implicit_vectors), "implicit vectors are finite");
    promise(model.value_head() != nullptr && are_parameters(model.value_head()->item_bias),
            "values have a baseline");
  }
  if (const ItemWeightsView* rows = model.item_weights()) read_item_weights(model, *rows);
  if (const SequenceView* sequence = model.sequence()) {
    read_sequence(*sequence);
    const MatrixView& types = sequence->type_vectors;
    promise(types.rows == 0 || types.rows == model.event_types().size() + 1, "a type has a row");
  }
  if (const Result<ListIndexView> index = model.list_index()) {
    promise(are_parameters(index->centroids.values), "centroids are finite");
    promise(index->lists.size() == model.item_count() &&
                std::ranges::all_of(index->lists,
                                    [&](auto list) { return list < index->centroids.rows; }),
            "each item is in a list");
  }
  if (const RankerView* ranker = model.ranker()) {
    for (const DenseLayerView& layer : ranker->layers) read_layer(layer);
    for (const ItemWeightsView& rows : ranker->retrievers) read_item_weights(model, rows);
  }
  if (const TabularView* tabular = model.tabular()) read_tabular(*tabular);
  if (const auto map = content_map_of(model); map && map->has_value()) {
    promise(are_parameters((*map)->base) && are_parameters((*map)->coefficients),
            "content maps are finite");
  }
  if (const ValueHeadView* head = model.value_head()) {
    promise(head->item_bias.size() == model.item_count() && head->minimum <= head->maximum,
            "the value head fits");
  }
}

void score_and_explain(const Model& model) {
  Result<Scorer> scorer = Scorer::create(model);
  if (!scorer) return;
  constexpr std::uint32_t kOffsets[] = {0, 1, 2};
  constexpr float kNumbers[] = {1e20F, kNoValue};
  std::vector<std::array<std::uint32_t, 2>> entries;
  std::vector<CellsView> columns;
  for (const TabularColumnView& column : model.tabular()->columns) {
    entries.push_back({column.other_row(), column.missing_row()});
  }
  for (const auto& pair : entries) columns.push_back({kNumbers, kOffsets, pair});
  std::array<float, 2> sums{};
  std::array<float, 2> linear{};
  if (scorer->score(columns, 0, sums, linear)) {
    promise(std::isfinite(sums[0]) && std::isfinite(sums[1]), "scores are finite");
    promise(std::isfinite(linear[0]) && std::isfinite(linear[1]), "linear scores are finite");
  }
  if (const Result<ScoreExplanation> why = scorer->explain(columns, 1)) {
    promise(std::isfinite(why->sum) && std::isfinite(why->remainder), "reasons are finite");
  }
}

}  // namespace

Forgery::Forgery(std::span<const std::byte> file) : size_(file.size()) {
  void* bytes = nullptr;
  promise(posix_memalign(&bytes, 16, std::max<std::size_t>(size_, 1)) == 0, "there is memory");
  bytes_.reset(static_cast<std::byte*>(bytes));
  std::copy(file.begin(), file.end(), bytes_.get());
}

void Forgery::mend() {
  const std::uint64_t length = size_;
  std::memcpy(bytes_.get() + 16, &length, sizeof(length));
  internal::Sha256 sha;
  sha.update(bytes().first(24));
  sha.update(bytes().subspan(56));
  const internal::Sha256Digest digest = sha.finish();
  std::copy(digest.begin(), digest.end(), bytes_.get() + 24);
}

void read_everything(const Model& model) {
  promise(model.item_count() > 0 || model.tabular() != nullptr, "there is something to ask");
  read_catalogue(model);
  read_numbers(model);
  if (const RankerView* ranker = model.ranker()) {
    promise(ranker->recency.empty() || ranker->recency.size() == model.item_count(),
            "recency is one an item");
  }
  for (const MetricView& metric : model.facts().metrics) {
    promise(std::isfinite(metric.value), "metrics are finite");
  }
}

void rank_and_explain(const Model& model) {
  score_and_explain(model);
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender || !recommender->use_index()) return;
  const ItemIndex last = to_item(model.item_count() - 1);
  const Event history[] = {{.item = to_item(0), .value = 4}, {.item = last, .weight = 2}};
  std::array<Pick, 3> picks{};
  for (const Result<std::size_t>& count :
       {recommender->recommend(history, {}, picks), recommender->recommend({}, {}, picks),
        recommender->similar(last, picks)}) {
    for (std::size_t i = 0; count && i < *count; ++i) {
      promise(to_row(picks[i].item) < model.item_count() && std::isfinite(picks[i].score),
              "picks are items with finite scores");
    }
  }
  if (const Result<Explanation> explanation = recommender->explain(history, last)) {
    promise(std::isfinite(explanation->score) && std::isfinite(explanation->remainder),
            "explanations are finite");
  }
  float value = 0;
  if (recommender->predict_values(history, {&last, 1}, {&value, 1})) {
    promise(std::isfinite(value), "predicted values are finite");
  }
}

}  // namespace palate::testing
