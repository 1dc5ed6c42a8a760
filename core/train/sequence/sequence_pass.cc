// One way of a few windows through the network, and back.
#include "train/sequence/sequence_pass.h"

#include <algorithm>
#include <numeric>

namespace palate::internal {

void SequencePass::lay_out(const SequenceNetwork& network, std::span<const std::size_t> lengths) {
  network_ = &network;
  lengths_.assign(lengths.begin(), lengths.end());
  rows_ = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
  dimension_ = network.recipe().dimension;
  const std::size_t numbers = rows_ * dimension_;
  for (std::vector<float>* rows : {&input_, &stream_, &branch_, &last_normal_, &output_,
                                   &by_output_, &by_stream_, &by_branch_, &by_normal_}) {
    rows->resize(numbers);
  }
  last_factors_.resize(rows_);
  by_mixed_.resize(rows_ * network.mixed_width());
  by_mixing_.resize(rows_ * 3 * network.mixed_width());
  by_widened_.resize(rows_ * network.recipe().hidden);
  blocks_.resize(network.blocks().size());
  for (Block& block : blocks_) {
    block.mix_normal.resize(numbers);
    block.mix_factors.resize(rows_);
    block.mixing.resize(by_mixing_.size());
    block.mixed.resize(by_mixed_.size());
    block.widen_normal.resize(numbers);
    block.widen_factors.resize(rows_);
    block.widened.resize(by_widened_.size());
    if (network.recipe().mixer == Mixer::kAttention) {
      block.attention.resize(lengths.size());
    } else {
      block.recurrence.resize(lengths.size());
    }
  }
}

void SequencePass::forward(std::span<const float> parameters, const Kernels& kernels,
                           Random* random) {
  const std::size_t numbers = rows_ * dimension_;
  stream_ = input_;
  drop(input_dropout_, random, stream_);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const BlockPlaces& places = network_->blocks()[b];
    Block& block = blocks_[b];
    normalize(stream_.data(), rows_, dimension_, block.mix_normal.data(), block.mix_factors.data());
    dense(places.mix_in, parameters, block.mix_normal.data(), rows_, kernels, block.mixing.data());
    mix(places, parameters, kernels, block);
    dense(places.mix_out, parameters, block.mixed.data(), rows_, kernels, branch_.data());
    add_branch(block.mix_dropout, random);
    normalize(stream_.data(), rows_, dimension_, block.widen_normal.data(),
              block.widen_factors.data());
    dense(places.widen, parameters, block.widen_normal.data(), rows_, kernels,
          block.widened.data());
    for (float& x : block.widened) x = std::max(x, 0.0F);
    dense(places.narrow, parameters, block.widened.data(), rows_, kernels, branch_.data());
    add_branch(block.narrow_dropout, random);
  }
  normalize(stream_.data(), rows_, dimension_, last_normal_.data(), last_factors_.data());
  const float* gains = &parameters[network_->gains()];
  for (std::size_t k = 0; k < numbers; ++k) output_[k] = last_normal_[k] * gains[k % dimension_];
}

void SequencePass::mix(const BlockPlaces& places, std::span<const float> parameters,
                       const Kernels& kernels, Block& block) {
  const std::size_t width = network_->mixed_width();
  std::size_t first = 0;
  for (std::size_t window = 0; window < lengths_.size(); ++window) {
    const float* mixing = &block.mixing[first * 3 * width];
    float* mixed = &block.mixed[first * width];
    if (network_->recipe().mixer == Mixer::kAttention) {
      block.attention[window].forward(attention_shape(), &parameters[places.distances], mixing,
                                      lengths_[window], kernels, mixed);
    } else {
      block.recurrence[window].forward(mixing, lengths_[window], width, mixed);
    }
    first += lengths_[window];
  }
}

void SequencePass::unmix(const BlockPlaces& places, const Kernels& kernels, Block& block,
                         std::span<float> gradient) {
  const std::size_t width = network_->mixed_width();
  std::size_t first = 0;
  for (std::size_t window = 0; window < lengths_.size(); ++window) {
    const float* mixing = &block.mixing[first * 3 * width];
    const float* by_mixed = &by_mixed_[first * width];
    float* by_mixing = &by_mixing_[first * 3 * width];
    if (network_->recipe().mixer == Mixer::kAttention) {
      block.attention[window].backward(attention_shape(), mixing, by_mixed, lengths_[window],
                                       kernels, by_mixing, &gradient[places.distances]);
    } else {
      block.recurrence[window].backward(mixing, by_mixed, lengths_[window], width, by_mixing);
    }
    first += lengths_[window];
  }
}

void SequencePass::backward(std::span<const float> parameters, const Kernels& kernels,
                            std::span<float> gradient) {
  const float* gains = &parameters[network_->gains()];
  float* by_gains = &gradient[network_->gains()];
  for (std::size_t k = 0; k < by_output_.size(); ++k) {
    by_gains[k % dimension_] += by_output_[k] * last_normal_[k];
    by_output_[k] *= gains[k % dimension_];
  }
  std::fill(by_stream_.begin(), by_stream_.end(), 0.0F);
  normalize_backward(last_normal_.data(), last_factors_.data(), by_output_.data(), rows_,
                     dimension_, by_stream_.data());
  for (std::size_t b = blocks_.size(); b-- > 0;) {
    const BlockPlaces& places = network_->blocks()[b];
    Block& block = blocks_[b];
    by_branch_ = by_stream_;
    block.narrow_dropout.apply(by_branch_);
    dense_backward(places.narrow, parameters, block.widened.data(), by_branch_.data(), rows_,
                   kernels, gradient, by_widened_.data());
    for (std::size_t k = 0; k < by_widened_.size(); ++k) {
      by_widened_[k] = block.widened[k] > 0 ? by_widened_[k] : 0;
    }
    dense_backward(places.widen, parameters, block.widen_normal.data(), by_widened_.data(), rows_,
                   kernels, gradient, by_normal_.data());
    normalize_backward(block.widen_normal.data(), block.widen_factors.data(), by_normal_.data(),
                       rows_, dimension_, by_stream_.data());
    by_branch_ = by_stream_;
    block.mix_dropout.apply(by_branch_);
    dense_backward(places.mix_out, parameters, block.mixed.data(), by_branch_.data(), rows_,
                   kernels, gradient, by_mixed_.data());
    unmix(places, kernels, block, gradient);
    dense_backward(places.mix_in, parameters, block.mix_normal.data(), by_mixing_.data(), rows_,
                   kernels, gradient, by_normal_.data());
    normalize_backward(block.mix_normal.data(), block.mix_factors.data(), by_normal_.data(), rows_,
                       dimension_, by_stream_.data());
  }
  input_dropout_.apply(by_stream_);
}

void SequencePass::drop(Dropout& dropout, Random* random, std::span<float> numbers) const {
  if (random == nullptr) return;
  dropout.draw(network_->recipe().dropout, numbers.size(), *random);
  dropout.apply(numbers);
}

void SequencePass::add_branch(Dropout& dropout, Random* random) {
  drop(dropout, random, branch_);
  for (std::size_t k = 0; k < stream_.size(); ++k) stream_[k] += branch_[k];
}

AttentionShape SequencePass::attention_shape() const {
  const SequenceRecipe& recipe = network_->recipe();
  return {recipe.dimension, recipe.heads, recipe.window};
}

}  // namespace palate::internal
