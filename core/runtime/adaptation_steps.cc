// Gradients of a choice among what was shown, and how far a step goes along them.
#include <algorithm>
#include <cmath>

#include "model/portable_math.h"
#include "runtime/adaptation.h"
#include "runtime/dot.h"

namespace palate::internal {
namespace {

// Choices that were foreseen this well teach nothing more.
constexpr double kLeastMiss = 1e-3;

// A gradient that is short by chance is not followed further than this share of the usual length.
constexpr double kShortShare = 0.1;

}  // namespace

void Adaptation::learn(std::span<const ItemIndex> shown) {
  if (!find_signals(trainer_->forward(shown.size()), shown)) return;
  const double length = squared_norm(trainer_->backward(signals(shown)));
  if (const float step = step_size(length, settings_.layer_rate, usual_layers_); step > 0) {
    trainer_->step(step);
    trainer_->restrain(settings_.decay, settings_.reach);
  }
  move_tastes(shown);
}

void Adaptation::learn(std::span<const float> logits, std::span<const ItemIndex> shown) {
  if (!find_signals(logits, shown)) return;
  if (dimension_ > 0) move_direction(shown);
  move_tastes(shown);
}

/// The gradient of -log P(first of `shown`) by each logit; false where there is nothing to learn.
bool Adaptation::find_signals(std::span<const float> logits, std::span<const ItemIndex> shown) {
  const std::span<float> signals = std::span(signals_).first(shown.size());
  for (std::size_t r = 0; r < shown.size(); ++r) signals[r] = logits[r] + taste(shown[r]);
  const float largest = *std::max_element(signals.begin(), signals.end());
  float sum = 0;
  for (float& signal : signals) sum += signal = portable_expf(signal - largest);
  for (float& signal : signals) signal /= sum;
  signals_[0] -= 1;
  miss_ = -double{signals_[0]};
  // Also where a logit is not finite.
  return miss_ > kLeastMiss;
}

/// By such a step the logit of what was chosen grows, against the others', by about rate * miss. 0
/// where no step makes sense.
float Adaptation::step_size(double squared, float rate, Usual& usual) const {
  const double length = squared / (miss_ * miss_);
  if (!(length > 0) || !std::isfinite(length)) return 0;
  usual.squared = usual.squared == 0 ? length : 0.9 * usual.squared + 0.1 * length;
  return static_cast<float>(rate / (length + kShortShare * usual.squared));
}

void Adaptation::move_direction(std::span<const ItemIndex> shown) {
  const std::span<float> gradient = direction_gradient_.first(dimension_);
  const std::span<float> vector = item_vector_.first(dimension_);
  std::fill(gradient.begin(), gradient.end(), 0.0F);
  for (std::size_t r = 0; r < shown.size(); ++r) {
    model_->item_vectors().read(to_row(shown[r]), vector);
    for (std::size_t k = 0; k < dimension_; ++k) gradient[k] += signals_[r] * vector[k];
  }
  const float step = step_size(squared_norm(gradient), settings_.vector_rate, usual_direction_);
  if (step == 0) return;
  for (std::size_t k = 0; k < dimension_; ++k) {
    direction_[k] = (1 - settings_.decay) * (direction_[k] - step * gradient[k]);
  }
  const double length = std::sqrt(squared_norm(direction())) * vector_length_;
  if (length <= settings_.most) return;
  for (float& x : direction_.first(dimension_)) x *= static_cast<float>(settings_.most / length);
}

void Adaptation::move_tastes(std::span<const ItemIndex> shown) {
  const std::span<float> gradient = taste_gradient_.first(taste_count_);
  std::fill(gradient.begin(), gradient.end(), 0.0F);
  for (std::size_t r = 0; r < shown.size(); ++r) {
    for (const Term& term : terms_of(shown[r])) gradient[term.index] += signals_[r] * term.x;
  }
  const float step = step_size(squared_norm(gradient), settings_.taste_rate, usual_tastes_);
  if (step == 0) return;
  for (std::size_t p = 0; p < taste_count_; ++p) {
    const float moved = (1 - settings_.decay) * (tastes_[p] - step * gradient[p]);
    tastes_[p] = std::clamp(moved, -settings_.most, settings_.most);
  }
}

}  // namespace palate::internal
