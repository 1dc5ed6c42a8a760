// Whether a ranker makes sense: its features, the chain of its layers, what they cost and reach.
#include <algorithm>
#include <cmath>

#include "model/check.h"
#include "model/check_encoder.h"
#include "model/limits.h"
#include "model/portable_math.h"
#include "palate/seldom.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

// What a feature may take from the catalogue, and the largest magnitude of that.
struct Source {
  FeatureSource source;
  double largest;
};

Verdict check_attribute_source(const format::Feature& feature, const MappedModel& mapped,
                               Source& source) {
  const std::span<const AttributeView> attributes = mapped.attributes.span();
  if (feature.attribute() >= attributes.size()) {
    return meaning_error("a feature"_words, "names an attribute that the catalogue lacks"_words);
  }
  const AttributeView& attribute = attributes[feature.attribute()];
  const bool wants_category = feature.source() == format::FeatureSource::Category ||
                              feature.source() == format::FeatureSource::Affinity;
  if (wants_category != (attribute.kind == AttributeKind::kCategory)) {
    return meaning_error("a feature"_words, "is of another kind than its attribute"_words);
  }
  if (feature.source() == format::FeatureSource::Affinity) {
    source = {FeatureSource::kAffinity, static_cast<double>(attribute.entries.size())};
    return kPassed;
  }
  if (wants_category) {
    if (feature.category() >= attribute.categories.size()) {
      return meaning_error("a feature"_words, "names a category that its attribute lacks"_words);
    }
    source = {FeatureSource::kCategory, 1};
    return kPassed;
  }
  if (feature.source() == format::FeatureSource::Missing) {
    source = {FeatureSource::kMissing, 1};
    return kPassed;
  }
  const double largest = mapped.largest_numbers.span()[feature.attribute()];
  if (feature.source() == format::FeatureSource::Distance) {
    source = {FeatureSource::kDistance, 2 * largest};
    return kPassed;
  }
  source = {FeatureSource::kNumber, largest};
  return kPassed;
}

Verdict check_context_source(const format::Feature& feature, const MappedModel& mapped,
                             Source& source) {
  static_assert(static_cast<int>(format::FeatureSource::MAX) ==
                static_cast<int>(FeatureSource::kRecency));
  const std::span<const TabularColumnView> context = mapped.context.span();
  const std::uint32_t index = feature.attribute();
  const TabularColumnView* column = index < context.size() ? &context[index] : nullptr;
  const bool wants_category = feature.source() == format::FeatureSource::ContextCategory;
  if (column == nullptr || wants_category != (column->kind == AttributeKind::kCategory) ||
      (wants_category && feature.category() >= column->categories.size()) || feature.mean() != 0 ||
      feature.scale() != 1) {
    return meaning_error("a feature"_words, "does not fit the ranker's context"_words);
  }
  source = {static_cast<FeatureSource>(feature.source()),
            wants_category ? 1 : largest_input(*column)};
  return kPassed;
}

// A score, of vectors or of item weights.
double largest_score(const format::Feature& feature, const MappedModel& mapped, bool of_vectors) {
  constexpr double kMagnitude = kMaxMagnitude;
  constexpr double kLargestLogarithm = 1000;  // of any double
  if (feature.gain() > 0) return kLargestLogarithm;
  if (!of_vectors) return static_cast<double>(mapped.items()) * kMagnitude * kMagnitude;
  return mapped.item_vectors.columns * kMagnitude * kMagnitude + 2 * kMagnitude;
}

