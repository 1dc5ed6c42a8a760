// The parameters of a sequence network: where each layer's stand, what they start from.
#include "train/sequence/network.h"

#include <cmath>
#include <utility>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

/// Events after which a state has forgotten most, for the quickest and the slowest of its numbers.
constexpr double kQuickest = 1.5;
constexpr double kSlowest = 50;

std::vector<float> copy(std::span<const float> numbers) { return {numbers.begin(), numbers.end()}; }

}  // namespace

SequenceNetwork::SequenceNetwork(const SequenceRecipe& recipe, bool timed, std::size_t types,
                                 Random random)
    : recipe_(recipe),
      buckets_(timed && recipe.gaps ? kGapBuckets : 0),
      type_rows_(types > 0 && recipe.types ? types + 1 : 0) {
  const std::size_t d = recipe.dimension;
  for (std::uint32_t block = 0; block < recipe.blocks; ++block) {
    BlockPlaces places;
    places.mix_in = add_dense(d, 3 * mixed_width());
    places.mix_out = add_dense(mixed_width(), d);
    places.distances = size_;
    if (recipe.mixer == Mixer::kAttention) size_ += std::size_t{recipe.heads} * recipe.window;
    places.widen = add_dense(d, recipe.hidden);
    places.narrow = add_dense(recipe.hidden, d);
    blocks_.push_back(places);
  }
  gains_ = std::exchange(size_, size_ + d);
  gaps_ = std::exchange(size_, size_ + buckets_ * d);
  types_ = std::exchange(size_, size_ + type_rows_ * d);
  parameters_.resize(size_);

  // What is added to the residual stream starts the smaller, the more is added (Radford et al.
  // 2019).
  const double share = 1 / std::sqrt(2.0 * recipe.blocks);
  for (const BlockPlaces& places : blocks_) {
    start(places.mix_in, 1, random);
    start(places.mix_out, share, random);
    start(places.widen, 1, random);
    start(places.narrow, share, random);
    if (recipe.mixer == Mixer::kRecurrence) spread_fading(places.mix_in);
  }
  for (std::size_t k = 0; k < d; ++k) parameters_[gains_ + k] = 1;
}

DensePlace SequenceNetwork::add_dense(std::size_t inputs, std::size_t outputs) {
  const DensePlace place{size_, inputs, outputs};
  size_ = place.end();
  return place;
}

/// Weights that keep the size of what they are given (LeCun et al. 1998), times `scale`.
void SequenceNetwork::start(const DensePlace& place, double scale, Random& random) {
  const double stddev = scale / std::sqrt(static_cast<double>(place.inputs));
  for (std::size_t k = 0; k < place.weights(); ++k) {
    parameters_[place.first + k] = static_cast<float>(stddev * random.normal());
  }
}

/// The bias of the updates, so that the numbers of a state start with memories of all lengths: 1 /
/// logistic(bias) events, spread evenly by their logarithms.
void SequenceNetwork::spread_fading(const DensePlace& mix_in) {
  const std::size_t width = mixed_width();
  float* bias = &parameters_[mix_in.bias()];
  for (std::size_t k = 0; k < width; ++k) {
    const double place = (static_cast<double>(k) + 0.5) / static_cast<double>(width);
    const double events =
        portable_exp(portable_log(kQuickest) + place * portable_log(kSlowest / kQuickest));
    bias[k] = -static_cast<float>(portable_log(events - 1));
  }
}

void SequenceNetwork::start_from(const SequenceView& view) {
  std::vector<float> taken;
  taken.reserve(size_);
  const auto take = [&](std::span<const float> numbers) {
    taken.insert(taken.end(), numbers.begin(), numbers.end());
  };
  const auto take_layer = [&](const DenseLayerView& layer) {
    take(layer.weights);
    take(layer.bias);
  };
  bool is_same = view.mixer == recipe_.mixer && view.blocks.size() == blocks_.size() &&
                 view.gap_vectors.rows == buckets_ && view.type_vectors.rows == type_rows_;
  if (recipe_.mixer == Mixer::kAttention) {
    is_same &= view.heads == recipe_.heads && view.window == recipe_.window;
  }
  for (const SequenceBlockView& block : view.blocks) {
    is_same &= block.widen.outputs == recipe_.hidden && block.mix_out.inputs == mixed_width();
    take_layer(block.mix_in);
    take_layer(block.mix_out);
    take(block.distances);
    take_layer(block.widen);
    take_layer(block.narrow);
  }
  take(view.gains);
  take(view.gap_vectors.values);
  take(view.type_vectors.values);
  if (is_same && taken.size() == size_) parameters_ = std::move(taken);
}

Sequence SequenceNetwork::exported(std::span<const float> parameters) const {
  Sequence sequence;
  sequence.mixer = recipe_.mixer;
  sequence.heads = recipe_.mixer == Mixer::kAttention ? recipe_.heads : 0;
  sequence.window = recipe_.window;
  for (const BlockPlaces& places : blocks_) {
    SequenceBlock& block = sequence.blocks.emplace_back();
    block.mix_in = dense_layer(places.mix_in, parameters);
    block.mix_out = dense_layer(places.mix_out, parameters);
    if (recipe_.mixer == Mixer::kAttention) {
      block.distances =
          copy(parameters.subspan(places.distances, std::size_t{recipe_.heads} * recipe_.window));
    }
    block.widen = dense_layer(places.widen, parameters);
    block.narrow = dense_layer(places.narrow, parameters);
  }
  sequence.gains = copy(parameters.subspan(gains_, recipe_.dimension));
  sequence.gap_vectors = copy(parameters.subspan(gaps_, buckets_ * recipe_.dimension));
  sequence.type_vectors = copy(parameters.subspan(types_, type_rows_ * recipe_.dimension));
  return sequence;
}

}  // namespace palate::internal
