// Walking a line through a ReLU network from kink to kink.
#include "runtime/mlp_gradient.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

#include "runtime/dot.h"
#include "runtime/lanes.h"

namespace palate::internal {
namespace {

// Bounds on one walk: multiplications, and steps.
constexpr double kWork = 5e7;
constexpr double kFewestSteps = 64;
constexpr double kMostSteps = 4096;

constexpr double kNever = std::numeric_limits<double>::infinity();

}  // namespace

Result<MlpGradient> MlpGradient::create(std::span<const DenseLayerView> layers) {
  assert(!layers.empty() && layers.back().outputs == 1);
  MlpGradient gradient(layers);
  if (Status status = gradient.reserve(); !status) return status.error();
  return gradient;
}

Status MlpGradient::reserve() {
  double work = 1;  // of a step: the neighbours of a unit, and what lies beyond them
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    units_ += hidden_[l].outputs;
    work += 8.0 * hidden_[l].outputs;
    if (l >= 2) work += 3.0 * static_cast<double>(hidden_[l].weights.size());
  }
  steps_ = static_cast<int>(std::clamp(kWork / work, kFewestSteps, kMostSteps));
  std::size_t widest = layers_.front().inputs;
  std::size_t weights = 0;
  for (const DenseLayerView& layer : hidden_) {
    widest = std::max<std::size_t>(widest, layer.outputs);
    weights += layer.weights.size();
  }
  if (!hidden_.empty()) weights -= hidden_[0].weights.size();
  if (Status status = turned_.reserve(weights); !status) return status;
  if (Status status = point_.reserve(widest); !status) return status;
  if (Status status = direction_.reserve(layers_.front().inputs); !status) return status;
  if (Status status = mean_.reserve(layers_.front().outputs + kLanes); !status) return status;
  for (Buffer<double>* buffer : {&start_, &rate_, &sign_, &kink_, &back_, &signal_}) {
    if (Status status = buffer->reserve(units_ + kLanes); !status) return status;
  }
  std::fill_n(kink_.data() + units_, kLanes, kNever);
  turn();
  return Done{};
}

void MlpGradient::turn() {
  float* to = turned_.data();
  for (std::size_t l = 1; l < hidden_.size(); ++l) {
    const DenseLayerView& layer = hidden_[l];
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      for (std::size_t o = 0; o < layer.outputs; ++o) {
        *to++ = layer.weights[o * layer.inputs + i];
      }
    }
  }
}

void MlpGradient::average(std::span<const float> start, std::span<const float> direction,
                          std::span<float> gradient) {
  const DenseLayerView& first = layers_.front();
  assert(start.size() == first.inputs && direction.size() == first.inputs);
  assert(gradient.size() == first.inputs);
  if (hidden_.empty()) {
    mean_[0] = 1;
  } else {
    enter(start, start_.data());
    set_direction(direction);
    for (std::size_t o = 0; o < first.outputs; ++o) start_[o] += first.bias[o];
    walk();
  }
  const std::span<double> sum = point_.first(first.inputs);
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::size_t o = 0; o < first.outputs; ++o) {
    if (mean_[o] == 0) continue;  // off all the way
    add_scaled(first.weights.data() + o * first.inputs, mean_[o], sum);
  }
  std::transform(sum.begin(), sum.end(), gradient.begin(),
                 [](double x) { return static_cast<float>(x); });
}

// The items of a list are often met on the same way to a visitor.
void MlpGradient::set_direction(std::span<const float> direction) {
  if (knows_direction_ &&
      std::memcmp(direction.data(), direction_.data(), direction.size_bytes()) == 0) {
    return;
  }
  enter(direction, rate_.data());
  std::copy(direction.begin(), direction.end(), direction_.data());
  knows_direction_ = true;
}

// What the first layer makes of a row, without its biases. Rows begin or end with many zeros: what
// an unknown visitor has, and what is the same at both ends of the line.
void MlpGradient::enter(std::span<const float> row, double* outputs) {
  const DenseLayerView& first = layers_.front();
  std::size_t begin = 0;
  std::size_t end = row.size();
  while (begin < end && row[begin] == 0) ++begin;
  while (begin < end && row[end - 1] == 0) --end;
  const std::span<double> point = point_.first(end - begin);
  std::copy(row.data() + begin, row.data() + end, point.data());
  for (std::size_t o = 0; o < first.outputs; ++o) {
    outputs[o] = wide_dot(first.weights.data() + o * first.inputs + begin, point);
  }
}

void MlpGradient::walk() {
  const std::size_t first = layers_.front().outputs;
  std::fill_n(mean_.data(), first, 0.0);
  std::fill_n(signal_.data(), first, 0.0);
  double position = 0;
  switch_all(position);
  for (int step = 0; position < 1; ++step) {
    const std::size_t unit = next_to_switch();
    const double kink = kink_[unit];
    const double shortest = step < steps_ / 2 ? 0 : 2.0 / steps_;
    const bool leaps = kink < position + shortest;
    position = std::min(1.0, leaps ? position + shortest : kink);
    if (position == 1) return;
    if (leaps) {
      switch_all(position);
    } else {
      switch_unit(unit, position);
    }
  }
}

