// A file is unpacked, each of its tables grows, and it is packed again: what has no row an item
// passes through untouched.
#include "new_items/grown_file.h"

#include <algorithm>
#include <string>

#include "model/file_header.h"
#include "model/limits.h"
#include "model/writer.h"
#include "palate_generated.h"

namespace palate::internal {
namespace {

void append(const std::string& text, format::TextsT& texts) {
  texts.bytes.insert(texts.bytes.end(), text.begin(), text.end());
  texts.offsets.push_back(static_cast<std::uint32_t>(texts.bytes.size()));
}

class Growth {
 public:
  Growth(const Model& model, const FurtherRows& rows, format::ModelT& contents)
      : dimension_(model.dimension()), rows_(rows), contents_(contents) {}

  void grow_catalogue(const Catalogue& items, std::vector<MatchedAttribute>& attributes) {
    format::CatalogueT& catalogue = *contents_.catalogue;
    const std::size_t known = catalogue.popularity.size();
    catalogue.popularity.resize(known + rows_.items.size());
    for (const std::size_t item : rows_.items) append(items.ids[item], *catalogue.ids);
    if (!items.titles.empty() && catalogue.titles == nullptr) {
      catalogue.titles = std::make_unique<format::TextsT>();
      catalogue.titles->offsets.resize(known + 1);
    }
    if (catalogue.titles != nullptr) {
      for (const std::size_t item : rows_.items) {
        append(items.titles.empty() ? std::string() : items.titles[item], *catalogue.titles);
      }
    }
    for (std::size_t a = 0; a < attributes.size(); ++a) {
      grow_attribute(attributes[a], *catalogue.attributes[a]);
    }
  }

  /// All tables whose rows are outputs of a content map, in the order of these.
  void grow_tables() {
    format::MatrixT* floats = contents_.item_vectors.get();
    grow_table(floats == nullptr ? nullptr : &floats->values,
               contents_.quantized_item_vectors.get());
    if (floats != nullptr) floats->rows += static_cast<std::uint32_t>(rows_.items.size());
    if (auto* mean = contents_.encoder.AsWeightedMean()) {
      grow_table(&mean->history_vectors, mean->quantized_history_vectors.get());
    } else if (auto* fold_in = contents_.encoder.AsValueFoldIn()) {
      grow_table(&fold_in->implicit_vectors, fold_in->quantized_implicit_vectors.get());
    }
    if (contents_.value_head == nullptr) return;
    for (const float bias : outputs(1)) contents_.value_head->item_bias.push_back(bias);
  }

  void grow_item_weights() {
    if (auto* weights = contents_.encoder.AsItemWeights()) append_empty_rows(*weights);
    if (contents_.ranker == nullptr) return;
    for (auto& retriever : contents_.ranker->retrievers) append_empty_rows(*retriever);
  }

  void grow_recency() {
    if (contents_.ranker == nullptr || contents_.ranker->recency.empty()) return;
    std::vector<std::uint8_t>& recency = contents_.ranker->recency;
    recency.resize(recency.size() + rows_.items.size(), kMostRecent);
  }

 private:
  void grow_attribute(MatchedAttribute& match, format::AttributeT& attribute) {
    for (const std::size_t item : rows_.items) {
      if (attribute.kind == format::AttributeKind::Number) {
        attribute.numbers.push_back(match.given == nullptr ? kNoValue : match.given->numbers[item]);
        continue;
      }
      for (const std::uint32_t entry : match.entries_of(item)) {
        std::uint32_t& row = match.rows[entry];
        if (row == MatchedAttribute::kNotThere) {
          row = static_cast<std::uint32_t>(attribute.categories->offsets.size() - 1);
          append(match.given->categories[entry], *attribute.categories);
        }
        attribute.entries.push_back(row);
      }
      attribute.offsets.push_back(static_cast<std::uint32_t>(attribute.entries.size()));
    }
  }

  /// The next outputs of all rows, so many of each.
  std::vector<float> outputs(std::size_t count) {
    std::vector<float> taken;
    for (std::size_t row = 0; row < rows_.items.size(); ++row) {
      const auto all = rows_.outputs.subspan(row * rows_.width + taken_, count);
      taken.insert(taken.end(), all.begin(), all.end());
    }
    taken_ += count;
    return taken;
  }

