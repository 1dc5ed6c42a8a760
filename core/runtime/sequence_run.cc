// A sequence network that is fed event by event, in plain numbers or in jets.
#include "runtime/sequence_run.h"

#include <algorithm>
#include <cmath>

#include "runtime/dot.h"

namespace palate::internal {
namespace {

float inner(const float* a, const float* b, std::size_t count) { return dot(a, {b, count}); }
Jet inner(const Jet* a, const Jet* b, std::size_t count) {
  Jet sum(0);
  for (std::size_t k = 0; k < count; ++k) sum += a[k] * b[k];
  return sum;
}

void dense(const DenseLayerView& layer, const float* x, float* y) {
  dot_rows(layer.weights.data(), {x, layer.inputs}, {y, layer.outputs});
  for (std::size_t k = 0; k < layer.outputs; ++k) y[k] += layer.bias[k];
}
void dense(const DenseLayerView& layer, const Jet* x, Jet* y) {
  const float* weights = layer.weights.data();
  for (std::size_t k = 0; k < layer.outputs; ++k, weights += layer.inputs) {
    Jet::Numbers sum = Jet(layer.bias[k]).numbers;
    for (std::size_t i = 0; i < layer.inputs; ++i) sum += x[i].numbers * weights[i];
    y[k] = Jet(sum);
  }
}

template <class T>
void normalize(const T* x, std::size_t count, T* y) {
  const T mean = inner(x, x, count) * (1 / static_cast<float>(count));
  const T factor = inverse_root(mean + T(kNormEpsilon));
  for (std::size_t k = 0; k < count; ++k) y[k] = x[k] * factor;
}

template <class T>
void convert(const float* from, std::size_t count, T* to) {
  std::transform(from, from + count, to, [](float number) { return T(number); });
}

}  // namespace

template <class T>
Status SequenceRun<T>::reserve(std::size_t events) {
  std::size_t mixing = 0;
  std::size_t wide = 0;
  for (const SequenceBlockView& block : view_->blocks) {
    mixing = std::max<std::size_t>(mixing, block.mix_in.outputs);
    wide = std::max<std::size_t>(wide, block.widen.outputs);
  }
  // Events of attention keep a key and a value, the recurrence one state for all.
  block_numbers_ = view_->mixer == Mixer::kAttention ? 2 * events * dimension() : mixing / 3;
  Status status = kept_.reserve(number_count());
  if (status) status = weights_.reserve(events);
  if (status) status = normal_.reserve(dimension());
  if (status) status = mixing_.reserve(mixing);
  if (status) status = mixed_.reserve(mixing / 3);
  if (status) status = wide_.reserve(wide);
  clear();
  return status;
}

template <class T>
void SequenceRun<T>::clear() {
  events_ = 0;
  if (kept_.data() == nullptr) return;
  std::fill_n(kept_.data(), number_count(), T(0));
}

template <class T>
void SequenceRun<T>::start_from(const SequenceRun<float>& other) {
  events_ = other.events_;
  const std::size_t count =
      view_->mixer == Mixer::kAttention ? 2 * events_ * dimension() : block_numbers_;
  for (std::size_t b = 0; b < view_->blocks.size(); ++b) {
    convert(other.kept(b), count, kept(b));
  }
  convert(other.last(), dimension(), last());
}

template <class T>
void SequenceRun<T>::step(T* stream) {
  const std::size_t d = dimension();
  for (std::size_t b = 0; b < view_->blocks.size(); ++b) {
    const SequenceBlockView& block = view_->blocks[b];
    normalize(stream, d, normal_.data());
    dense(block.mix_in, normal_.data(), mixing_.data());
    if (view_->mixer == Mixer::kAttention) {
      attend(block, b);
    } else {
      recur(block, b);
    }
    dense(block.mix_out, mixed_.data(), normal_.data());
    for (std::size_t k = 0; k < d; ++k) stream[k] += normal_[k];
    normalize(stream, d, normal_.data());
    dense(block.widen, normal_.data(), wide_.data());
    for (std::size_t k = 0; k < block.widen.outputs; ++k) {
      if (!(value_of(wide_[k]) > 0)) wide_[k] = T(0);
    }
    dense(block.narrow, wide_.data(), normal_.data());
    for (std::size_t k = 0; k < d; ++k) stream[k] += normal_[k];
  }
  std::copy_n(stream, d, last());
  ++events_;
}

template <class T>
void SequenceRun<T>::attend(const SequenceBlockView& block, std::size_t number) {
  const std::size_t d = dimension();
  const std::size_t width = d / view_->heads;
  const float scale = 1 / std::sqrt(static_cast<float>(width));
  std::copy_n(mixing_.data() + d, 2 * d, kept(number) + events_ * 2 * d);
  for (std::size_t head = 0; head < view_->heads; ++head) {
    const T* query = mixing_.data() + head * width;
    const float* nearest = block.distances.data() + (head + 1) * view_->window - 1;
    float shift = -INFINITY;
    for (std::size_t s = 0; s <= events_; ++s) {
      const T* key = kept(number) + s * 2 * d + head * width;
      weights_[s] = inner(query, key, width) * scale + T(*(nearest - (events_ - s)));
      shift = std::max(shift, value_of(weights_[s]));
    }
    T sum(0);
    for (std::size_t s = 0; s <= events_; ++s) {
      weights_[s] = exponential(weights_[s] + T(-shift));
      sum += weights_[s];
    }
    const T share = reciprocal(sum);
    T* mixed = mixed_.data() + head * width;
    std::fill_n(mixed, width, T(0));
    for (std::size_t s = 0; s <= events_; ++s) {
      const T* values = kept(number) + s * 2 * d + d + head * width;
      const T weight = weights_[s] * share;
      for (std::size_t k = 0; k < width; ++k) mixed[k] += weight * values[k];
    }
  }
}

template <class T>
void SequenceRun<T>::recur(const SequenceBlockView& block, std::size_t number) {
  const std::size_t width = block.mix_in.outputs / 3;
  T* state = kept(number);
  for (std::size_t k = 0; k < width; ++k) {
    const T opening = mixing_[2 * width + k];
    state[k] += logistic(mixing_[k]) * (mixing_[width + k] - state[k]);
    mixed_[k] = state[k] * opening * logistic(opening);
  }
}

template <class T>
void SequenceRun<T>::user_vector(T* vector) const {
  normalize(last(), dimension(), vector);
  for (std::size_t k = 0; k < dimension(); ++k) vector[k] = vector[k] * view_->gains[k];
}

template class SequenceRun<float>;
template class SequenceRun<Jet>;

}  // namespace palate::internal
