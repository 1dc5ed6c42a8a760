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

double reference_score(const ModelContents& contents, const ItemWeights& item_weights,
                       std::span<const Event> history, std::size_t row) {
  const Vector coefficients = reference_coefficients(contents, item_weights.weights, history);
  const Matrix matrix = reference_weight_matrix(item_weights);
  double score = 0;
  for (std::size_t j = 0; j < coefficients.size(); ++j) score += coefficients[j] * matrix[j][row];
  return score;
}

namespace {

std::vector<std::uint32_t> categories_of(const Attribute& attribute, std::size_t row) {
  return {attribute.entries.begin() + attribute.offsets[row],
          attribute.entries.begin() + attribute.offsets[row + 1]};
}

bool is_missing(const Attribute& attribute, std::size_t row) {
  return attribute.kind == AttributeKind::kNumber ? std::isnan(attribute.numbers[row])
                                                  : categories_of(attribute, row).empty();
}

double with_gain(const FeatureView& feature, double score) {
  return feature.gain > 0 ? std::log(1 + feature.gain * std::max(score, 0.0)) : score;
}

double reference_item_feature(const ModelContents& contents, const FeatureView& feature,
                              std::size_t row) {
  if (feature.source == FeatureSource::kPopularity) {
    return std::log(1.0 + contents.catalogue.popularity[row]);
  }
  const Attribute& attribute = contents.catalogue.attributes[feature.attribute];
  if (feature.source == FeatureSource::kCategory) {
    const std::vector<std::uint32_t> own = categories_of(attribute, row);
    return std::count(own.begin(), own.end(), feature.category) > 0 ? 1 : 0;
  }
  const bool missing = is_missing(attribute, row);
  if (feature.source == FeatureSource::kMissing) return missing ? 1 : 0;
  return missing ? feature.mean : attribute.numbers[row];
}

double reference_nearness(const ModelContents& contents, const FeatureView& feature,
                          std::size_t row, std::span<const Event> history) {
  const bool distance = feature.source == FeatureSource::kDistance;
  const Attribute& attribute = contents.catalogue.attributes[feature.attribute];
  const Vector shares = reference_shares(contents, feature, history);
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (distance && (all == 0 || is_missing(attribute, row))) return feature.mean;
  double sum = 0;
  for (std::size_t j = 0; j < history.size(); ++j) {
    if (shares[j] == 0) continue;
    const std::size_t other = to_row(history[j].item);
    sum +=
        shares[j] * (distance ? std::abs(double{attribute.numbers[row]} - attribute.numbers[other])
                              : reference_shared(contents, feature, row, other));
  }
  return sum;
}

double reference_feature(const ModelContents& contents, const FeatureView& feature,
                         const Vector& user_vector, std::size_t row,
                         std::span<const Event> history) {
  switch (feature.source) {
    case FeatureSource::kRetrievalScore: {
      if (contents.item_weights) {
        return with_gain(feature, reference_score(contents, *contents.item_weights, history, row));
      }
      const double score = reference_dot(user_vector, reference_item_vector(contents, row));
      if (!contents.value_fold_in) return score;
      return score + contents.value_head->mean + contents.value_head->item_bias[row];
    }
    case FeatureSource::kFurtherScore:
      return with_gain(
          feature,
          reference_score(contents, contents.ranker->retrievers[feature.retriever], history, row));
    case FeatureSource::kAffinity:
    case FeatureSource::kDistance:
      return reference_nearness(contents, feature, row, history);
    case FeatureSource::kHistoryLength:
      return std::log(1.0 + static_cast<double>(history.size()));
    default:
      return reference_item_feature(contents, feature, row);
  }
}

}  // namespace

