// Scores of any scale beside parameters in logits.
#include "runtime/learned_choices.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>

#include "palate/words.h"
#include "runtime/best_picks.h"
#include "runtime/finite.h"

namespace palate::internal {

Result<std::unique_ptr<Learned>> LearnedChoices::create(const ScoringParts& parts,
                                                        const LearningSettings& settings) {
  Result<Adaptation> adaptation = Adaptation::create(*parts.model, settings);
  if (!adaptation) return adaptation.error();
  std::unique_ptr<LearnedChoices> made(new (std::nothrow)
                                           LearnedChoices(parts, std::move(*adaptation)));
  if (made == nullptr) return Error{ErrorCode::kMemory, "no memory for what is learned"_words};
  if (Status status = made->take_history(); !status) return status.error();
  return std::unique_ptr<Learned>(std::move(made));
}

LearnedChoices::~LearnedChoices() {
  if (parts_.ranker == nullptr) return;
  parts_.ranker->lend(nullptr);
  parts_.ranker_gradient->lend(nullptr);
}

// What is learned follows from the events, whatever visit it is in which they are replayed.
Status LearnedChoices::learn(std::span<const ItemIndex> shown) {
  if (parts_.ranker_input != nullptr) parts_.ranker_input->hide_context(true);
  Status status = learn_here(shown);
  if (parts_.ranker_input != nullptr) parts_.ranker_input->hide_context(false);
  return status;
}

Status LearnedChoices::learn_here(std::span<const ItemIndex> shown) {
  if (!adaptation_.layers().empty()) {
    parts_.ranker->enter(*parts_.ranker_input, shown, adaptation_.rows());
    adaptation_.learn(shown);
    is_stale_ = true;
    return Done{};
  }
  std::array<float, kMostShown> scores;
  const std::span<float> logits = std::span(scores).first(shown.size());
  if (Status status = find_logits(shown, logits); !status) return status;
  adaptation_.learn(logits, shown);
  return Done{};
}

// Without what the tastes add.
Status LearnedChoices::find_logits(std::span<const ItemIndex> items, std::span<float> logits) {
  if (parts_.ranker != nullptr) {
    return parts_.ranker->score(*parts_.ranker_input, items, logits);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    logits[i] = sharpness_ * parts_.retrievers->encoder().score_one(items[i]);
  }
  return Done{};
}

// Without a ranker: finds how sharp the scores are, and turns the user vector.
Status LearnedChoices::take_history() {
  if (parts_.ranker != nullptr) return Done{};
  constexpr std::size_t kItems = 64;
  constexpr std::size_t kPopular = 1024;
  const std::size_t popular = std::min(parts_.model->item_count(), kPopular);
  const std::size_t stride = std::max<std::size_t>(popular / kItems, 1);
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t row = 0; row < popular && count < kItems; row += stride, ++count) {
    const double score = parts_.retrievers->encoder().score_one(to_item(row));
    sum += score;
    squares += score * score;
  }
  const double variance = squares / count - (sum / count) * (sum / count);
  sharpness_ = variance > 1e-9 * squares ? static_cast<float>(1 / std::sqrt(variance)) : 1.0F;
  if (!std::isfinite(sharpness_)) return not_finite("a score");
  if (VectorRetrieval* vectors = parts_.retrievers->vectors()) {
    vectors->shift(adaptation_.direction(), 1 / sharpness_);
  }
  return Done{};
}

Status LearnedChoices::take_layers() {
  if (!is_stale_) return Done{};
  const std::span<const DenseLayerView> further = adaptation_.layers();
  layers_ = {parts_.model->ranker()->layers.front()};
  layers_.insert(layers_.end(), further.begin(), further.end());
  Result<MlpForward> forward = MlpForward::create(further);
  if (!forward) return forward.error();
  Result<MlpGradient> gradient = MlpGradient::create(layers_);
  if (!gradient) return gradient.error();
  forward_ = std::move(*forward);
  gradient_ = std::move(*gradient);
  parts_.ranker->lend(&*forward_);
  parts_.ranker_gradient->lend(&*gradient_);
  is_stale_ = false;
  return Done{};
}

void LearnedChoices::add_to(std::span<const ItemIndex> items, std::span<float> scores) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    scores[i] += adaptation_.taste(items[i]) / sharpness_;
  }
}

float LearnedChoices::base(ItemIndex item) { return adaptation_.amount(item) / sharpness_; }

// Of more than are asked for: tastes move what stands near to one another.
Result<std::size_t> LearnedChoices::best(RowMask excluded, std::span<Pick> picks) {
  constexpr std::size_t kFewest = 200;
  const std::size_t limit =
      std::min(std::max(2 * picks.size(), kFewest), parts_.model->item_count());
  if (Status status = wider_.reserve(limit); !status) return status.error();
  const std::span<Pick> list = wider_.first(limit);
  const Result<std::size_t> found = parts_.retrievers->encoder().best(excluded, list);
  if (!found) return found.error();
  for (Pick& pick : list.first(*found)) add_to({&pick.item, 1}, {&pick.score, 1});
  return copy_best(list.first(*found), picks);
}

}  // namespace palate::internal
