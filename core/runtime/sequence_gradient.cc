// Derivatives of what a sequence network makes of its events, by what it was fed.
#include "runtime/sequence_gradient.h"

#include <algorithm>
#include <cmath>

#include "runtime/dot.h"
#include "runtime/sequence_parts.h"

namespace palate::internal {
namespace {

/// x = W^T y of a layer y = W x + b.
void transposed(const DenseLayerView& layer, const float* y, float* x) {
  std::fill_n(x, layer.inputs, 0.0F);
  for (std::size_t k = 0; k < layer.outputs; ++k) {
    if (y[k] == 0) continue;  // half of what is widened
    add_scaled(layer.weights.data() + k * layer.inputs, y[k], {x, layer.inputs});
  }
}

}  // namespace

Status SequenceGradient::reserve(std::size_t events, std::size_t before) {
  const std::size_t d = dimension();
  std::size_t mixing = 0;
  std::size_t wide = 0;
  for (const SequenceBlockView& block : view_->blocks) {
    mixing = std::max<std::size_t>(mixing, block.mix_in.outputs);
    wide = std::max<std::size_t>(wide, block.widen.outputs);
  }
  kept_numbers_ = view_->mixer == Mixer::kAttention ? 2 * events * d : mixing / 3;
  Status status = by_inputs_.reserve(events * d);
  if (status) status = by_kept_.reserve(view_->blocks.size() * kept_numbers_);
  if (status) status = by_stream_.reserve(d);
  if (status) status = by_normal_.reserve(d);
  if (status) status = by_wide_.reserve(wide);
  if (status) status = by_mixed_.reserve(mixing / 3);
  if (status) status = by_mixing_.reserve(mixing);
  if (status) status = weights_.reserve(before + events);
  return status;
}

std::span<const float> SequenceGradient::differentiate(SequenceRun& run,
                                                       std::span<const double> gradient) {
  const std::size_t d = dimension();
  const std::size_t events = run.events() - run.lent();
  const std::size_t blocks = view_->blocks.size();
  std::fill_n(by_kept_.data(), blocks * kept_numbers_, 0.0F);
  std::fill_n(by_stream_.data(), d, 0.0F);
  for (std::size_t k = 0; k < d; ++k) {
    by_normal_[k] = static_cast<float>(gradient[k]) * view_->gains[k];
  }
  undo_norm(run.last());
  for (std::size_t e = run.events(); e-- > run.lent();) {
    for (std::size_t b = blocks; b-- > 0;) {
      const SequenceWork work = run.work(e, b);
      widen(b, work);
      transposed(view_->blocks[b].mix_out, by_stream_.data(), by_mixed_.data());
      if (view_->mixer == Mixer::kAttention) {
        attend(run, e, b, work);
      } else {
        recur(b, work);
      }
      transposed(view_->blocks[b].mix_in, by_mixing_.data(), by_normal_.data());
      undo_norm(work.stream);
    }
    std::copy_n(by_stream_.data(), d, by_inputs_.data() + (e - run.lent()) * d);
    // Nothing reads the stream of an event that is not the newest, behind the last block.
    std::fill_n(by_stream_.data(), d, 0.0F);
  }
  return by_inputs_.first(events * d);
}

/// From the stream after the wide layers to that before them.
void SequenceGradient::widen(std::size_t block, const SequenceWork& work) {
  const SequenceBlockView& layers = view_->blocks[block];
  transposed(layers.narrow, by_stream_.data(), by_wide_.data());
  for (std::size_t k = 0; k < layers.widen.outputs; ++k) {
    if (!(work.wide[k] > 0)) by_wide_[k] = 0;
  }
  transposed(layers.widen, by_wide_.data(), by_normal_.data());
  undo_norm(work.middle);
}

/// From what is mixed to what mixes, and to the keys and values of the events that are read.
void SequenceGradient::attend(SequenceRun& run, std::size_t event, std::size_t block,
                              const SequenceWork& work) {
  const std::size_t d = dimension();
  const std::size_t width = d / view_->heads;
  const float scale = 1 / std::sqrt(static_cast<float>(width));
  float* own = by_kept_.data() + block * kept_numbers_;
  std::fill_n(by_mixing_.data(), d, 0.0F);
  // Of the last block the user vector reads what the newest event has mixed.
  const bool is_read = event + 1 == run.events() || block + 1 < view_->blocks.size();
  for (std::size_t head = 0; is_read && head < view_->heads; ++head) {
    const std::span<const float> query(work.mixing + head * width, width);
    const std::span<const float> by_mixed(by_mixed_.data() + head * width, width);
    const std::span<float> by_query(by_mixing_.data() + head * width, width);
    const std::span<float> weights = weights_.first(event + 1);
    run.weigh(block, head, work.mixing, weights);
    float mean = 0;
    for (std::size_t s = 0; s <= event; ++s) {
      mean += weights[s] * dot(run.key(s, block) + d + head * width, by_mixed);
    }
    for (std::size_t s = 0; s <= event; ++s) {
      const float* key = run.key(s, block) + head * width;
      const float by_score = weights[s] * (dot(key + d, by_mixed) - mean) * scale;
      add_scaled(key, by_score, by_query);
      if (s < run.lent()) continue;
      float* by_key = own + (s - run.lent()) * 2 * d + head * width;
      add_scaled(query.data(), by_score, {by_key, width});
      add_scaled(by_mixed.data(), weights[s], {by_key + d, width});
    }
  }
  // All events that read this one are behind us.
  std::copy_n(own + (event - run.lent()) * 2 * d, 2 * d, by_mixing_.data() + d);
}

/// From what is mixed, and the state that the next event went on from, to what mixes and to the
/// state before.
void SequenceGradient::recur(std::size_t block, const SequenceWork& work) {
  const std::size_t width = view_->blocks[block].mix_in.outputs / 3;
  float* by_state = by_kept_.data() + block * kept_numbers_;
  for (std::size_t k = 0; k < width; ++k) {
    const float gate = logistic(work.mixing[k]);
    const float change = work.mixing[width + k] - work.before[k];
    const float opening = work.mixing[2 * width + k];
    const float open = logistic(opening);
    const float state = work.before[k] + gate * change;
    by_state[k] += by_mixed_[k] * opening * open;
    by_mixing_[k] = by_state[k] * change * gate * (1 - gate);
    by_mixing_[width + k] = by_state[k] * gate;
    by_mixing_[2 * width + k] = by_mixed_[k] * state * open * (1 + opening * (1 - open));
    by_state[k] *= 1 - gate;
  }
}

/// Adds to `by_stream_` what `by_normal_`, the derivatives by N(x), comes to by x.
void SequenceGradient::undo_norm(const float* x) {
  const std::size_t d = dimension();
  const float factor = norm_factor(x, d);
  const float along = dot(x, by_normal_.first(d)) * factor * factor / static_cast<float>(d);
  for (std::size_t k = 0; k < d; ++k) by_stream_[k] += factor * (by_normal_[k] - along * x[k]);
}

}  // namespace palate::internal
