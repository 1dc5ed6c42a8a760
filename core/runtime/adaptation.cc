// What the parameters start from, and what they add to a score.
#include "runtime/adaptation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/portable_math.h"
#include "runtime/dot.h"
#include "runtime/score_offset.h"

namespace palate::internal {
namespace {

// Trained layers are copied, so they are not many.
constexpr std::size_t kMostParameters = 1U << 16;

// Sampled where all items would take too long.
constexpr std::size_t kMeasuredItems = 1024;

constexpr float kMostDeviations = 3;

float log_popularity(const Model& model, ItemIndex item) {
  return static_cast<float>(portable_log1p(model.popularity(item)));
}

}  // namespace

Result<Adaptation> Adaptation::create(const Model& model, const LearningSettings& settings) {
  Adaptation adaptation(model, settings);
  if (Status status = adaptation.reserve(); !status) return status.error();
  adaptation.measure_vectors();
  adaptation.measure_numbers();
  return adaptation;
}

Status Adaptation::reserve() {
  if (model_->ranker() != nullptr) {
    if (Status status = start_trainer(); !status) return status;
  } else if (!scores_by_cosine(*model_)) {  // a cosine does not grow with what is added
    dimension_ = model_->dimension();
  }
  for (const AttributeView& attribute : model_->attributes()) {
    starts_.push_back(static_cast<std::uint32_t>(taste_count_));
    taste_count_ += attribute.kind == AttributeKind::kNumber ? 1 : attribute.categories.size();
  }
  starts_.push_back(static_cast<std::uint32_t>(taste_count_++));  // popularity
  for (Buffer<float>* buffer : {&direction_, &direction_gradient_, &item_vector_}) {
    if (Status status = buffer->reserve(dimension_); !status) return status;
  }
  if (Status status = tastes_.reserve(taste_count_); !status) return status;
  return taste_gradient_.reserve(taste_count_);
}

Status Adaptation::start_trainer() {
  const std::span<const DenseLayerView> layers = model_->ranker()->layers.subspan(1);
  if (layers.empty()) return Done{};
  Result<FloatLayers> floats = FloatLayers::create(layers);
  if (!floats) return floats.error();
  further_ = std::move(*floats);
  std::size_t trained = 0;
  std::size_t parameters = 0;
  while (trained < layers.size() && trained < std::max(settings_.layers, 1U)) {
    const DenseLayerView& layer = layers[layers.size() - 1 - trained];
    parameters += std::size_t{layer.inputs} * layer.outputs;
    if (trained > 0 && parameters > kMostParameters) break;
    ++trained;
  }
  Result<MlpTrainer> trainer = MlpTrainer::create(further_.views(), trained, kMostShown);
  if (!trainer) return trainer.error();
  trainer_ = std::move(*trainer);
  return Done{};
}

void Adaptation::measure_vectors() {
  if (dimension_ == 0) return;
  const std::size_t rows = std::min(model_->item_count(), kMeasuredItems);
  double sum = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    model_->item_vectors().read(row, item_vector_.first(dimension_));
    for (const float x : item_vector_.first(dimension_)) sum += double{x} * x;
  }
  vector_length_ = static_cast<float>(std::sqrt(sum / static_cast<double>(rows)));
}

void Adaptation::measure_numbers() {
  const std::size_t attributes = model_->attributes().size();
  for (std::size_t a = 0; a <= attributes; ++a) {
    Scale& scale = scales_.emplace_back();
    if (a < attributes && model_->attributes()[a].kind == AttributeKind::kCategory) continue;
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (std::size_t row = 0; row < model_->item_count(); ++row) {
      const double x = a < attributes ? model_->attributes()[a].numbers[row]
                                      : log_popularity(*model_, to_item(row));
      if (std::isnan(x)) continue;
      ++count;
      sum += x;
      squares += x * x;
    }
    const double mean = sum / std::max(count, 1.0);
    const double variance = squares / std::max(count, 1.0) - mean * mean;
    // Rounding of large numbers that are all the same is no variance.
    if (variance <= 1e-9 * squares) continue;
    scale = {static_cast<float>(mean), static_cast<float>(1 / std::sqrt(variance))};
  }
}

/// Categories count by the root of how many there are, so that no item has more to say than
/// another.
std::span<const Adaptation::Term> Adaptation::terms_of(ItemIndex item) {
  terms_.clear();
  const std::size_t attributes = model_->attributes().size();
  for (std::size_t a = 0; a <= attributes; ++a) {
    if (a < attributes && model_->attributes()[a].kind == AttributeKind::kCategory) {
      const auto entries = model_->attributes()[a].entries_of(item);
      const float x = 1 / std::sqrt(static_cast<float>(entries.size()));
      for (const std::uint32_t entry : entries) terms_.push_back({starts_[a] + entry, x});
      continue;
    }
    const float number = a < attributes ? model_->attributes()[a].numbers[to_row(item)]
                                        : log_popularity(*model_, item);
    if (std::isnan(number)) continue;
    const float x = (number - scales_[a].mean) * scales_[a].factor;
    terms_.push_back({starts_[a], std::clamp(x, -kMostDeviations, kMostDeviations)});
  }
  return terms_;
}

float Adaptation::taste(ItemIndex item) {
  float sum = 0;
  for (const Term& term : terms_of(item)) sum += tastes_[term.index] * term.x;
  return sum;
}

float Adaptation::amount(ItemIndex item) {
  if (dimension_ == 0) return taste(item);
  const std::span<float> vector = item_vector_.first(dimension_);
  model_->item_vectors().read(to_row(item), vector);
  return taste(item) + dot(vector.data(), direction());
}

}  // namespace palate::internal
