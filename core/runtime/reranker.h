// Re-ranking: the order of a list by more than its scores.
#ifndef PALATE_RUNTIME_RERANKER_H_
#define PALATE_RUNTIME_RERANKER_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/diversifier.h"
#include "runtime/list_limits.h"
#include "runtime/row_mask.h"

namespace palate::internal {

/// Where candidates come from.
class CandidateSource {
 public:
  /// Writes the best items but the `excluded` rows, best first; returns how many.
  virtual Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) = 0;
  /// How many candidates it has to give, unless the list is longer.
  virtual std::size_t most() const = 0;
  virtual Status score(std::span<const ItemIndex> items, std::span<float> scores) = 0;

 protected:
  ~CandidateSource() = default;
};

/// Formulas and order: palate/request.h, Reranking. Keeps its memory from one list to the next.
/// Borrows the model.
class Reranker {
 public:
  explicit Reranker(const Model& model) : model_(&model), limits_(model), diversifier_(model) {}

  /// Writes the list and returns its length. `excluded` is what the filter and the history leave
  /// out, `barred` what may not even be pinned. `kRequestInvalid` for numbers that are out of their
  /// range and for what the model lacks; `kModelUnsupported` where nothing tells how similar items
  /// are.
  Result<std::size_t> list(const Reranking& reranking, RowMask excluded,
                           std::span<const ItemIndex> barred, CandidateSource& source,
                           std::span<Pick> picks);

 private:
  struct Candidate {
    Pick pick;
    float value = 0;
    bool is_gone = false;
  };

  Status check() const;
  Status start(std::size_t most);
  float fresh_now() const;
  Status pin(std::span<const ItemIndex> barred, CandidateSource& source);
  Result<std::size_t> fill(CandidateSource& source);
  Status leave_out_unfit();
  void put_in_order(std::span<const Pick> found);
  float value_of(const Pick& pick) const;
  bool is_diverse() const { return reranking_->diversity != Diversity::kNone; }
  std::size_t next_candidate();
  void take(std::size_t slot, const Pick& pick);

  const Model* model_;
  ListLimits limits_;
  Diversifier diversifier_;

  // Of the request at hand.
  const Reranking* reranking_ = nullptr;
  RowMask excluded_;
  std::span<Pick> list_;
  std::size_t length_ = 0;  // of the list so far
  float now_ = 0;
  double lowest_ = 0;         // score of the first candidates
  double highest_ = 0;        // NaN before there were any
  std::size_t pool_ = 0;      // room for candidates
  std::size_t count_ = 0;     // of candidates
  std::size_t first_ = 0;     // all before it are gone
  bool is_reserved_ = false;  // whether they are for quotas alone
  Buffer<Candidate> candidates_;
  Buffer<Pick> found_;
  RowBits bits_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_RERANKER_H_
