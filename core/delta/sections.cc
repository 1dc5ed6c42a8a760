// Walks the schema: each vector that may be large gets a name.
#include "delta/sections.h"

#include <algorithm>
#include <utility>

#include "model/file_header.h"
#include "palate_generated.h"

namespace palate::internal {
namespace {

template <class T>
using Numbers = flatbuffers::Vector<T>;
template <class T>
using Tables = flatbuffers::Vector<flatbuffers::Offset<T>>;

class Walk {
 public:
  explicit Walk(std::span<const std::byte> file) : file_(file) {}

  std::vector<Section> model(const format::Model& model) {
    catalogue(*model.catalogue());
    matrix("item vectors", model.item_vectors());
    matrix("item codes", model.quantized_item_vectors());
    encoder(model);
    if (model.ranker() != nullptr) ranker(*model.ranker());
    if (model.value_head() != nullptr) rows("item bias", model.value_head()->item_bias());
    if (model.tabular() != nullptr) tabular(*model.tabular());
    if (model.content_map() != nullptr) {
      whole("content map", model.content_map()->coefficients());
    }
    if (const format::ListIndex* index = model.list_index()) {
      whole("centroids", index->centroids()->values());
      if (index->lists()->size() == items_) rows("lists", index->lists());
    }
    std::ranges::sort(sections_, {}, &Section::place);
    return std::move(sections_);
  }

 private:
  template <class T>
  Section* add(std::string name, const Numbers<T>* numbers, SectionKind kind, Words words,
               std::uint32_t unit) {
    if (numbers == nullptr || numbers->size() == 0) return nullptr;
    Section section;
    section.name = std::move(name);
    section.place = place_of(numbers->Data());
    section.size = std::size_t{numbers->size()} * sizeof(T);
    section.kind = kind;
    section.words = words;
    section.unit = unit;
    sections_.push_back(std::move(section));
    return &sections_.back();
  }

  std::size_t place_of(const std::uint8_t* data) const {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(data) - file_.data());
  }

  template <class T>
  void rows(const std::string& name, const Numbers<T>* numbers, std::uint32_t columns = 1) {
    add(name, numbers, SectionKind::kRows, sizeof(T) == 4 ? Words::kByBase : Words::kNone,
        columns * static_cast<std::uint32_t>(sizeof(T)));
  }

  template <class T>
  void whole(const std::string& name, const Numbers<T>* numbers) {
    add(name, numbers, SectionKind::kWhole, sizeof(T) == 4 ? Words::kByBase : Words::kNone, 1);
  }

  void ascending(const std::string& name, const Numbers<std::uint32_t>* numbers) {
    add(name, numbers, SectionKind::kWhole, Words::kByPrevious, 1);
  }

  // Entries of the items, end to end, and the offsets that say where each begins.
  template <class T>
  void entries(const std::string& name, const Numbers<std::uint32_t>& offsets,
               const Numbers<T>* numbers) {
    Section* section = add(name, numbers, SectionKind::kTexts,
                           sizeof(T) == 4 ? Words::kByBase : Words::kNone, sizeof(T));
    if (section == nullptr) return;
    section->offsets_place = place_of(offsets.Data());
    section->offsets = {offsets.data(), offsets.size()};
  }

  void texts_of_items(const std::string& name, const format::Texts* texts) {
    if (texts == nullptr) return;
    ascending(name + " offsets", texts->offsets());
    entries(name, *texts->offsets(), texts->bytes());
  }

  void matrix(const std::string& name, const format::Matrix* matrix) {
    if (matrix != nullptr) rows(name, matrix->values(), matrix->columns());
  }

  void matrix(const std::string& name, const format::QuantizedMatrix* matrix) {
    if (matrix == nullptr || matrix->rows() == 0) return;
    rows(name + " scales", matrix->scales());
    rows(name, matrix->codes(), matrix->codes()->size() / matrix->rows());
  }

