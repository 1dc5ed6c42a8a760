// What a model file holds, as far as its report and its JSON say the same.
#ifndef PALATE_TOOLS_MODEL_FACTS_H_
#define PALATE_TOOLS_MODEL_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "palate/model.h"

namespace palate::tools {

std::string encoder_name(EncoderKind kind);

std::string precision_name(Precision precision);

/// Null where the encoder weighs no history.
const HistoryWeightsView* history_weights(const Model& model);

/// Whether the items of a history have other vectors than the items that are ranked.
bool has_own_history_table(const Model& model);

/// Whether what was rated tells something beside how it was rated.
bool has_implicit_table(const Model& model);

/// Nothing where it has none that makes sense: nobody uses that.
std::optional<ListIndexView> index_of(const Model& model);

/// Of the whole file.
std::string sha256_of(const Model& model);

/// The widths of the ranker's layers, inputs first.
std::vector<std::uint32_t> layer_widths(const RankerView& ranker);

/// None where the model has none; `ModelFile` has checked it.
std::optional<ContentMapView> content_map(const Model& model);

/// Name and payload of each section; what is left is alignment, tables and training facts.
std::vector<std::pair<std::string, std::size_t>> sections(const Model& model);

/// Of the items, how many the attribute says nothing of.
std::size_t missing_count(const AttributeView& attribute, std::size_t items);

/// Whether one of its layers is in bytes.
bool has_bytes(const RankerView& ranker);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_MODEL_FACTS_H_