Verdict check_source(const format::Ranker& ranker, const format::Feature& feature,
                     const MappedModel& mapped, Source& source) {
  switch (feature.source()) {
    case format::FeatureSource::RetrievalScore:
      if (feature.gain() != 0 && mapped.encoder != EncoderKind::kItemWeights) {
        return meaning_error("a feature"_words, "has a gain for the score by vectors"_words);
      }
      source = {FeatureSource::kRetrievalScore,
                largest_score(feature, mapped, mapped.encoder != EncoderKind::kItemWeights)};
      return kPassed;
    case format::FeatureSource::FurtherScore:
      if (feature.retriever() >= mapped.retrievers.span().size()) {
        return meaning_error("a feature"_words, "names a retriever that the ranker lacks"_words);
      }
      source = {FeatureSource::kFurtherScore, largest_score(feature, mapped, false)};
      return kPassed;
    case format::FeatureSource::HistoryLength:
      source = {FeatureSource::kHistoryLength, portable_log1p(static_cast<double>(UINT32_MAX))};
      return kPassed;
    case format::FeatureSource::Popularity:
      source = {FeatureSource::kPopularity,
                portable_log1p(static_cast<double>(mapped.popularity.front()))};
      return kPassed;
    case format::FeatureSource::Number:
    case format::FeatureSource::Missing:
    case format::FeatureSource::Category:
    case format::FeatureSource::Affinity:
    case format::FeatureSource::Distance:
      return check_attribute_source(feature, mapped, source);
    case format::FeatureSource::ContextNumber:
    case format::FeatureSource::ContextKnown:
    case format::FeatureSource::ContextCategory:
      return check_context_source(feature, mapped, source);
    case format::FeatureSource::Recency:
      if (ranker.recency() == nullptr) {
        return meaning_error("a feature"_words,
                             "reads the items' recency, which the ranker lacks"_words);
      }
      source = {FeatureSource::kRecency, 1};
      return kPassed;
  }
  return unsupported_error("a feature from a source"_words);
}

// Maps the further retrievers.
Verdict check_retrievers(const format::Ranker& ranker, MappedModel& mapped) {
  const std::uint32_t count = ranker.retrievers() == nullptr ? 0 : ranker.retrievers()->size();
  if (count > kMaxRetrievers)
    return meaning_error("the ranker"_words, "has over 8 further retrievers"_words);
  if (count == 0) return kPassed;
  if (!mapped.retrievers.allocate(count)) return memory_refused();
  for (std::uint32_t i = 0; i < count; ++i) {
    Verdict verdict = seldom<&check_item_weights>(*ranker.retrievers()->Get(i), mapped.items(),
                                                  mapped.retrievers.span()[i]);
    if (!verdict) return verdict;
  }
  return kPassed;
}

// A build that knows of no further retrievers knows no feature of them either, and so refuses the
// file instead of ranking with fewer candidates.
Verdict check_all_scored(const MappedModel& mapped) {
  const std::span<const FeatureView> features = mapped.features.span();
  for (std::size_t i = 0; i < mapped.retrievers.span().size(); ++i) {
    const auto scores = [i](const FeatureView& feature) {
      return feature.source == FeatureSource::kFurtherScore && feature.retriever == i;
    };
    if (std::none_of(features.begin(), features.end(), scores)) {
      return meaning_error("the ranker"_words,
                           "has a retriever whose score it does not read"_words);
    }
  }
  return kPassed;
}

// Maps the features and finds the largest magnitude that an input of the ranker can have.
Verdict check_features(const format::Ranker& ranker, MappedModel& mapped, double& largest) {
  const std::uint32_t count = ranker.features() == nullptr ? 0 : ranker.features()->size();
  if (count > kMaxFeatures)
    return meaning_error("the ranker"_words, "has over 2048 features"_words);
  if (!mapped.features.allocate(count)) return memory_refused();
  largest = kMaxMagnitude;  // of the user vector and of item vectors
  for (std::uint32_t i = 0; i < count; ++i) {
    const format::Feature& feature = *ranker.features()->Get(i);
    Source source{};
    if (Verdict verdict = check_source(ranker, feature, mapped, source); !verdict) return verdict;
    if (!is_sane(feature.mean()) || !is_sane(feature.scale())) {
      return meaning_error("a feature"_words,
                           "has a mean or a scale that is not finite or above 1e20"_words);
    }
    if (!(feature.gain() >= 0 && is_sane(feature.gain()))) {
      return meaning_error("a feature"_words, "has a gain outside 0 to 1e20"_words);
    }
    if (!(feature.decay() > 0 && feature.decay() <= 1)) {
      return meaning_error("a feature"_words, "has a decay outside 0 to 1"_words);
    }
    largest = std::max(largest, (source.largest + std::abs(double{feature.mean()})) *
                                    std::abs(double{feature.scale()}));
    mapped.features.span()[i] = {source.source,  feature.attribute(), feature.category(),
                                 feature.mean(), feature.scale(),     feature.retriever(),
                                 feature.gain(), feature.decay()};
  }
  return kPassed;
}