  /// Nothing where the file has no such table.
  void grow_table(std::vector<float>* values, format::QuantizedMatrixT* quantized) {
    const bool has_floats = values != nullptr && !values->empty();
    if (!has_floats && quantized == nullptr) return;
    std::vector<float> numbers = outputs(dimension_);
    if (quantized != nullptr) {
      const Precision precision = quantized->bits == 8 ? Precision::kInt8 : Precision::kInt4;
      const QuantizedTable codes = quantize(numbers, dimension_, precision);
      quantized->rows += static_cast<std::uint32_t>(rows_.items.size());
      quantized->scales.insert(quantized->scales.end(), codes.scales.begin(), codes.scales.end());
      quantized->codes.insert(quantized->codes.end(), codes.codes.begin(), codes.codes.end());
      read_back(codes, precision, numbers);
    } else {
      values->insert(values->end(), numbers.begin(), numbers.end());
    }
    // The item table is the first.
    auto* fold_in = contents_.encoder.AsFoldIn();
    if (taken_ == dimension_ && fold_in != nullptr) add_to_gramian(numbers, fold_in->gramian);
  }

  void read_back(const QuantizedTable& table, Precision precision, std::span<float> numbers) const {
    TableView view;
    view.rows = static_cast<std::uint32_t>(table.scales.size());
    view.columns = dimension_;
    view.precision = precision;
    view.scales = table.scales;
    view.codes = table.codes;
    for (std::size_t row = 0; row < view.rows; ++row) {
      view.read(row, numbers.subspan(row * dimension_, dimension_));
    }
  }

  /// H'H with these rows of H, too.
  void add_to_gramian(std::span<const float> vectors, std::vector<float>& gramian) const {
    std::vector<double> sums(gramian.begin(), gramian.end());
    for (std::size_t first = 0; first < vectors.size(); first += dimension_) {
      const float* vector = vectors.data() + first;
      std::size_t at = 0;
      for (std::size_t i = 0; i < dimension_; ++i) {
        for (std::size_t j = 0; j <= i; ++j) sums[at++] += double{vector[i]} * vector[j];
      }
    }
    std::copy(sums.begin(), sums.end(), gramian.begin());
  }

  void append_empty_rows(format::ItemWeightsT& weights) const {
    weights.offsets.insert(weights.offsets.end(), rows_.items.size(), weights.offsets.back());
  }

  std::uint32_t dimension_;
  const FurtherRows& rows_;
  format::ModelT& contents_;
  std::size_t taken_ = 0;  // of a row's outputs
};

/// What the file grows by at most, but for padding.
std::uint64_t growth_bytes(const Model& model, const Catalogue& items, const FurtherRows& rows) {
  // An item's popularity, where its texts and attributes end, its rows of item weights, its
  // recency.
  const std::size_t words = 3 + model.attributes().size() + kMaxRetrievers + 1 + rows.width;
  std::uint64_t bytes = std::uint64_t{4} * words * rows.items.size();
  const auto texts = [&](const std::vector<std::string>& all) {
    for (const std::string& text : all) bytes += 4 + text.size();
  };
  texts(items.ids);
  texts(items.titles);
  for (const Attribute& attribute : items.attributes) {
    bytes += 4 * (attribute.numbers.size() + attribute.entries.size());
    texts(attribute.categories);
  }
  return bytes + 4 * model.item_count();  // titles, where there were none
}

}  // namespace

Result<std::vector<std::byte>> grown_file(const Model& model, const Catalogue& catalogue,
                                          std::vector<MatchedAttribute> attributes,
                                          const FurtherRows& rows, ContentMapStays map) {
  constexpr std::uint64_t kPadding = 1U << 16;
  const std::uint64_t size = model.bytes().size() + growth_bytes(model, catalogue, rows) + kPadding;
  if (size > kMaxFileBytes) {
    return Error{ErrorCode::kModelMeaning,
                 "with the new items the model would be larger than 2 GiB: add fewer"};
  }
  format::ModelT contents;
  format::GetModel(model.bytes().subspan(kHeaderBytes).data())->UnPackTo(&contents);
  Growth growth(model, rows, contents);
  growth.grow_catalogue(catalogue, attributes);
  growth.grow_tables();
  growth.grow_item_weights();
  growth.grow_recency();
  // It says nothing of further items: without it lists are found among all.
  contents.list_index.reset();
  if (map == ContentMapStays::kNo) contents.content_map.reset();
  flatbuffers::FlatBufferBuilder builder(static_cast<std::size_t>(size));
  builder.TrackMinAlign(kAlignment);
  format::FinishModelBuffer(builder, format::CreateModel(builder, &contents));
  contents = {};
  return unopened_file_of(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

}  // namespace palate::internal
