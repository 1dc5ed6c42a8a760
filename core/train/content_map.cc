// The content map of a trained model: a ridge regression, by conjugate gradients on the normal
// equations, all outputs at once: X is sparse, and stays so.
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "new_items/content_row.h"
#include "palate/train.h"

namespace palate {
namespace {

using internal::ContentColumns;
using internal::ContentRow;

using Rows = std::span<const ContentRow>;

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

/// Sets what brings the numbers of an attribute to mean 0 and deviation 1.
void set_scale(std::span<const float> numbers, float& mean, float& scale) {
  double count = 0;
  double centre = 0;
  double squares = 0;
  for (const double number : numbers) {
    if (std::isnan(number)) continue;
    ++count;
    const double away = number - centre;
    centre += away / count;
    squares += away * (number - centre);
  }
  // Numbers that hardly differ say nothing; nor could a file hold their scale.
  constexpr double kLargestScale = 1e15;
  const double factor = squares > 0 ? std::sqrt(count / squares) : 0;
  mean = static_cast<float>(centre);
  scale = factor < kLargestScale ? static_cast<float>(factor) : 0;
}

/// A map's columns, without coefficients.
ContentMap columns_of(const Catalogue& catalogue) {
  ContentMap map;
  for (const Attribute& attribute : catalogue.attributes) {
    const bool is_number = attribute.kind == AttributeKind::kNumber;
    map.columns.push_back(is_number ? 1 : static_cast<std::uint32_t>(attribute.categories.size()));
    set_scale(attribute.numbers, map.means.emplace_back(), map.scales.emplace_back());
  }
  return map;
}

std::vector<ContentRow> rows_of(const Catalogue& catalogue, const ContentColumns& columns) {
  std::vector<ContentRow> rows(catalogue.ids.size());
  for (std::size_t a = 0; a < catalogue.attributes.size(); ++a) {
    const Attribute& attribute = catalogue.attributes[a];
    for (std::size_t item = 0; item < rows.size(); ++item) {
      if (attribute.kind == AttributeKind::kNumber) {
        columns.add_number(a, attribute.numbers[item], rows[item]);
        continue;
      }
      for (std::uint32_t i = attribute.offsets[item]; i < attribute.offsets[item + 1]; ++i) {
        columns.add_category(a, attribute.entries[i], rows[item]);
      }
    }
  }
  return rows;
}

/// What the model has of each item, in the order of a map's outputs.
std::vector<double> targets_of(const ModelContents& contents) {
  const std::size_t items = contents.catalogue.ids.size();
  std::vector<std::span<const float>> tables = {contents.item_vectors};
  if (contents.weighted_mean) tables.emplace_back(contents.weighted_mean->history_vectors);
  if (contents.value_fold_in) tables.emplace_back(contents.value_fold_in->implicit_vectors);
  if (contents.value_head) tables.emplace_back(contents.value_head->item_bias);
  std::vector<double> targets;
  for (std::size_t item = 0; item < items; ++item) {
    for (const std::span<const float> table : tables) {
      const auto row = table.subspan(item * (table.size() / items), table.size() / items);
      targets.insert(targets.end(), row.begin(), row.end());
    }
  }
  return targets;
}

Status check(const ModelContents& contents) {
  std::string why;
  if (contents.item_vectors.empty()) {
    why = "the recipe " + contents.facts.recipe + " gives items no vectors";
  } else if (contents.catalogue.attributes.empty()) {
    why = "nothing is known of the items but their ids and titles";
  } else {
    return Done{};
  }
  return Error{ErrorCode::kRequestInvalid, "new items could not be placed: " + why};
}

}  // namespace

Result<ContentMap> fit_content_map(const ModelContents& contents) {
  if (Status status = check(contents); !status) return status.error();
  const Catalogue& catalogue = contents.catalogue;
  ContentMap map = columns_of(catalogue);
  const ContentColumns columns(map.columns, map.means, map.scales);
  const std::vector<ContentRow> rows = rows_of(catalogue, columns);
  const std::vector<double> weights(catalogue.popularity.begin(), catalogue.popularity.end());
  std::vector<double> targets = targets_of(contents);
  const std::size_t outputs = targets.size() / rows.size();

  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> base(outputs);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    base[i % outputs] += weights[i / outputs] * targets[i] / sum;
  }
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] -= base[i % outputs];
  NormalEquations equations(rows, columns.size(), weights, outputs);
  const std::vector<double> slopes = solve(equations, equations.right_side(targets), outputs);
  const std::vector<double> of_mean = equations.of_mean(slopes);
  for (std::size_t k = 0; k < outputs; ++k) base[k] -= of_mean[k];
  map.base.assign(base.begin(), base.end());
  map.coefficients.assign(slopes.begin(), slopes.end());
  return map;
}

}  // namespace palate