// Maps the layers, which together may cost and reach no more than the limits say.
Verdict check_layers(const format::Ranker& ranker, double largest, MappedModel& mapped) {
  const std::uint32_t count = ranker.layers()->size();
  if (count == 0 || count > kMaxLayers) {
    return meaning_error("the ranker"_words, "has not 1 to 8 layers"_words);
  }
  if (!mapped.layers.allocate(count)) return memory_refused();
  const std::span<DenseLayerView> layers = mapped.layers.span();
  auto width = static_cast<std::uint32_t>(mapped.features.span().size());
  const bool reads_vectors =
      mapped.encoder != EncoderKind::kItemWeights && ranker.layers()->Get(0)->inputs() != width;
  if (reads_vectors) width += 2 * mapped.item_vectors.columns;
  if (width == 0) return meaning_error("the ranker"_words, "reads nothing"_words);
  std::uint64_t weights = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool is_between = i > 0 && i + 1 < count;
    const auto check = is_between ? check_any_layer : check_layer;
    Verdict verdict =
        check(*ranker.layers()->Get(i), width, "a layer of the ranker"_words, layers[i]);
    if (!verdict) return verdict;
    if (!(largest <= kMaxActivation)) break;
    largest = layer_bound(layers[i], largest);
    weights += std::uint64_t{layers[i].inputs} * layers[i].outputs;
    width = layers[i].outputs;
  }
  if (!(largest <= kMaxActivation))
    return meaning_error("the ranker"_words, "could overflow"_words);
  if (width != 1) return meaning_error("the ranker"_words, "has not one output"_words);
  if (weights * std::min<std::uint64_t>(ranker.candidates(), mapped.items()) > kMaxRankerSteps) {
    return meaning_error("the ranker"_words, "is too large for its number of candidates"_words);
  }
  return kPassed;
}

}  // namespace

Verdict check_ranker(const format::Ranker& ranker, MappedModel& mapped) {
  if (mapped.encoder == EncoderKind::kPopularity) {
    return meaning_error("the ranker"_words, "has no encoder to find candidates"_words);
  }
  if (mapped.value_fold_in && mapped.value_fold_in->by_cosine) {
    return meaning_error("the ranker"_words,
                         "stands beside an encoder whose scores are cosines"_words);
  }
  if (ranker.candidates() == 0 || ranker.candidates() > kMaxItems) {
    return meaning_error("the ranker"_words,
                         "has a number of candidates outside 1 to 16,777,216"_words);
  }
  if (ranker.item_half_bits() != 0 && ranker.item_half_bits() != 8) {
    return unsupported_error("a ranker with items' halves of a precision"_words);
  }
  if (ranker.recency() != nullptr && ranker.recency()->size() != mapped.items()) {
    return meaning_error("the ranker"_words, "has not one recency an item"_words);
  }
  if (Verdict verdict = check_retrievers(ranker, mapped); !verdict) return verdict;
  if (ranker.context() != nullptr) {
    Verdict verdict =
        seldom<&check_columns>(*ranker.context(), ColumnsOf::kContext, mapped.context);
    if (!verdict) return verdict;
  }
  double largest = 0;
  Verdict verdict = check_features(ranker, mapped, largest);
  if (verdict) verdict = check_all_scored(mapped);
  if (verdict) verdict = check_layers(ranker, largest, mapped);
  if (!verdict) return verdict;
  mapped.ranker = {mapped.layers.span(),     mapped.features.span(),       ranker.candidates(),
                   mapped.retrievers.span(), ranker.item_half_bits() == 8, mapped.context.span(),
                   span_of(ranker.recency())};
  return kPassed;
}

}  // namespace palate::internal
