// The checks that every section of a model file passes, whatever it holds.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "model/check.h"
#include "model/limits.h"
#include "model/utf8.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

// Adds up the bytes of sections, wherever they lie.
class Total {
 public:
  template <class T>
  void add(const flatbuffers::Vector<T>* section) {
    if (section != nullptr) bytes_ += std::uint64_t{section->size()} * sizeof(T);
  }
  void add(const format::Texts* texts) {
    if (texts == nullptr) return;
    add(texts->offsets());
    add(texts->bytes());
  }
  void add(const format::QuantizedMatrix* matrix) {
    if (matrix == nullptr) return;
    add(matrix->scales());
    add(matrix->codes());
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::uint64_t bytes_ = 0;
};

void add_catalogue(const format::Catalogue& catalogue, Total& total) {
  total.add(catalogue.ids());
  total.add(catalogue.popularity());
  total.add(catalogue.titles());
  if (catalogue.attributes() == nullptr) return;
  for (const format::Attribute* attribute : *catalogue.attributes()) {
    total.add(attribute->name());
    total.add(attribute->numbers());
    total.add(attribute->categories());
    total.add(attribute->offsets());
    total.add(attribute->entries());
  }
}

void add_layer(const format::DenseLayer& layer, Total& total) {
  total.add(layer.weights());
  total.add(layer.bias());
  total.add(layer.quantized_weights());
}

void add_sequence(const format::Sequence& sequence, Total& total) {
  for (const format::SequenceBlock* block : *sequence.blocks()) {
    add_layer(*block->mix_in(), total);
    add_layer(*block->mix_out(), total);
    total.add(block->distances());
    add_layer(*block->widen(), total);
    add_layer(*block->narrow(), total);
  }
  total.add(sequence.gains());
  total.add(sequence.gap_vectors());
  total.add(sequence.type_vectors());
}

void add_item_weights(const format::ItemWeights& item_weights, Total& total) {
  total.add(item_weights.weights()->recency());
  total.add(item_weights.offsets());
  total.add(item_weights.columns());
  total.add(item_weights.short_columns());
  total.add(item_weights.values());
}

void add_encoder(const format::Model& model, Total& total) {
  if (const format::FoldIn* fold_in = model.encoder_as_FoldIn()) total.add(fold_in->gramian());
  if (const format::WeightedMean* mean = model.encoder_as_WeightedMean()) {
    total.add(mean->weights()->recency());
    total.add(mean->history_vectors());
    total.add(mean->quantized_history_vectors());
  }
  if (const format::ItemWeights* item_weights = model.encoder_as_ItemWeights()) {
    add_item_weights(*item_weights, total);
  }
  if (const format::Sequence* sequence = model.encoder_as_Sequence()) {
    add_sequence(*sequence, total);
  }
  if (const format::ValueFoldIn* fold_in = model.encoder_as_ValueFoldIn()) {
    total.add(fold_in->implicit_vectors());
    total.add(fold_in->quantized_implicit_vectors());
  }
}

void add_columns(const flatbuffers::Vector<flatbuffers::Offset<format::TabularColumn>>& columns,
                 Total& total) {
  for (const format::TabularColumn* column : columns) {
    total.add(column->name());
    total.add(column->categories());
    total.add(column->vectors());
    total.add(column->weights());
  }
}

void add_ranker(const format::Ranker& ranker, Total& total) {
  for (const format::DenseLayer* layer : *ranker.layers()) add_layer(*layer, total);
  if (ranker.context() != nullptr) add_columns(*ranker.context(), total);
  total.add(ranker.recency());
  if (ranker.retrievers() == nullptr) return;
  for (const format::ItemWeights* rows : *ranker.retrievers()) add_item_weights(*rows, total);
}

void add_tabular(const format::Tabular& tabular, Total& total) {
  total.add(tabular.label());
  add_columns(*tabular.columns(), total);
  total.add(tabular.average());
  for (const format::DenseLayer* layer : *tabular.layers()) add_layer(*layer, total);
}

void add_facts(const format::Facts& facts, Total& total) {
  for (const flatbuffers::String* text :
       {facts.producer(), facts.recipe(), facts.recipe_toml(), facts.instruction_set()}) {
    total.add(text);
  }
  if (facts.metrics() == nullptr) return;
  for (const format::Metric* metric : *facts.metrics()) total.add(metric->name());
}

}  // namespace

