// Slow and plain on purpose.
#include "runtime_reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

namespace palate::testing {

Vector reference_solve(Matrix a, Vector b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < n; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return b;
}

Vector reference_item_vector(const ModelContents& contents, std::size_t row) {
  const auto first =
      contents.item_vectors.begin() + static_cast<std::ptrdiff_t>(row * contents.dimension);
  return {first, first + contents.dimension};
}

double reference_dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

Matrix reference_system(const ModelContents& contents, std::span<const Event> history) {
  const std::size_t dimension = contents.dimension;
  const std::size_t items = contents.catalogue.ids.size();
  const double unobserved = contents.fold_in->unobserved_weight;
  const double ridge =
      contents.fold_in->regularization *
      std::pow(static_cast<double>(history.size()) + unobserved * static_cast<double>(items),
               contents.fold_in->exponent);
  Matrix a(dimension, Vector(dimension));
  auto entry = contents.fold_in->gramian.begin();
  for (std::size_t i = 0; i < dimension; ++i) {
    for (std::size_t j = 0; j <= i; ++j) a[i][j] = a[j][i] = unobserved * *entry++;
    a[i][i] += ridge;
  }
  for (const Event& event : history) {
    const Vector h = reference_item_vector(contents, to_row(event.item));
    for (std::size_t i = 0; i < dimension; ++i) {
      for (std::size_t j = 0; j < dimension; ++j) a[i][j] += event.weight * h[i] * h[j];
    }
  }
  return a;
}

Vector reference_user_vector(const ModelContents& contents, std::span<const Event> history) {
  Vector b(contents.dimension);
  for (const Event& event : history) {
    const Vector h = reference_item_vector(contents, to_row(event.item));
    for (std::size_t k = 0; k < b.size(); ++k) b[k] += event.weight * h[k];
  }
  return reference_solve(reference_system(contents, history), b);
}

namespace {

double reference_value_ridge(const ModelContents& contents, std::span<const Event> history) {
  double valued = 0;
  for (const Event& event : history) valued += std::isnan(event.value) ? 0 : 1;
  return contents.value_fold_in->regularization *
         std::pow(std::max(valued, 1.0), double{contents.value_fold_in->exponent});
}

}  // namespace

Matrix reference_value_system(const ModelContents& contents, std::span<const Event> history) {
  const std::size_t dimension = contents.dimension;
  Matrix a(dimension, Vector(dimension));
  for (std::size_t i = 0; i < dimension; ++i) a[i][i] = reference_value_ridge(contents, history);
  for (const Event& event : history) {
    if (std::isnan(event.value)) continue;
    const Vector h = reference_item_vector(contents, to_row(event.item));
    for (std::size_t i = 0; i < dimension; ++i) {
      for (std::size_t j = 0; j < dimension; ++j) a[i][j] += event.weight * h[i] * h[j];
    }
  }
  return a;
}

Vector reference_value_part(const ModelContents& contents, std::span<const Event> history,
                            const Event& event) {
  const std::size_t row = to_row(event.item);
  const Vector h = reference_item_vector(contents, row);
  const double ridge = reference_value_ridge(contents, history);
  Vector part(contents.dimension);
  for (std::size_t k = 0; k < part.size(); ++k) {
    if (!contents.value_fold_in->implicit_vectors.empty()) {
      part[k] = ridge * contents.value_fold_in->implicit_vectors[row * part.size() + k] /
                std::sqrt(static_cast<double>(history.size()));
    }
    if (std::isnan(event.value)) continue;
    part[k] +=
        event.weight * h[k] *
        (double{event.value} - contents.value_head->mean - contents.value_head->item_bias[row]);
  }
  return part;
}

Vector reference_value_vector(const ModelContents& contents, std::span<const Event> history) {
  Vector b(contents.dimension);
  for (const Event& event : history) {
    const Vector part = reference_value_part(contents, history, event);
    for (std::size_t k = 0; k < b.size(); ++k) b[k] += part[k];
  }
  return reference_solve(reference_value_system(contents, history), b);
}

std::size_t reference_place(std::span<const Event> history, std::size_t at) {
  std::set<ItemIndex> later;
  for (const Event& event : history.subspan(at)) {
    if (event.item == history[at].item) {
      later.clear();
    } else {
      later.insert(event.item);
    }
  }
  return later.size();
}

Vector reference_coefficients(const ModelContents& contents, const HistoryWeights& weights,
                              std::span<const Event> history) {
  Vector coefficients(contents.catalogue.ids.size());
  for (std::size_t at = 0; at < history.size(); ++at) {
    const std::size_t row = to_row(history[at].item);
    double recency = 1;
    if (!weights.recency.empty()) {
      const std::size_t place = reference_place(history, at);
      recency = place < weights.recency.size() ? weights.recency.at(place) : weights.recency.back();
    }
    const double popularity =
        std::max(1.0, static_cast<double>(contents.catalogue.popularity[row]));
    coefficients[row] =
        std::max(coefficients[row], history[at].weight * recency /
                                        std::pow(popularity, double{weights.popularity_exponent}));
  }
  const double sum = std::accumulate(coefficients.begin(), coefficients.end(), 0.0);
  if (sum == 0) return coefficients;
  for (double& c : coefficients) c /= std::pow(sum, double{weights.length_exponent});
  return coefficients;
}

Vector reference_mean(const ModelContents& contents, std::span<const Event> history) {
  const WeightedMean& mean = *contents.weighted_mean;
  const Vector coefficients = reference_coefficients(contents, mean.weights, history);
  const std::vector<float>& table =
      mean.history_vectors.empty() ? contents.item_vectors : mean.history_vectors;
  Vector sum(contents.dimension);
  for (std::size_t at = 0; at < table.size(); ++at) {
    sum[at % contents.dimension] += coefficients[at / contents.dimension] * table[at];
  }
  return sum;
}

Matrix reference_weight_matrix(const ItemWeights& item_weights) {
  const std::size_t items = item_weights.offsets.size() - 1;
  Matrix matrix(items, Vector(items));
  for (std::size_t row = 0; row < items; ++row) {
    for (std::size_t entry = item_weights.offsets[row]; entry < item_weights.offsets[row + 1];
         ++entry) {
      matrix[row][item_weights.columns[entry]] = item_weights.values[entry];
    }
  }
  return matrix;
}

Vector reference_features(const ModelContents& contents, const Vector& user_vector,
                          std::size_t row) {
  Vector features;
  for (const FeatureView& feature : contents.ranker->features) {
    double x = 0;
    if (feature.source == FeatureSource::kRetrievalScore) {
      x = reference_dot(user_vector, reference_item_vector(contents, row));
      if (contents.value_fold_in) {
        x += double{contents.value_head->mean} + contents.value_head->item_bias[row];
      }
    } else if (feature.source == FeatureSource::kPopularity) {
      x = std::log(1.0 + contents.catalogue.popularity[row]);
    } else {
      const Attribute& attribute = contents.catalogue.attributes[feature.attribute];
      if (feature.source == FeatureSource::kCategory) {
        const auto begin = attribute.entries.begin() + attribute.offsets[row];
        const auto end = attribute.entries.begin() + attribute.offsets[row + 1];
        x = std::find(begin, end, feature.category) != end ? 1 : 0;
      } else {
        const bool missing = std::isnan(attribute.numbers[row]);
        if (feature.source == FeatureSource::kMissing) {
          x = missing ? 1 : 0;
        } else {
          x = missing ? feature.mean : attribute.numbers[row];
        }
      }
    }
    features.push_back((x - feature.mean) * feature.scale);
  }
  return features;
}

double reference_mlp(std::span<const DenseLayer> layers, Vector input) {
  for (const DenseLayer& layer : layers) {
    Vector output;
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      double sum = layer.bias[o];
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        sum += layer.weights[o * layer.inputs + i] * input[i];
      }
      const bool last = &layer == &layers.back();
      output.push_back(last ? sum : std::max(sum, 0.0));
    }
    input = std::move(output);
  }
  return input.front();
}

double reference_logit(const ModelContents& contents, const Vector& user_vector, std::size_t row) {
  Vector input = user_vector;
  const Vector item_vector = reference_item_vector(contents, row);
  const Vector features = reference_features(contents, user_vector, row);
  input.insert(input.end(), item_vector.begin(), item_vector.end());
  input.insert(input.end(), features.begin(), features.end());
  return reference_mlp(contents.ranker->layers, std::move(input));
}

}  // namespace palate::testing
