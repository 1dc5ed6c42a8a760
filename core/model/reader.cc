// Opens a model file: header, structure, meaning; then answers from it.
#include <new>

#include "model/check.h"
#include "model/file_header.h"
#include "model/limits.h"
#include "model/mapped.h"
#include "palate/model.h"
#include "palate/seldom.h"
#include "palate/words.h"
#include "palate_generated.h"

namespace palate {

using internal::MappedModel;
using internal::Verdict;

namespace {

// Step two: that every offset stays inside the body. It knows nothing of what the numbers mean.
Result<const format::Model*> check_structure(std::span<const std::byte> body) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(body.data());
  flatbuffers::Verifier::Options options;
  options.max_depth = internal::kMaxDepth;
  options.max_tables = internal::kMaxTables;
  flatbuffers::Verifier verifier(bytes, body.size(), options);
  // The writer pads to the alignment: so not even padding can be cut off unseen.
  if (body.size() % internal::kAlignment != 0 || !format::VerifyModelBuffer(verifier)) {
    return Error{ErrorCode::kModelStructure,
                 "the body of the model file is no FlatBuffer of Palate's schema"_words};
  }
  return format::GetModel(bytes);
}

// Step three.
Verdict check_meaning(const format::Model& model, std::size_t body_bytes, MappedModel& mapped) {
  internal::SipKey key;
  const internal::Sha256Digest checksum = internal::stated_checksum(mapped.file);
  std::memcpy(key.data(), checksum.data(), sizeof(key));

  Verdict verdict = internal::check_sections(model, body_bytes);
  if (verdict) verdict = internal::check_catalogue(model, key, mapped);
  if (verdict && model.value_head() != nullptr) {
    verdict = internal::check_value_head(*model.value_head(), mapped);
  }
  if (verdict && model.event_types() != nullptr) {
    verdict = internal::check_event_types(*model.event_types(), mapped);
  }
  if (verdict) verdict = internal::check_encoder(model, mapped);
  if (verdict && model.ranker() != nullptr)
    verdict = internal::check_ranker(*model.ranker(), mapped);
  if (verdict && model.tabular() != nullptr) {
    verdict = seldom<&internal::check_tabular>(model, mapped);
  }
  if (verdict) verdict = internal::check_facts(*model.facts(), mapped);
  return verdict;
}

bool is_int4(const format::QuantizedMatrix* vectors) {
  return vectors != nullptr && vectors->bits() == 4;
}

bool is_seldom(format::Encoder encoder) {
  return encoder == format::Encoder::WeightedMean || encoder == format::Encoder::ItemWeights ||
         encoder == format::Encoder::ValueFoldIn;
}

template <class T>
const T* address_of(const std::optional<T>& part) {
  return part ? &*part : nullptr;
}

}  // namespace

bool asks_for_seldom(std::span<const std::byte> bytes) {
  const auto body = internal::check_header(bytes, Checksum::kCompared);
  if (!body) return false;
  const Result<const format::Model*> structure = check_structure(*body);
  if (!structure) return false;
  const format::Model& model = **structure;
  const format::Ranker* ranker = model.ranker();
  return is_int4(model.quantized_item_vectors()) || is_seldom(model.encoder_type()) ||
         model.tabular() != nullptr ||
         (ranker != nullptr && (ranker->retrievers() != nullptr || ranker->context() != nullptr));
}

Result<Model> Model::open(std::span<const std::byte> bytes, Checksum checksum) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % internal::kAlignment != 0) {
    return Error{ErrorCode::kRequestInvalid,
                 "a model file must lie at an address that is a multiple of 16"_words};
  }
  const Result<std::span<const std::byte>> body = internal::check_header(bytes, checksum);
  if (!body) return body.error();
  const Result<const format::Model*> model = check_structure(*body);
  if (!model) return model.error();
  std::unique_ptr<MappedModel> mapped(new (std::nothrow) MappedModel);
  if (!mapped) return internal::memory_error();
  mapped->file = bytes;
  const Verdict verdict = check_meaning(**model, body->size(), *mapped);
  if (!verdict) return internal::error_of(verdict);
  return Model(std::move(mapped));
}

Model::Model(std::unique_ptr<const MappedModel> mapped) : mapped_(std::move(mapped)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

std::size_t Model::item_count() const { return mapped_->items(); }

std::uint32_t Model::dimension() const { return mapped_->item_vectors.columns; }

std::string_view Model::id(ItemIndex item) const { return mapped_->ids[to_row(item)]; }

std::string_view Model::title(ItemIndex item) const {
  return mapped_->titles.empty() ? std::string_view{} : mapped_->titles[to_row(item)];
}

std::uint32_t Model::popularity(ItemIndex item) const { return mapped_->popularity[to_row(item)]; }

std::optional<ItemIndex> Model::find(std::string_view id) const {
  const std::optional<std::uint32_t> row = mapped_->index.find(id);
  if (!row) return std::nullopt;
  return to_item(*row);
}

std::span<const AttributeView> Model::attributes() const { return mapped_->attributes.span(); }

const TextsView& Model::event_types() const { return mapped_->event_types; }

std::uint32_t Model::event_type(std::string_view name) const {
  const TextsView& names = mapped_->event_types;
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (names[row] == name) return static_cast<std::uint32_t>(row + 1);
  }
  return 0;
}

const TableView& Model::item_vectors() const { return mapped_->item_vectors; }

EncoderKind Model::encoder() const { return mapped_->encoder; }

const FoldInView* Model::fold_in() const { return address_of(mapped_->fold_in); }

const WeightedMeanView* Model::weighted_mean() const { return address_of(mapped_->weighted_mean); }

const ItemWeightsView* Model::item_weights() const { return address_of(mapped_->item_weights); }

const SequenceView* Model::sequence() const { return address_of(mapped_->sequence); }

const ValueFoldInView* Model::value_fold_in() const { return address_of(mapped_->value_fold_in); }

const RankerView* Model::ranker() const { return address_of(mapped_->ranker); }

const ValueHeadView* Model::value_head() const { return address_of(mapped_->value_head); }

const TabularView* Model::tabular() const { return address_of(mapped_->tabular); }

const FactsView& Model::facts() const { return mapped_->facts; }

std::span<const std::byte> Model::bytes() const { return mapped_->file; }

std::span<const std::uint32_t> AttributeView::entries_of(ItemIndex item) const {
  if (kind != AttributeKind::kCategory) return {};
  const std::size_t row = to_row(item);
  return entries.subspan(offsets[row], offsets[row + 1] - offsets[row]);
}

std::optional<std::uint32_t> AttributeView::find(std::string_view category) const {
  for (std::uint32_t row = 0; row < categories.size(); ++row) {
    if (categories[row] == category) return row;
  }
  return std::nullopt;
}

}  // namespace palate