Verdict check_sections(const format::Model& model, std::size_t body_bytes) {
  Total total;
  add_catalogue(*model.catalogue(), total);
  if (model.item_vectors() != nullptr) total.add(model.item_vectors()->values());
  total.add(model.quantized_item_vectors());
  add_encoder(model, total);
  if (model.ranker() != nullptr) add_ranker(*model.ranker(), total);
  if (model.value_head() != nullptr) total.add(model.value_head()->item_bias());
  if (const format::ListIndex* index = model.list_index()) {
    total.add(index->centroids()->values());
    total.add(index->lists());
  }
  if (model.tabular() != nullptr) add_tabular(*model.tabular(), total);
  add_facts(*model.facts(), total);
  total.add(model.event_types());
  if (total.bytes() > body_bytes)
    return meaning_error("the file"_words, "uses sections twice"_words);
  return kPassed;
}

Verdict check_texts(const format::Texts& texts, std::size_t rows, std::size_t min_bytes,
                    std::size_t max_bytes, const char* what, TextsView& view) {
  const std::span<const std::uint32_t> offsets = span_of(texts.offsets());
  const std::span<const std::uint8_t> bytes = span_of(texts.bytes());
  if (offsets.size() != rows + 1) return meaning_error(what, "are not one a row"_words);
  if (offsets.front() != 0 || offsets.back() != bytes.size()) {
    return meaning_error(what, "do not fill their section"_words);
  }
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (std::size_t row = 0; row < rows; ++row) {
    if (offsets[row + 1] < offsets[row] || offsets[row + 1] > all.size()) {
      return meaning_error(what, "have offsets that do not ascend"_words);
    }
    const std::size_t length = offsets[row + 1] - offsets[row];
    if (length < min_bytes) return meaning_error(what, "have an empty text"_words);
    if (length > max_bytes) return meaning_error(what, "have a text that is too long"_words);
    if (length > 0 && continues_utf8(all[offsets[row]])) {
      return meaning_error(what, "have a text that begins inside a character"_words);
    }
  }
  if (!is_utf8(all)) return meaning_error(what, "are not UTF-8"_words);
  view = {offsets, {all.data(), all.size()}};
  return kPassed;
}

Verdict check_parameters(const flatbuffers::Vector<float>& section, std::uint64_t length,
                         const char* what, std::span<const float>& view) {
  view = span_of(&section);
  if (view.size() != length)
    return meaning_error(what, "has another length than its shape asks"_words);
  // Only what is there lies anywhere.
  if (!view.empty() && reinterpret_cast<std::uintptr_t>(view.data()) % kAlignment != 0) {
    return meaning_error(what, "does not start at a multiple of 16 bytes"_words);
  }
  if (!(largest_magnitude(view) <= kMaxMagnitude)) {
    return meaning_error(what, "has a number that is not finite or above a million"_words);
  }
  return kPassed;
}

// Magnitudes are in the order of their bits, and those of what is not a number are above all
// others: whole numbers are compared, four at a time, since a page asks this of its item table just
// after the code has come.
float largest_magnitude(std::span<const float> numbers) {
  constexpr std::uint32_t kMagnitude = 0x7FFFFFFF;
  constexpr std::size_t kWords = 4;
  // An alias declaration would lose the attribute. NOLINTNEXTLINE(modernize-use-using)
  typedef std::uint32_t Four __attribute__((vector_size(kWords * sizeof(std::uint32_t))));
  Four largest_of{};
  std::size_t i = 0;
  for (; i + kWords <= numbers.size(); i += kWords) {
    Four next;
    std::memcpy(&next, numbers.data() + i, sizeof(next));
    next &= kMagnitude;
    largest_of = next > largest_of ? next : largest_of;
  }
  std::uint32_t largest = std::max({largest_of[0], largest_of[1], largest_of[2], largest_of[3]});
  for (; i < numbers.size(); ++i) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(numbers[i]) & kMagnitude);
  }
  return std::bit_cast<float>(largest);
}

bool is_sane(float number) { return std::abs(number) <= kMaxNumber; }

bool is_text(std::string_view text) { return text.size() <= kMaxTextBytes && is_utf8(text); }

}  // namespace palate::internal
