// Step three of reading: whether what the file says makes sense. A check maps what it has passed.
#ifndef PALATE_MODEL_CHECK_H_
#define PALATE_MODEL_CHECK_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "model/mapped.h"
#include "model/verdict.h"
#include "palate_generated.h"

namespace palate::internal {

/// That the sections together are no larger than the body: then none is used twice, and what is
/// linear in the sections is linear in the file.
Verdict check_sections(const format::Model& model, std::size_t body_bytes);

// In this order: a check relies on what the ones before it have mapped.
Verdict check_catalogue(const format::Model& model, const SipKey& key, MappedModel& mapped);
Verdict check_event_types(const format::Texts& types, MappedModel& mapped);
Verdict check_value_head(const format::ValueHead& head, MappedModel& mapped);
Verdict check_encoder(const format::Model& model, MappedModel& mapped);
Verdict check_ranker(const format::Ranker& ranker, MappedModel& mapped);
Verdict check_tabular(const format::Model& model, MappedModel& mapped);
Verdict check_facts(const format::Facts& facts, MappedModel& mapped);

/// Maps `texts` after checking that there are `rows` of them, each of at least `min_bytes` and at
/// most `max_bytes`.
Verdict check_texts(const format::Texts& texts, std::size_t rows, std::size_t min_bytes,
                    std::size_t max_bytes, const char* what, TextsView& view);

/// Maps a section of parameters after checking its length, its alignment and that every number is
/// of magnitude `kMaxMagnitude` at most.
Verdict check_parameters(const flatbuffers::Vector<float>& section, std::uint64_t length,
                         const char* what, std::span<const float>& view);

/// Maps columns after checking each; those of a tabular model have vectors and weights, those of a
/// ranker's context have none.
enum class ColumnsOf : bool { kTabular, kContext };
Verdict check_columns(
    const flatbuffers::Vector<flatbuffers::Offset<format::TabularColumn>>& columns, ColumnsOf of,
    FixedArray<TabularColumnView>& views);

/// The largest magnitude of what a column gives to a network.
double largest_input(const TabularColumnView& column);

/// Maps a table of floats of the shape that `view` states.
Verdict check_table(const flatbuffers::Vector<float>& values, const char* what, TableView& view);

/// Maps a quantised table after checking that it is of the shape that `view` states.
Verdict check_table(const format::QuantizedMatrix& matrix, const char* what, TableView& view);

/// Maps a layer after checking its shape and its numbers, which have to be floats.
Verdict check_layer(const format::DenseLayer& layer, std::uint32_t inputs, const char* what,
                    DenseLayerView& view);

/// The same for a layer that may be quantised.
Verdict check_any_layer(const format::DenseLayer& layer, std::uint32_t inputs, const char* what,
                        DenseLayerView& view);

/// The largest magnitude of an output when no input is larger than `largest`.
double layer_bound(const DenseLayerView& layer, double largest);

/// The largest magnitude; NaN when a number is.
float largest_magnitude(std::span<const float> numbers);

/// Whether `number` is finite and of magnitude `kMaxNumber` at most.
bool is_sane(float number);

/// Whether `text` is UTF-8 and of a bearable length.
bool is_text(std::string_view text);

template <class T>
std::span<const T> span_of(const flatbuffers::Vector<T>* section) {
  return section == nullptr ? std::span<const T>{} : std::span(section->data(), section->size());
}

inline std::string_view text_of(const flatbuffers::String& text) { return text.string_view(); }

}  // namespace palate::internal

#endif  // PALATE_MODEL_CHECK_H_
