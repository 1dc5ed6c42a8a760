// Conjugate gradients on the normal equations, all outputs at once: X is sparse, and stays so.
#include "train/new_items/content_map.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace palate::internal {
namespace {

using Rows = std::span<const std::vector<ContentFeatures::Entry>>;

constexpr double kRidge = 3;  // of the mean weight
constexpr int kMostSteps = 200;
constexpr double kTolerance = 1e-9;  // of a residual, squared and relative

/// sum of x_k y_k for each of the outputs.
std::vector<double> products(std::span<const double> x, std::span<const double> y,
                             std::size_t outputs) {
  std::vector<double> sums(outputs);
  for (std::size_t i = 0; i < x.size(); ++i) sums[i % outputs] += x[i] * y[i];
  return sums;
}

/// The weighted, centred least squares behind the regression.
class NormalEquations {
 public:
  NormalEquations(Rows rows, std::size_t columns, std::span<const double> weights,
                  std::size_t outputs)
      : rows_(rows), weights_(weights), outputs_(outputs), mean_(columns), line_(outputs) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    ridge_ = kRidge * sum / static_cast<double>(weights.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (const auto& [column, x] : rows[i]) mean_[column] += weights[i] * x / sum;
    }
  }

  /// sum_i w_i (x_i - mean) t_i' for centred targets: the mean drops out.
  std::vector<double> right_side(std::span<const double> targets) const {
    std::vector<double> side(mean_.size() * outputs_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      add(i, targets.subspan(i * outputs_, outputs_), side);
    }
    return side;
  }

  /// (sum_i w_i (x_i - mean) (x_i - mean)' + ridge) map.
  std::vector<double> apply(std::span<const double> map) {
    std::vector<double> result(map.begin(), map.end());
    for (double& number : result) number *= ridge_;
    const std::vector<double> base = of_mean(map);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (std::size_t k = 0; k < outputs_; ++k) line_[k] = -base[k];
      for (const auto& [column, x] : rows_[i]) {
        for (std::size_t k = 0; k < outputs_; ++k) line_[k] += x * map[column * outputs_ + k];
      }
      add(i, line_, result);
    }
    return result;
  }

  /// mean' map.
  std::vector<double> of_mean(std::span<const double> map) const {
    std::vector<double> base(outputs_);
    for (std::size_t i = 0; i < map.size(); ++i) base[i % outputs_] += mean_[i / outputs_] * map[i];
    return base;
  }

 private:
  void add(std::size_t item, std::span<const double> line, std::vector<double>& sums) const {
    for (const auto& [column, x] : rows_[item]) {
      for (std::size_t k = 0; k < outputs_; ++k) {
        sums[column * outputs_ + k] += weights_[item] * x * line[k];
      }
    }
  }

  Rows rows_;
  std::span<const double> weights_;
  std::size_t outputs_;
  std::vector<double> mean_;
  std::vector<double> line_;
  double ridge_ = 0;
};

std::vector<double> solve(NormalEquations& equations, std::vector<double> residual,
                          std::size_t outputs) {
  std::vector<double> map(residual.size());
  std::vector<double> direction = residual;
  std::vector<double> length = products(residual, residual, outputs);
  const std::vector<double> start = length;
  for (int step = 0; step < kMostSteps; ++step) {
    bool is_done = true;
    for (std::size_t k = 0; k < outputs; ++k) is_done &= length[k] <= kTolerance * start[k];
    if (is_done) break;
    const std::vector<double> image = equations.apply(direction);
    const std::vector<double> curvature = products(direction, image, outputs);
    for (std::size_t i = 0; i < map.size(); ++i) {
      const std::size_t k = i % outputs;
      const double size = curvature[k] > 0 ? length[k] / curvature[k] : 0;
      map[i] += size * direction[i];
      residual[i] -= size * image[i];
    }
    const std::vector<double> next = products(residual, residual, outputs);
    for (std::size_t i = 0; i < map.size(); ++i) {
      const std::size_t k = i % outputs;
      direction[i] = residual[i] + (length[k] > 0 ? next[k] / length[k] : 0) * direction[i];
    }
    length = next;
  }
  return map;
}

}  // namespace

ContentFeatures::ContentFeatures(const Catalogue& catalogue) : first_{0} {
  for (const Attribute& attribute : catalogue.attributes) {
    Scale& scale = scales_.emplace_back();
    columns_ += attribute.kind == AttributeKind::kNumber ? 1 : attribute.categories.size();
    first_.push_back(static_cast<std::uint32_t>(columns_));
    double count = 0;
    double squares = 0;
    for (const double number : attribute.numbers) {
      if (std::isnan(number)) continue;
      ++count;
      const double away = number - scale.mean;
      scale.mean += away / count;
      squares += away * (number - scale.mean);
    }
    scale.factor = squares > 0 ? std::sqrt(count / squares) : 0;
  }
}

std::vector<ContentFeatures::Entry> ContentFeatures::row(const Catalogue& catalogue,
                                                         std::size_t item) const {
  std::vector<Entry> entries;
  for (std::size_t a = 0; a < scales_.size(); ++a) {
    const Attribute& attribute = catalogue.attributes[a];
    if (attribute.kind == AttributeKind::kNumber) {
      const double number = attribute.numbers[item];
      const double x = (number - scales_[a].mean) * scales_[a].factor;
      if (!std::isnan(number)) entries.push_back({first_[a], x});
      continue;
    }
    for (std::uint32_t i = attribute.offsets[item]; i < attribute.offsets[item + 1]; ++i) {
      const std::uint32_t column = first_[a] + attribute.entries[i];
      if (column < first_[a + 1]) entries.push_back({column, 1});
    }
  }
  return entries;
}

ContentMap::ContentMap(Rows rows, std::size_t columns, std::span<const double> weights,
                       std::span<const float> targets, std::size_t outputs)
    : outputs_(outputs), base_(outputs) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    base_[i % outputs] += weights[i / outputs] * targets[i] / sum;
  }
  std::vector<double> centred(targets.begin(), targets.end());
  for (std::size_t i = 0; i < centred.size(); ++i) centred[i] -= base_[i % outputs];
  NormalEquations equations(rows, columns, weights, outputs);
  map_ = solve(equations, equations.right_side(centred), outputs);
  const std::vector<double> of_mean = equations.of_mean(map_);
  for (std::size_t k = 0; k < outputs; ++k) base_[k] -= of_mean[k];
}

std::vector<float> ContentMap::apply(std::span<const ContentFeatures::Entry> row) const {
  std::vector<double> sum = base_;
  for (const auto& [column, x] : row) {
    for (std::size_t k = 0; k < outputs_; ++k) sum[k] += x * map_[column * outputs_ + k];
  }
  return {sum.begin(), sum.end()};
}

}  // namespace palate::internal
