// Summing up what a model's sections will take, one kind of them after the other.
#include "model/section_bytes.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

namespace palate::internal {
namespace {

std::uint64_t bytes_of(const std::vector<std::string>& texts) {
  return std::transform_reduce(
      texts.begin(), texts.end(), std::uint64_t{4}, std::plus<>(),
      [](const std::string& text) { return sizeof(std::uint32_t) + text.size(); });
}

template <class T>
std::uint64_t bytes_of(const std::vector<T>& numbers) {
  return std::uint64_t{numbers.size()} * sizeof(T);
}

std::uint64_t bytes_of(const DenseLayer& layer) {
  return bytes_of(layer.weights) + bytes_of(layer.bias) + bytes_of(layer.quantized.scales) +
         bytes_of(layer.quantized.codes);
}

std::uint64_t bytes_of(const Sequence& sequence) {
  std::uint64_t bytes =
      bytes_of(sequence.gains) + bytes_of(sequence.gap_vectors) + bytes_of(sequence.type_vectors);
  for (const SequenceBlock& block : sequence.blocks) {
    bytes += bytes_of(block.mix_in) + bytes_of(block.mix_out) + bytes_of(block.distances) +
             bytes_of(block.widen) + bytes_of(block.narrow);
  }
  return bytes;
}

// Of a table of vectors in the file's precision.
std::uint64_t bytes_of_table(const std::vector<float>& values, const ModelContents& contents) {
  if (contents.precision == Precision::kFloat32 || contents.dimension == 0) return bytes_of(values);
  const std::size_t row_bytes = quantized_row_bytes(contents.dimension, contents.precision);
  return values.size() / contents.dimension * (row_bytes + sizeof(float));
}

std::uint64_t bytes_of(const ItemWeights& rows) {
  return bytes_of(rows.weights.recency) + bytes_of(rows.offsets) + bytes_of(rows.values) +
         bytes_of(rows.columns) / (fit_in_16_bits(rows.columns) ? 2 : 1);
}

std::uint64_t bytes_of_encoder(const ModelContents& contents) {
  std::uint64_t bytes = 0;
  if (contents.fold_in) bytes += bytes_of(contents.fold_in->gramian);
  if (contents.weighted_mean) {
    bytes += bytes_of(contents.weighted_mean->weights.recency) +
             bytes_of_table(contents.weighted_mean->history_vectors, contents);
  }
  if (contents.item_weights) bytes += bytes_of(*contents.item_weights);
  if (contents.sequence) bytes += bytes_of(*contents.sequence);
  if (contents.value_fold_in) {
    bytes += bytes_of_table(contents.value_fold_in->implicit_vectors, contents);
  }
  return bytes;
}

std::uint64_t bytes_of(const std::vector<TabularColumn>& columns) {
  std::uint64_t bytes = 0;
  for (const TabularColumn& column : columns) {
    bytes += bytes_of(column.categories) + bytes_of(column.vectors) + bytes_of(column.weights);
  }
  return bytes;
}

std::uint64_t bytes_of(const Tabular& tabular) {
  std::uint64_t bytes = bytes_of(tabular.average) + bytes_of(tabular.columns);
  for (const DenseLayer& layer : tabular.layers) bytes += bytes_of(layer);
  return bytes;
}

std::uint64_t bytes_of(const ContentMap& map) {
  return bytes_of(map.columns) + bytes_of(map.means) + bytes_of(map.scales) + bytes_of(map.base) +
         bytes_of(map.coefficients);
}

}  // namespace

bool fit_in_16_bits(const std::vector<std::uint32_t>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [](std::uint32_t column) { return column <= UINT16_MAX; });
}

std::uint64_t section_bytes(const ModelContents& contents) {
  const Catalogue& catalogue = contents.catalogue;
  std::uint64_t bytes =
      bytes_of(catalogue.ids) + bytes_of(catalogue.popularity) + bytes_of(catalogue.titles);
  for (const Attribute& attribute : catalogue.attributes) {
    bytes += bytes_of(attribute.numbers) + bytes_of(attribute.categories) +
             bytes_of(attribute.offsets) + bytes_of(attribute.entries);
  }
  bytes += bytes_of_table(contents.item_vectors, contents) + bytes_of_encoder(contents);
  if (contents.ranker) {
    for (const DenseLayer& layer : contents.ranker->layers) bytes += bytes_of(layer);
    for (const ItemWeights& rows : contents.ranker->retrievers) bytes += bytes_of(rows);
    bytes += bytes_of(contents.ranker->context) + bytes_of(contents.ranker->recency);
  }
  if (contents.value_head) bytes += bytes_of(contents.value_head->item_bias);
  if (contents.list_index) {
    bytes += bytes_of(contents.list_index->centroids) + bytes_of(contents.list_index->lists);
  }
  if (contents.tabular) bytes += bytes_of(*contents.tabular);
  if (contents.content_map) bytes += bytes_of(*contents.content_map);
  return bytes + bytes_of(contents.event_types);
}

}  // namespace palate::internal