Vector reference_shares(const ModelContents& contents, const FeatureView& feature,
                        std::span<const Event> history) {
  const Attribute& attribute = contents.catalogue.attributes[feature.attribute];
  Vector shares;
  for (std::size_t at = 0; at < history.size(); ++at) {
    const auto place = static_cast<double>(reference_place(history, at));
    const bool missing = is_missing(attribute, to_row(history[at].item));
    shares.push_back(missing ? 0 : std::pow(double{feature.decay}, place));
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = sum > 0 ? share / sum : 0;
  return shares;
}

double reference_shared(const ModelContents& contents, const FeatureView& feature, std::size_t row,
                        std::size_t other) {
  const Attribute& attribute = contents.catalogue.attributes[feature.attribute];
  const std::vector<std::uint32_t> theirs = categories_of(attribute, other);
  double shared = 0;
  double all = 0;
  for (const std::uint32_t category : categories_of(attribute, row)) {
    const auto items = static_cast<double>(
        std::count(attribute.entries.begin(), attribute.entries.end(), category));
    const double weight = std::log(1 + static_cast<double>(contents.catalogue.ids.size()) / items);
    all += weight;
    if (std::count(theirs.begin(), theirs.end(), category) > 0) shared += weight;
  }
  return all > 0 ? shared / all : 0;
}

Vector reference_features(const ModelContents& contents, const Vector& user_vector, std::size_t row,
                          std::span<const Event> history) {
  Vector features;
  for (const FeatureView& feature : contents.ranker->features) {
    const double x = reference_feature(contents, feature, user_vector, row, history);
    features.push_back((x - feature.mean) * feature.scale);
  }
  return features;
}

// A weight, and an input as the layer takes it in (palate/table_views.h, DenseLayerView).
double weight_of(const DenseLayer& layer, std::size_t o, std::size_t i) {
  if (layer.quantized.codes.empty()) return layer.weights[o * layer.inputs + i];
  const std::size_t row_bytes = quantized_row_bytes(layer.inputs, Precision::kInt8);
  return double{layer.quantized.scales[o]} *
         static_cast<std::int8_t>(layer.quantized.codes[o * row_bytes + i]);
}

double input_of(const DenseLayer& layer, double x) {
  if (layer.quantized.codes.empty()) return x;
  return double{layer.input_step} * std::min(std::round(x / layer.input_step), 127.0);
}

double reference_mlp(std::span<const DenseLayer> layers, Vector input) {
  for (const DenseLayer& layer : layers) {
    Vector output;
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      double sum = layer.bias[o];
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        sum += weight_of(layer, o, i) * input_of(layer, input[i]);
      }
      const bool last = &layer == &layers.back();
      output.push_back(last ? sum : std::max(sum, 0.0));
    }
    input = std::move(output);
  }
  return input.front();
}

// Whether an input of the first layer depends on the item alone.
bool is_of_item(const ModelContents& contents, std::size_t input) {
  const std::size_t vectors =
      contents.ranker->layers.front().inputs - contents.ranker->features.size();
  if (input < vectors) return input >= vectors / 2;
  switch (contents.ranker->features[input - vectors].source) {
    case FeatureSource::kPopularity:
    case FeatureSource::kNumber:
    case FeatureSource::kMissing:
    case FeatureSource::kCategory:
      return true;
    default:
      return false;
  }
}

// The activations behind the first layer, an item's half rounded (palate/network_views.h,
// RankerView).
Vector reference_rounded(const ModelContents& contents, const Vector& input) {
  const DenseLayer& layer = contents.ranker->layers.front();
  Vector half(layer.outputs);
  Vector rest(layer.bias.begin(), layer.bias.end());
  double largest = 0;
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      Vector& sums = is_of_item(contents, i) ? half : rest;
      sums[o] += double{layer.weights[o * layer.inputs + i]} * input[i];
    }
    largest = std::max(largest, std::abs(half[o]));
  }
  const double scale = largest / 127;
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    rest[o] = std::max(0.0, rest[o] + scale * std::round(half[o] / scale));
  }
  return rest;
}

double reference_logit(const ModelContents& contents, const Vector& user_vector, std::size_t row,
                       std::span<const Event> history) {
  const Vector features = reference_features(contents, user_vector, row, history);
  Vector input;
  if (contents.ranker->layers.front().inputs > features.size()) {
    const Vector item_vector = reference_item_vector(contents, row);
    input = user_vector;
    input.insert(input.end(), item_vector.begin(), item_vector.end());
  }
  input.insert(input.end(), features.begin(), features.end());
  const std::span<const DenseLayer> layers = contents.ranker->layers;
  if (!contents.ranker->rounds_item_half) return reference_mlp(layers, std::move(input));
  return reference_mlp(layers.subspan(1), reference_rounded(contents, input));
}

}  // namespace palate::testing
