// What was learned of a visitor's choices, put beside a ranker or a retriever.
#ifndef PALATE_RUNTIME_LEARNED_CHOICES_H_
#define PALATE_RUNTIME_LEARNED_CHOICES_H_

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/adaptation.h"
#include "runtime/buffer.h"
#include "runtime/explain.h"
#include "runtime/learned.h"
#include "runtime/mlp_forward.h"
#include "runtime/mlp_gradient.h"
#include "runtime/mlp_ranker.h"
#include "runtime/ranker_input.h"
#include "runtime/retrievers.h"

namespace palate::internal {

/// What a recommender scores with; the last three are null where the model has no ranker.
struct ScoringParts {
  const Model* model = nullptr;
  Retrievers* retrievers = nullptr;
  RankerInput* ranker_input = nullptr;
  MlpRanker* ranker = nullptr;
  RankerGradient* ranker_gradient = nullptr;
};

/// Lends the ranker its layers while it lives. Of the page's second file (wasm/split.py): only
/// `create` makes one.
class LearnedChoices final : public Learned {
 public:
  /// For the history that was set. Borrows the parts.
  static Result<std::unique_ptr<Learned>> create(const ScoringParts& parts,
                                                 const LearningSettings& settings);
  ~LearnedChoices() override;

  Status learn(std::span<const ItemIndex> shown) override;
  Status take_history() override;
  Status take_layers() override;
  void add_to(std::span<const ItemIndex> items, std::span<float> scores) override;
  float base(ItemIndex item) override;
  Result<std::size_t> best(RowMask excluded, std::span<Pick> picks) override;

 private:
  LearnedChoices(const ScoringParts& parts, Adaptation adaptation)
      : parts_(parts), adaptation_(std::move(adaptation)) {}

  Status learn_here(std::span<const ItemIndex> shown);
  Status find_logits(std::span<const ItemIndex> items, std::span<float> logits);

  ScoringParts parts_;
  Adaptation adaptation_;
  float sharpness_ = 1;  // logits a score of retrieval
  bool is_stale_ = false;
  std::vector<DenseLayerView> layers_;  // of the ranker, as they are now
  std::optional<MlpForward> forward_;
  std::optional<MlpGradient> gradient_;
  Buffer<Pick> wider_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_LEARNED_CHOICES_H_
