// Any encoder of user vectors before the exact top-k of the item table.
#include "runtime/vector_retrieval.h"

#include <algorithm>

#include "palate/seldom.h"
#include "palate/words.h"
#include "runtime/best_picks.h"
#include "runtime/dot.h"
#include "runtime/finite.h"
#include "runtime/fold_in.h"
#include "runtime/list_search.h"
#include "runtime/normal_draws.h"
#include "runtime/sequence_encoder.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "runtime/value_fold_in.h"
#include "runtime/weighted_mean.h"

namespace palate::internal {
namespace {

Result<std::unique_ptr<UserEncoder>> make_encoder(const Model& model) {
  if (model.fold_in() != nullptr) {
    return FoldInEncoder::create(*model.fold_in(), model.item_vectors());
  }
  if (model.weighted_mean() != nullptr) return seldom<&WeightedMeanEncoder::create>(model);
  if (model.value_fold_in() != nullptr) return seldom<&ValueFoldInEncoder::create>(model);
  return SequenceEncoder::create(model);
}

}  // namespace

Result<std::unique_ptr<VectorRetrieval>> VectorRetrieval::create(const Model& model) {
  Result<std::unique_ptr<UserEncoder>> encoder = make_encoder(model);
  if (!encoder) return encoder.error();
  std::unique_ptr<VectorRetrieval> retrieval(new VectorRetrieval(model, std::move(*encoder)));
  const std::size_t dimension = model.dimension();
  for (Buffer<float>* buffer : {&retrieval->user_vector_, &retrieval->direction_}) {
    if (Status status = buffer->reserve(dimension); !status) return status.error();
  }
  if (Status status = retrieval->gradient_.reserve(dimension); !status) return status.error();
  if (Status status = retrieval->add_up_codes(); !status) return status.error();
  if (retrieval->by_cosine_) {
    if (Status status = retrieval->make_cosines(); !status) return status.error();
  }
  return retrieval;
}

Status VectorRetrieval::add_up_codes() {
  if (item_vectors_.precision != Precision::kInt8) return Done{};
  if (Status status = code_sums_.reserve(item_vectors_.rows); !status) return status;
  internal::add_up_codes(item_vectors_, code_sums());
  return Done{};
}

VectorRetrieval::~VectorRetrieval() = default;

Status VectorRetrieval::set_history(const MergedHistory& history) {
  if (Status status = encoder_->set_history(history); !status) return status;
  return settle();
}

void VectorRetrieval::explore(float strength, std::uint64_t seed) {
  NormalDraws draws(seed);
  const std::span<float> deviation = direction_.first(item_vectors_.columns);
  for (float& x : deviation) x = static_cast<float>(draws.next());
  posterior()->draw(deviation);
  for (std::size_t k = 0; k < deviation.size(); ++k) user_vector_[k] += strength * deviation[k];
  compare_with_user();
}

Status VectorRetrieval::settle() {
  Status status = encoder_->encode(user_vector_.first(item_vectors_.columns));
  if (status) compare_with_user();
  return status;
}

void VectorRetrieval::score(std::span<const ItemIndex> items, std::span<float> scores) const {
  if (by_cosine_) return cosines_->score(items, scores);
  std::transform(items.begin(), items.end(), scores.begin(), [this](ItemIndex item) {
    return row_product(item_vectors_, to_row(item), user_vector()) + offset_[to_row(item)];
  });
}

void VectorRetrieval::add_products(std::span<const ItemIndex> items, std::span<float> sums) const {
  for (std::size_t i = 0; i < items.size(); ++i) {
    sums[i] += row_product(item_vectors_, to_row(items[i]), user_vector());
  }
}

Result<std::size_t> VectorRetrieval::find(ItemSearch* search, const TopKQuery& query,
                                          const char* what, std::span<Pick> picks) {
  const std::size_t size = BestPicks::room(picks.size(), item_vectors_.rows);
  if (Status status = room_.allocate(size); !status) return status.error();
  const std::span<Pick> room = room_.first(size);
  std::optional<std::size_t> found;
  if (search != nullptr) found = search->best(query, picks.size(), room);
  if (!found) {
    found = crew_ != nullptr ? search_(*crew_, query, picks.size(), room)
                             : top_k(query, picks.size(), room);
  }
  if (!found) return not_finite(what);
  std::copy_n(room.data(), *found, picks.data());
  return *found;
}

Status VectorRetrieval::use_index(const ListIndexView& index) {
  auto made = ListSearch::create(index, item_vectors_, code_sums());
  if (!made) return made.error();
  by_index_ = std::move(*made);
  return Done{};
}

Result<std::size_t> VectorRetrieval::best(RowMask excluded, std::span<Pick> picks) {
  TopKQuery query = {.table = item_vectors_,
                     .vector = user_vector(),
                     .row_scale = {},
                     .excluded = excluded,
                     .offset = offset_,
                     .code_sums = code_sums()};
  if (by_cosine_) {
    query.vector = cosines_->unit();
    query.row_scale = cosines_->inverse_lengths();
  }
  return find(may_miss_ ? by_index_.get() : nullptr, query, "a retrieval score", picks);
}

Result<std::size_t> VectorRetrieval::similar(ItemIndex item, RowMask excluded,
                                             std::span<Pick> picks) {
  if (Status status = make_cosines(); !status) return status.error();
  cosines_->set_row(to_row(item));
  const TopKQuery query = {.table = item_vectors_,
                           .vector = cosines_->unit(),
                           .row_scale = cosines_->inverse_lengths(),
                           .excluded = excluded,
                           .code_sums = code_sums()};
  Result<std::size_t> found = find(nullptr, query, "a similarity"_words, picks);
  compare_with_user();
  return found;
}

Status VectorRetrieval::make_cosines() {
  if (cosines_) return Done{};
  auto made = seldom<&Cosines::create>(item_vectors_, telling_columns_);
  if (!made) return made.error();
  cosines_ = std::move(*made);
  return Done{};
}

Status VectorRetrieval::contributions(ItemIndex item, std::span<float> amounts) {
  return contributions(gradient_of(item), amounts);
}

Result<float> VectorRetrieval::base(ItemIndex item) {
  const Result<float> beyond_offset = base(gradient_of(item));
  if (!beyond_offset) return beyond_offset.error();
  return *beyond_offset + offset_[to_row(item)];
}

Result<float> VectorRetrieval::base(std::span<const double> gradient) {
  return encoder_->base(gradient);
}

/// What the user vector is multiplied by for a score: the item vector, or what cosines have for it.
std::span<const double> VectorRetrieval::gradient_of(ItemIndex item) {
  const std::span<double> gradient = gradient_.first(item_vectors_.columns);
  if (by_cosine_) {
    cosines_->write_gradient(item, gradient);
    return gradient;
  }
  const std::span<float> vector = direction_.first(gradient.size());
  item_vectors_.read(to_row(item), vector);
  std::copy(vector.begin(), vector.end(), gradient.begin());
  return gradient;
}

Status VectorRetrieval::contributions(std::span<const double> gradient, std::span<float> amounts) {
  return encoder_->contributions(gradient, amounts);
}

}  // namespace palate::internal