std::size_t MlpGradient::next_to_switch() const {
  WideLanes nearest = WideLanes{} + kNever;
  WideLanes units = {0, 1, 2, 3};
  WideLanes found = units;
  for (std::size_t unit = 0; unit < units_; unit += kLanes) {
    WideLanes kinks;
    load(&kink_[unit], kinks);
    found = kinks < nearest ? units : found;
    nearest = kinks < nearest ? kinks : nearest;
    units += kLanes;
  }
  std::size_t first = 0;
  for (std::size_t lane = 1; lane < kLanes; ++lane) {
    if (nearest[lane] < nearest[first]) first = lane;
  }
  return static_cast<std::size_t>(found[first]);
}

// Decides for each unit whether it is on.
void MlpGradient::switch_all(double position) {
  std::size_t first = 0;
  for (std::size_t l = 0; l < hidden_.size(); first += hidden_[l].outputs, ++l) {
    if (l > 0) forward(l, first);
    for (std::size_t unit = first; unit < first + hidden_[l].outputs; ++unit) {
      const double value = start_[unit] + position * rate_[unit];
      sign_[unit] = value > 0 || (value == 0 && rate_[unit] > 0) ? 1 : -1;
    }
    find_kinks(first, hidden_[l].outputs, position);
  }
  const DenseLayerView& last = layers_.back();
  std::copy_n(last.weights.data(), last.inputs, back_.data() + units_ - last.inputs);
  pass_back(hidden_.size() - 1, units_ - last.inputs, position);
}

// Of whole lanes, as below: to look at further units again changes nothing, and those behind the
// last have a kink that is never met.
void MlpGradient::find_kinks(std::size_t first, std::size_t count, double position) {
  const WideLanes here = WideLanes{} + position;
  const WideLanes never = WideLanes{} + kNever;
  for (std::size_t unit = first; unit < first + count; unit += kLanes) {
    WideLanes start;
    WideLanes rate;
    WideLanes sign;
    load(&start_[unit], start);
    load(&rate_[unit], rate);
    load(&sign_[unit], sign);
    const WideLanes zero = -start / rate;
    const WideLanes kink = zero > here ? zero : here;
    store(&kink_[unit], sign * rate < 0 ? kink : never);
  }
}

// A unit that switches changes its neighbours by one term each, and what lies beyond them by all.
void MlpGradient::switch_unit(std::size_t unit, double position) {
  std::size_t l = 0;
  std::size_t first = 0;
  const float* turned = turned_.data();  // of layer l + 1
  while (unit >= first + hidden_[l].outputs) {
    first += hidden_[l++].outputs;
    turned += hidden_[l].weights.size();
  }
  const double sign = sign_[unit] = -sign_[unit];
  find_kinks(unit, 1, position);
  std::size_t next = first + hidden_[l].outputs;
  for (std::size_t m = l + 1; m < hidden_.size(); next += hidden_[m++].outputs) {
    if (m == l + 1) {
      const float* weights = turned + (unit - first) * hidden_[m].outputs;
      for (Buffer<double>* part : {&start_, &rate_}) {
        add_scaled(weights, sign * (*part)[unit], {part->data() + next, hidden_[m].outputs});
      }
    } else {
      forward(m, next);
    }
    find_kinks(next, hidden_[m].outputs, position);
  }
  set_signals(unit, 1, position);
  if (l == 0) return;
  const DenseLayerView& layer = hidden_[l];
  const float* weights = layer.weights.data() + (unit - first) * layer.inputs;
  first -= layer.inputs;
  add_scaled(weights, sign * back_[unit], {back_.data() + first, layer.inputs});
  pass_back(l - 1, first, position);
}

// The pre-activations of a layer from what its inputs are while no unit switches.
void MlpGradient::forward(std::size_t l, std::size_t first) {
  const DenseLayerView& layer = hidden_[l];
  const std::size_t before = first - layer.inputs;
  const std::span<double> inputs = point_.first(layer.inputs);
  for (Buffer<double>* part : {&start_, &rate_}) {
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      inputs[i] = sign_[before + i] > 0 ? (*part)[before + i] : 0;
    }
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      (*part)[first + o] = wide_dot(layer.weights.data() + o * layer.inputs, inputs);
    }
  }
  for (std::size_t o = 0; o < layer.outputs; ++o) start_[first + o] += layer.bias[o];
}

// A unit lets through what comes back to it if it is on. What the first layer lets through counts
// for the rest of the way: its mean is then right at the end.
void MlpGradient::set_signals(std::size_t first, std::size_t count, double position) {
  const std::size_t averaged = layers_.front().outputs;
  for (std::size_t unit = first; unit < first + count; unit += kLanes) {
    WideLanes sign;
    WideLanes signal;
    load(&sign_[unit], sign);
    load(&back_[unit], signal);
    signal = sign > 0 ? signal : WideLanes{};
    if (unit < averaged) {
      WideLanes before;
      WideLanes mean;
      load(&signal_[unit], before);
      load(&mean_[unit], mean);
      store(&mean_[unit], mean + (1 - position) * (signal - before));
    }
    store(&signal_[unit], signal);
  }
}

// From d logit / d outputs of a layer to all layers before.
void MlpGradient::pass_back(std::size_t l, std::size_t first, double position) {
  for (;; --l) {
    const DenseLayerView& layer = hidden_[l];
    set_signals(first, layer.outputs, position);
    if (l == 0) return;
    const double* outputs = signal_.data() + first;
    first -= layer.inputs;
    const std::span<double> inputs(back_.data() + first, layer.inputs);
    std::fill(inputs.begin(), inputs.end(), 0.0);
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      if (outputs[o] == 0) continue;  // half of the units are off
      add_scaled(layer.weights.data() + o * layer.inputs, outputs[o], inputs);
    }
  }
}

}  // namespace palate::internal
