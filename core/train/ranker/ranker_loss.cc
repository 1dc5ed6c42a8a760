// What a visit's logits cost, and how they should move.
#include "train/ranker/ranker_loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "model/portable_math.h"

namespace palate::internal {
namespace {

constexpr double kMaxExponent = 100;

double exponential(double x) { return portable_exp(std::clamp(x, -kMaxExponent, kMaxExponent)); }

double sigmoid(double x) { return 1 / (1 + exponential(-x)); }

/// The number that, added to all logits of a visit, makes the expected number of targets the true
/// one: where the BCE of the visit is smallest. By Newton's method, bounded by bisection.
double intercept_of(std::span<const Example> examples, std::span<const float> logits) {
  constexpr int kSteps = 30;
  double targets = 0;
  for (const Example& example : examples) targets += example.label;
  double low = -50;
  double high = 50;
  double intercept = 0;
  for (int step = 0; step < kSteps; ++step) {
    double expected = 0;
    double slope = 0;
    for (const float logit : logits) {
      const double p = sigmoid(logit + intercept);
      expected += p;
      slope += p * (1 - p);
    }
    (expected > targets ? high : low) = intercept;
    const double next = intercept - (expected - targets) / slope;
    const double bounded = next > low && next < high ? next : (low + high) / 2;
    if (std::abs(bounded - intercept) < 1e-5) break;
    intercept = bounded;
  }
  return intercept;
}

double bce(std::span<const Example> examples, std::span<const float> logits,
           std::span<float> by_logits) {
  const double intercept = intercept_of(examples, logits);
  const auto count = static_cast<double>(examples.size());
  double sum = 0;
  for (std::size_t k = 0; k < examples.size(); ++k) {
    const double logit = logits[k] + intercept;
    const double towards = examples[k].label > 0 ? logit : -logit;
    sum += portable_log(1 + exponential(-std::abs(towards))) + std::max(-towards, 0.0);
    by_logits[k] = static_cast<float>((sigmoid(logit) - examples[k].label) / count);
  }
  return sum / count;
}

double softmax(std::span<const Example> examples, std::span<const float> logits,
               std::span<float> by_logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double others = 0;
  double targets = 0;
  for (std::size_t k = 0; k < examples.size(); ++k) {
    if (examples[k].label > 0) {
      ++targets;
    } else {
      others += exponential(logits[k] - largest);
    }
  }
  double sum = 0;
  double shares = 0;  // of the targets: what each other candidate's e^s is multiplied with
  for (std::size_t k = 0; k < examples.size(); ++k) {
    if (examples[k].label == 0) continue;
    const double own = exponential(logits[k] - largest);
    sum += portable_log(own + others) - std::max(logits[k] - largest, -kMaxExponent);
    by_logits[k] = static_cast<float>(-others / (own + others) / targets);
    shares += 1 / (own + others);
  }
  for (std::size_t k = 0; k < examples.size(); ++k) {
    if (examples[k].label > 0) continue;
    by_logits[k] = static_cast<float>(exponential(logits[k] - largest) * shares / targets);
  }
  return sum / targets;
}

}  // namespace

double ranker_loss(RankerLoss loss, std::span<const Example> examples,
                   std::span<const float> logits, std::span<float> by_logits) {
  assert(examples.size() == logits.size() && by_logits.size() == logits.size());
  return loss == RankerLoss::kSoftmax ? softmax(examples, logits, by_logits)
                                      : bce(examples, logits, by_logits);
}

}  // namespace palate::internal
