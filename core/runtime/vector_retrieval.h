// Retrieval by vectors: an encoder makes a user vector, a score is its product with an item vector,
// on top of what a value fold-in expects of the item, or their cosine.
#ifndef PALATE_RUNTIME_VECTOR_RETRIEVAL_H_
#define PALATE_RUNTIME_VECTOR_RETRIEVAL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/cosines.h"
#include "runtime/fold_in_system.h"
#include "runtime/history.h"
#include "runtime/item_search.h"
#include "runtime/retrieval.h"
#include "runtime/row_mask.h"
#include "runtime/score_offset.h"
#include "runtime/user_encoder.h"

namespace palate::internal {

class Crew;
struct TopKQuery;

/// Borrows the model.
class VectorRetrieval final : public Retrieval {
 public:
  /// `model` has an encoder that makes user vectors. `kModelMeaning` when that cannot work.
  static Result<std::unique_ptr<VectorRetrieval>> create(const Model& model);
  // Where the encoders are known: other code may be built with type information, which they lack.
  ~VectorRetrieval() override;

  /// Finds the user vector of the history.
  Status set_history(const MergedHistory& history) override;

  /// The system of the visitor's posterior; null where the encoder has none.
  FoldInSystem* posterior() { return encoder_->posterior(); }

  /// What a sequence network has read of the history; null where there is none.
  SequenceFollower* follower() { return encoder_->follower(); }

  /// Puts a draw from that posterior, its deviations times `strength`, in place of the user vector
  /// (Thompson 1933; for linear models Agrawal, Goyal 2013), until `settle`.
  void explore(float strength, std::uint64_t seed);
  Status settle();

  std::span<const float> user_vector() const { return user_vector_.first(item_vectors_.columns); }

  /// Adds a vector, times `factor`, to the user vector; the contributions leave it out.
  void shift(std::span<const float> direction, float factor) {
    for (std::size_t k = 0; k < direction.size(); ++k) user_vector_[k] += factor * direction[k];
  }

  void score(std::span<const ItemIndex> items, std::span<float> scores) const override;

  /// Adds the product of each item's vector with the user vector, whatever scores are.
  void add_products(std::span<const ItemIndex> items, std::span<float> sums) const;

  /// From now on `best` asks the index, unless it may miss nothing.
  Status use_index(const ListIndexView& index);
  void let_miss(bool may_miss) { may_miss_ = may_miss; }

  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) override;

  /// Has passes over all items done by `search` with the threads of `crew`; null: by this thread.
  using Search = std::optional<std::size_t> (*)(Crew&, const TopKQuery&, std::size_t,
                                                std::span<Pick>);
  void share(Crew* crew, Search search) {
    crew_ = crew;
    search_ = search;
  }

  /// By cosine of their vectors.
  Result<std::size_t> similar(ItemIndex item, RowMask excluded, std::span<Pick> picks) override;

  Status contributions(ItemIndex item, std::span<float> amounts) override;
  Result<float> base(ItemIndex item) override;

  /// What each item of the history adds to gradient . user vector, and to what.
  Status contributions(std::span<const double> gradient, std::span<float> amounts);
  Result<float> base(std::span<const double> gradient);

 private:
  VectorRetrieval(const Model& model, std::unique_ptr<UserEncoder> encoder)
      : item_vectors_(model.item_vectors()),
        telling_columns_(telling_columns(model)),
        offset_(model),
        by_cosine_(scores_by_cosine(model)),
        encoder_(std::move(encoder)) {}

  /// By `search`, then, where that finds nothing, by all rows; `what` they are is said where one
  /// is not finite.
  Result<std::size_t> find(ItemSearch* search, const TopKQuery& query, const char* what,
                           std::span<Pick> picks);
  Status add_up_codes();
  std::span<std::int32_t> code_sums() {
    return code_sums_.first(item_vectors_.precision == Precision::kInt8 ? item_vectors_.rows : 0);
  }
  Status make_cosines();
  /// After the user vector has changed, or another was compared.
  void compare_with_user() {
    if (by_cosine_) cosines_->set(user_vector());
  }
  std::span<const double> gradient_of(ItemIndex item);

  TableView item_vectors_;
  std::size_t telling_columns_;
  ScoreOffset offset_;
  bool by_cosine_;  // whether scores are cosines with the user vector
  std::unique_ptr<UserEncoder> encoder_;
  std::unique_ptr<ItemSearch> by_index_;  // null: every item is looked at
  bool may_miss_ = true;
  Buffer<std::int32_t> code_sums_;  // of an int8 table
  Buffer<Pick> room_;               // for the list at hand
  Buffer<float> user_vector_;
  Buffer<float> direction_;           // an item vector
  Buffer<double> gradient_;           // of a score by the user vector: the item vector
  std::unique_ptr<Cosines> cosines_;  // where scores are cosines; else from the first `similar` on
  Crew* crew_ = nullptr;
  Search search_ = nullptr;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_VECTOR_RETRIEVAL_H_
