// All that finds items for a visitor: the model's encoder, and what its ranker has beside it.
#ifndef PALATE_RUNTIME_RETRIEVERS_H_
#define PALATE_RUNTIME_RETRIEVERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/history.h"
#include "runtime/retrieval.h"
#include "runtime/row_mask.h"
#include "runtime/vector_retrieval.h"

namespace palate::internal {

/// The first retriever is the encoder's, the others are those of `RankerView`. Borrows the model.
class Retrievers {
 public:
  /// The model's encoder is not popularity.
  static Result<Retrievers> create(const Model& model);

  /// Shows all of them a merged history, which must stay as it is while anything below is asked.
  Status set_history(const MergedHistory& history);

  /// How many there are beside the encoder's.
  std::size_t further() const { return further_.size(); }

  Retrieval& encoder() const { return *encoder_; }
  /// The encoder, where it makes user vectors; else null.
  VectorRetrieval* vectors() const { return vectors_; }
  Retrieval& further(std::size_t index) const { return *further_[index]; }

  /// Writes as many items as there is room for but the `excluded` rows, by turns, as
  /// `RankerView` says; returns how many.
  Result<std::size_t> candidates(RowMask excluded, std::span<ItemIndex> items);

 private:
  Retrievers() = default;

  Status add_encoder(const Model& model);
  Status add_further(const Model& model);
  Result<std::size_t> take_turns(std::size_t lists, std::size_t length, std::span<ItemIndex> items);

  std::unique_ptr<Retrieval> encoder_;
  VectorRetrieval* vectors_ = nullptr;
  std::vector<std::unique_ptr<Retrieval>> further_;
  Buffer<Pick> lists_;           // one after the other
  Buffer<std::size_t> lengths_;  // of the lists
  Buffer<std::uint32_t> taken_;  // one an item: the number of the request that took it last
  std::uint32_t request_ = 0;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_RETRIEVERS_H_
