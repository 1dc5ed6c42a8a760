// A sequence network that is fed event by event.
#include "runtime/sequence_run.h"

#include <algorithm>
#include <cmath>

#include "runtime/dot.h"
#include "runtime/sequence_parts.h"

namespace palate::internal {
namespace {

void dense(const DenseLayerView& layer, const float* x, float* y) {
  dot_rows(layer.weights.data(), {x, layer.inputs}, {y, layer.outputs});
  for (std::size_t k = 0; k < layer.outputs; ++k) y[k] += layer.bias[k];
}

void normalize(const float* x, std::size_t count, float* y) {
  const float factor = norm_factor(x, count);
  for (std::size_t k = 0; k < count; ++k) y[k] = x[k] * factor;
}

}  // namespace

Status SequenceRun::reserve(std::size_t events, std::size_t before) {
  mixing_ = wide_ = 0;
  for (const SequenceBlockView& block : view_->blocks) {
    mixing_ = std::max<std::size_t>(mixing_, block.mix_in.outputs);
    wide_ = std::max<std::size_t>(wide_, block.widen.outputs);
  }
  // Events of attention keep a key and a value a block, the recurrence one state for all.
  const std::size_t blocks = view_->blocks.size();
  const bool attends = view_->mixer == Mixer::kAttention;
  first_numbers_ = dimension() + (attends ? 0 : blocks * state_width());
  event_numbers_ = attends ? kKeys + blocks * 2 * dimension() : kMark;
  Status status = kept_.reserve(number_count(events));
  if (status) status = work_.reserve(is_traced_ ? events * blocks : 1, work_numbers());
  if (status) status = normal_.reserve(dimension());
  if (status) status = mixed_.reserve(state_width());
  if (status) status = weights_.reserve(before + events);
  clear();
  return status;
}

void SequenceRun::clear() {
  events_ = lent_ = 0;
  if (kept_.data() == nullptr) return;
  std::fill_n(kept_.data(), first_numbers_, 0.0F);
}

std::ptrdiff_t SequenceRun::events_of(std::size_t numbers) const {
  const std::size_t of_events = numbers - first_numbers_;
  if (numbers < first_numbers_ || of_events % event_numbers_ != 0) return -1;
  return static_cast<std::ptrdiff_t>(of_events / event_numbers_);
}

void SequenceRun::set_state(std::span<const float> state) {
  events_ = static_cast<std::size_t>(events_of(state.size()));
  std::ranges::copy(state, kept_.data());
}

void SequenceRun::start_from(const SequenceRun& other) {
  lender_ = &other;
  events_ = lent_ = other.events_;
  std::copy_n(other.last(), first_numbers_, kept_.data());
}

SequenceWork SequenceRun::work(std::size_t event, std::size_t block) {
  const std::size_t place = is_traced_ ? (event - lent_) * view_->blocks.size() + block : 0;
  float* stream = work_.data() + place * work_numbers();
  float* middle = stream + dimension();
  float* mixing = middle + dimension();
  float* before = mixing + mixing_;
  return {stream, mixing, before, middle, before + state_width()};
}

const float* SequenceRun::key(std::size_t event, std::size_t block) const {
  if (event < lent_) return lender_->key(event, block);
  return mark(event - lent_) + kKeys + block * 2 * dimension();
}

void SequenceRun::step(float* stream) {
  const std::size_t d = dimension();
  for (std::size_t b = 0; b < view_->blocks.size(); ++b) {
    const SequenceBlockView& block = view_->blocks[b];
    const SequenceWork work = this->work(events_, b);
    std::copy_n(stream, d, work.stream);
    normalize(stream, d, normal_.data());
    dense(block.mix_in, normal_.data(), work.mixing);
    if (view_->mixer == Mixer::kAttention) {
      attend(b, work.mixing);
    } else {
      recur(b, work);
    }
    dense(block.mix_out, mixed_.data(), normal_.data());
    for (std::size_t k = 0; k < d; ++k) stream[k] += normal_[k];
    std::copy_n(stream, d, work.middle);
    normalize(stream, d, normal_.data());
    dense(block.widen, normal_.data(), work.wide);
    for (std::size_t k = 0; k < block.widen.outputs; ++k) {
      if (!(work.wide[k] > 0)) work.wide[k] = 0;
    }
    dense(block.narrow, work.wide, normal_.data());
    for (std::size_t k = 0; k < d; ++k) stream[k] += normal_[k];
  }
  std::copy_n(stream, d, kept_.data());
  ++events_;
}

void SequenceRun::attend(std::size_t block, const float* mixing) {
  const std::size_t d = dimension();
  const std::size_t width = d / view_->heads;
  std::copy_n(mixing + d, 2 * d, mark(events_ - lent_) + kKeys + block * 2 * d);
  std::fill_n(mixed_.data(), d, 0.0F);
  for (std::size_t head = 0; head < view_->heads; ++head) {
    weigh(block, head, mixing, weights_.first(events_ + 1));
    const std::span<float> mixed = mixed_.first(d).subspan(head * width, width);
    for (std::size_t s = 0; s <= events_; ++s) {
      add_scaled(key(s, block) + d + head * width, weights_[s], mixed);
    }
  }
}

void SequenceRun::weigh(std::size_t block, std::size_t head, const float* queries,
                        std::span<float> weights) const {
  const std::size_t width = dimension() / view_->heads;
  const float scale = 1 / std::sqrt(static_cast<float>(width));
  const std::span<const float> query(queries + head * width, width);
  const float* distances =
      view_->blocks[block].distances.data() + (head + 1) * view_->window - weights.size();
  float shift = -INFINITY;
  for (std::size_t s = 0; s < weights.size(); ++s) {
    weights[s] = dot(key(s, block) + head * width, query) * scale + distances[s];
    shift = std::max(shift, weights[s]);
  }
  float sum = 0;
  for (float& weight : weights) sum += weight = portable_expf(weight - shift);
  const float share = 1 / sum;
  for (float& weight : weights) weight *= share;
}

void SequenceRun::recur(std::size_t block, const SequenceWork& work) {
  const std::size_t width = view_->blocks[block].mix_in.outputs / 3;
  float* state = recurrence(block);
  std::copy_n(state, width, work.before);
  for (std::size_t k = 0; k < width; ++k) {
    const float opening = work.mixing[2 * width + k];
    state[k] += logistic(work.mixing[k]) * (work.mixing[width + k] - state[k]);
    mixed_[k] = state[k] * opening * logistic(opening);
  }
}

void SequenceRun::user_vector(float* vector) const {
  normalize(last(), dimension(), vector);
  for (std::size_t k = 0; k < dimension(); ++k) vector[k] *= view_->gains[k];
}

}  // namespace palate::internal
