// Whether a ranker makes sense: its features, the chain of its layers, what they cost and reach.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/limits.h"

namespace palate::internal {
namespace {

// What a feature may take from the catalogue, and the largest magnitude of that.
struct Source {
  FeatureSource source;
  double largest;
};

Result<Source> check_attribute_source(const format::Feature& feature, const MappedModel& mapped) {
  const std::span<const AttributeView> attributes = mapped.attributes.span();
  if (feature.attribute() >= attributes.size()) {
    return meaning_error("a feature", "names an attribute that the catalogue lacks");
  }
  const AttributeView& attribute = attributes[feature.attribute()];
  const bool wants_category = feature.source() == format::FeatureSource::Category;
  if (wants_category != (attribute.kind == AttributeKind::kCategory)) {
    return meaning_error("a feature", "is of another kind than its attribute");
  }
  if (wants_category) {
    if (feature.category() >= attribute.categories.size()) {
      return meaning_error("a feature", "names a category that its attribute lacks");
    }
    return Source{FeatureSource::kCategory, 1};
  }
  if (feature.source() == format::FeatureSource::Missing) return Source{FeatureSource::kMissing, 1};
  return Source{FeatureSource::kNumber, mapped.largest_numbers.span()[feature.attribute()]};
}

Result<Source> check_source(const format::Feature& feature, const MappedModel& mapped) {
  constexpr double kMagnitude = kMaxMagnitude;
  switch (feature.source()) {
    case format::FeatureSource::RetrievalScore:
      return Source{FeatureSource::kRetrievalScore,
                    mapped.item_vectors.columns * kMagnitude * kMagnitude + 2 * kMagnitude};
    case format::FeatureSource::Popularity:
      return Source{FeatureSource::kPopularity,
                    std::log1p(static_cast<double>(mapped.popularity.front()))};
    case format::FeatureSource::Number:
    case format::FeatureSource::Missing:
    case format::FeatureSource::Category:
      return check_attribute_source(feature, mapped);
  }
  return unsupported_error("a feature from a source");
}

// Maps the features and returns the largest magnitude that an input of the ranker can have.
Result<double> check_features(const format::Ranker& ranker, MappedModel& mapped) {
  const std::uint32_t count = ranker.features() == nullptr ? 0 : ranker.features()->size();
  if (count > kMaxFeatures) return meaning_error("the ranker", "has over 2048 features");
  if (!mapped.features.allocate(count)) return memory_error();
  double largest = kMaxMagnitude;  // of the user vector and of item vectors
  for (std::uint32_t i = 0; i < count; ++i) {
    const format::Feature& feature = *ranker.features()->Get(i);
    const Result<Source> source = check_source(feature, mapped);
    if (!source) return source.error();
    if (!is_sane(feature.mean()) || !is_sane(feature.scale())) {
      return meaning_error("a feature", "has a mean or a scale that is not finite or above 1e20");
    }
    largest = std::max(largest, (source->largest + std::abs(double{feature.mean()})) *
                                    std::abs(double{feature.scale()}));
    mapped.features.span()[i] = {source->source, feature.attribute(), feature.category(),
                                 feature.mean(), feature.scale()};
  }
  return largest;
}

// The largest magnitude of an output when no input is larger than `largest`.
double layer_bound(const DenseLayerView& layer, double largest) {
  double bound = 0;
  for (std::size_t output = 0; output < layer.outputs; ++output) {
    double sum = 0;
    for (const float weight : layer.weights.subspan(output * layer.inputs, layer.inputs)) {
      sum += std::abs(weight);
    }
    bound = std::max(bound, sum * largest + std::abs(layer.bias[output]));
  }
  return bound;
}

// Maps the layers, which together may cost and reach no more than the limits say.
Status check_layers(const format::Ranker& ranker, double largest, MappedModel& mapped) {
  const std::uint32_t count = ranker.layers()->size();
  if (count == 0 || count > kMaxLayers) {
    return meaning_error("the ranker", "has not 1 to 8 layers");
  }
  if (!mapped.layers.allocate(count)) return memory_error();
  const std::span<DenseLayerView> layers = mapped.layers.span();
  auto width = static_cast<std::uint32_t>(2 * std::size_t{mapped.item_vectors.columns} +
                                          mapped.features.span().size());
  std::uint64_t weights = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    Status status =
        check_layer(*ranker.layers()->Get(i), width, "a layer of the ranker", layers[i]);
    if (!status) return status;
    if (!(largest <= kMaxActivation)) break;
    largest = layer_bound(layers[i], largest);
    weights += layers[i].weights.size();
    width = layers[i].outputs;
  }
  if (!(largest <= kMaxActivation)) return meaning_error("the ranker", "could overflow");
  if (width != 1) return meaning_error("the ranker", "has not one output");
  if (weights * std::min<std::uint64_t>(ranker.candidates(), mapped.items()) > kMaxRankerSteps) {
    return meaning_error("the ranker", "is too large for its number of candidates");
  }
  return Done{};
}

}  // namespace

Status check_ranker(const format::Ranker& ranker, MappedModel& mapped) {
  if (mapped.encoder == EncoderKind::kPopularity || mapped.encoder == EncoderKind::kItemWeights) {
    return meaning_error("the ranker", "has no encoder that makes user vectors");
  }
  if (ranker.candidates() == 0 || ranker.candidates() > kMaxItems) {
    return meaning_error("the ranker", "has a number of candidates outside 1 to 16,777,216");
  }
  const Result<double> largest = check_features(ranker, mapped);
  if (!largest) return largest.error();
  Status status = check_layers(ranker, *largest, mapped);
  if (!status) return status;
  mapped.ranker = {mapped.layers.span(), mapped.features.span(), ranker.candidates()};
  return Done{};
}

}  // namespace palate::internal