  void catalogue(const format::Catalogue& catalogue) {
    items_ = catalogue.popularity()->size();
    texts_of_items("ids", catalogue.ids());
    rows("popularity", catalogue.popularity());
    texts_of_items("titles", catalogue.titles());
    if (catalogue.attributes() == nullptr) return;
    for (const format::Attribute* attribute : *catalogue.attributes()) {
      const std::string name = "attribute " + attribute->name()->str();
      rows(name + " numbers", attribute->numbers());
      if (attribute->categories() == nullptr) continue;
      whole(name + " categories", attribute->categories()->bytes());
      ascending(name + " offsets", attribute->offsets());
      entries(name, *attribute->offsets(), attribute->entries());
    }
  }

  // As wide as the item table, whose shape it has.
  void item_table(const std::string& name, const Numbers<float>* values) {
    if (values != nullptr && items_ > 0) rows(name, values, values->size() / items_);
  }

  void item_weights(const std::string& name, const format::ItemWeights& weights) {
    ascending(name + " offsets", weights.offsets());
    ascending(name + " columns", weights.columns());
    entries(name, *weights.offsets(), weights.values());
  }

  void encoder(const format::Model& model) {
    if (const format::FoldIn* fold_in = model.encoder_as_FoldIn()) {
      whole("Gramian", fold_in->gramian());
    } else if (const format::WeightedMean* mean = model.encoder_as_WeightedMean()) {
      item_table("history vectors", mean->history_vectors());
      matrix("history codes", mean->quantized_history_vectors());
    } else if (const format::ItemWeights* weights = model.encoder_as_ItemWeights()) {
      item_weights("item weights", *weights);
    } else if (const format::Sequence* sequence = model.encoder_as_Sequence()) {
      this->sequence(*sequence);
    } else if (const format::ValueFoldIn* values = model.encoder_as_ValueFoldIn()) {
      item_table("implicit vectors", values->implicit_vectors());
      matrix("implicit codes", values->quantized_implicit_vectors());
    }
  }

  void layer(const std::string& name, const format::DenseLayer& layer) {
    whole(name, layer.weights());
    whole(name + " bias", layer.bias());
  }

  void layers(const std::string& name, const Tables<format::DenseLayer>& layers) {
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      layer(name + " " + std::to_string(i), *layers.Get(i));
    }
  }

  void sequence(const format::Sequence& sequence) {
    for (std::uint32_t i = 0; i < sequence.blocks()->size(); ++i) {
      const format::SequenceBlock& block = *sequence.blocks()->Get(i);
      const std::string name = "block " + std::to_string(i);
      layer(name + " mix in", *block.mix_in());
      layer(name + " mix out", *block.mix_out());
      whole(name + " distances", block.distances());
      layer(name + " widen", *block.widen());
      layer(name + " narrow", *block.narrow());
    }
    whole("gaps", sequence.gap_vectors());
    whole("types", sequence.type_vectors());
  }

  void ranker(const format::Ranker& ranker) {
    layers("ranker", *ranker.layers());
    rows("recency", ranker.recency());
    if (ranker.retrievers() == nullptr) return;
    for (std::uint32_t i = 0; i < ranker.retrievers()->size(); ++i) {
      item_weights("retriever " + std::to_string(i), *ranker.retrievers()->Get(i));
    }
  }

  void tabular(const format::Tabular& tabular) {
    layers("tabular", *tabular.layers());
    for (const format::TabularColumn* column : *tabular.columns()) {
      const std::string name = "column " + column->name()->str();
      if (column->categories() != nullptr) whole(name, column->categories()->bytes());
      whole(name + " vectors", column->vectors());
      whole(name + " weights", column->weights());
    }
  }

  std::span<const std::byte> file_;
  std::uint32_t items_ = 0;
  std::vector<Section> sections_;
};

}  // namespace

std::vector<Section> sections_of(const Model& model) {
  const std::byte* body = model.bytes().subspan(kHeaderBytes).data();
  return Walk(model.bytes()).model(*format::GetModel(body));
}

}  // namespace palate::internal
