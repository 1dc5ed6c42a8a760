// What was learned of one visitor: how far a model's scores are moved for them.
#ifndef PALATE_RUNTIME_ADAPTATION_H_
#define PALATE_RUNTIME_ADAPTATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"
#include "runtime/float_layers.h"
#include "runtime/mlp_trainer.h"

namespace palate::internal {

/// The parameters of `Recommender::learn`, all of which start where they change nothing but that
/// quantised layers are read as floats. Borrows the model.
class Adaptation {
 public:
  static Result<Adaptation> create(const Model& model, const LearningSettings& settings);

  /// The ranker's layers after the first, the last ones as they were learned; none where none is
  /// trained. Valid while this is, moved or not.
  std::span<const DenseLayerView> layers() const {
    return trainer_ ? trainer_->layers() : std::span<const DenseLayerView>();
  }

  /// What is added to user vectors, in logits; none with a ranker, for cosines and without vectors.
  std::span<const float> direction() const { return direction_.first(dimension_); }

  /// What the tastes add to an item's logit.
  float taste(ItemIndex item);

  /// That and what `direction` adds.
  float amount(ItemIndex item);

  /// Where layers are trained: room for what the first layer makes of what was shown, a row an
  /// item, to be written before `learn`.
  float* rows() { return trainer_->input(0).data(); }

  /// Learns from a choice of the first of `shown` through the layers.
  void learn(std::span<const ItemIndex> shown);

  /// The same where no layer is trained: `logits` are those of `shown`, without their tastes.
  void learn(std::span<const float> logits, std::span<const ItemIndex> shown);

 private:
  /// Of a group of parameters: the squared length that its gradient usually has.
  struct Usual {
    double squared = 0;
  };
  /// One feature of an item: x of parameter `index` of the tastes.
  struct Term {
    std::uint32_t index;
    float x;
  };
  /// How a number attribute is brought to mean 0 and deviation 1.
  struct Scale {
    float mean = 0;
    float factor = 0;
  };

  Adaptation(const Model& model, const LearningSettings& settings)
      : model_(&model), settings_(settings) {}

  Status reserve();
  Status start_trainer();
  void measure_vectors();
  void measure_numbers();
  std::span<const Term> terms_of(ItemIndex item);
  std::span<const float> signals(std::span<const ItemIndex> shown) const {
    return std::span(signals_).first(shown.size());
  }
  bool find_signals(std::span<const float> logits, std::span<const ItemIndex> shown);
  float step_size(double squared_norm, float rate, Usual& usual) const;
  void move_direction(std::span<const ItemIndex> shown);
  void move_tastes(std::span<const ItemIndex> shown);

  const Model* model_;
  LearningSettings settings_;
  FloatLayers further_;  // as they were shipped
  std::optional<MlpTrainer> trainer_;
  std::size_t dimension_ = 0;          // of direction_
  float vector_length_ = 0;            // root mean square of those of item vectors
  std::vector<std::uint32_t> starts_;  // attribute -> its first parameter among the tastes
  std::vector<Scale> scales_;          // of attributes, then of popularity
  std::size_t taste_count_ = 0;
  Buffer<float> direction_;
  Buffer<float> direction_gradient_;
  Buffer<float> item_vector_;
  Buffer<float> tastes_;
  Buffer<float> taste_gradient_;
  std::vector<Term> terms_;
  std::array<float, kMostShown> signals_{};
  double miss_ = 0;  // 1 - the probability of what was chosen
  Usual usual_layers_;
  Usual usual_direction_;
  Usual usual_tastes_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ADAPTATION_H_
