// Scores, shares of the history, and distances from it: all are sums over the history, or functions
// of one, so what each of its items brings is known.
#include "runtime/visitor_features.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "model/portable_math.h"
#include "runtime/category_weights.h"

namespace palate::internal {
namespace {

float scaled(const FeatureView& feature, double x) {
  return static_cast<float>((x - feature.mean) * feature.scale);
}

double with_gain(const FeatureView& feature, double score) {
  return feature.gain > 0 ? portable_log1p(feature.gain * std::max(score, 0.0)) : score;
}

bool is_missing(const AttributeView& attribute, std::uint32_t row) {
  if (attribute.kind == AttributeKind::kNumber) return std::isnan(attribute.numbers[row]);
  return attribute.entries_of(ItemIndex{row}).empty();
}

}  // namespace

Result<VisitorFeatures> VisitorFeatures::create(const Model& model,
                                                std::span<const FeatureView> features) {
  VisitorFeatures visitor(model, features);
  if (Status status = visitor.reserve(); !status) return status.error();
  return visitor;
}

Status VisitorFeatures::reserve() {
  if (Status status = columns_.reserve(features_.size()); !status) return status;
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const FeatureSource source = features_[f].source;
    if (!is_of_visitor(source)) continue;
    const Column& column = columns_[column_count_++] = {f, category_count_, parts_};
    if (source == FeatureSource::kAffinity) {
      category_count_ += attribute_of(column).categories.size();
    }
    if (source == FeatureSource::kAffinity || source == FeatureSource::kDistance) ++parts_;
  }
  if (Status status = category_weights_.reserve(category_count_); !status) return status;
  if (Status status = profile_.reserve(category_count_); !status) return status;
  for (const Column& column : of_visitor()) {
    if (features_[column.index].source != FeatureSource::kAffinity) continue;
    const AttributeView& attribute = attribute_of(column);
    weigh_categories(attribute, model_->item_count(),
                     {category_weights_.data() + column.categories, attribute.categories.size()});
  }
  return Done{};
}

Status VisitorFeatures::set_history(std::span<const HistoryItem> history) {
  if (Status status = shares_.reserve(parts_, history.size()); !status) return status;
  if (Status status = powers_.reserve(history.size()); !status) return status;
  history_ = history;
  const std::span<float> profile = profile_.first(category_count_);
  std::fill(profile.begin(), profile.end(), 0.0F);
  for (const Column& column : of_visitor()) {
    const FeatureSource source = features_[column.index].source;
    if (source == FeatureSource::kAffinity || source == FeatureSource::kDistance) {
      set_shares(column);
    }
  }
  return Done{};
}

void VisitorFeatures::set_shares(const Column& column) {
  const AttributeView& attribute = attribute_of(column);
  const double decay = features_[column.index].decay;
  float* shares = shares_.data() + column.part * history_.size();
  double power = 1;
  for (std::size_t place = 0; place < history_.size(); ++place, power *= decay) {
    powers_[place] = power;
  }
  double sum = 0;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    const bool missing = history_[j].weight < 0 || is_missing(attribute, history_[j].row);
    shares[j] = missing ? 0.0F : static_cast<float>(powers_[history_[j].place]);
    sum += shares[j];
  }
  if (sum == 0) return;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    shares[j] = static_cast<float>(shares[j] / sum);
    for (const std::uint32_t category : attribute.entries_of(ItemIndex{history_[j].row})) {
      profile_[column.categories + category] += shares[j];
    }
  }
}

void VisitorFeatures::write(const Retrievers& retrievers, ItemIndex item,
                            std::span<float> columns) const {
  for (const Column& place : of_visitor()) columns[place.index] = column(place, retrievers, item);
}

float VisitorFeatures::column(const Column& column, const Retrievers& retrievers,
                              ItemIndex item) const {
  const FeatureView& feature = features_[column.index];
  switch (feature.source) {
    case FeatureSource::kRetrievalScore:
      return scaled(feature, with_gain(feature, retrievers.encoder().score_one(item)));
    case FeatureSource::kFurtherScore:
      return scaled(feature,
                    with_gain(feature, retrievers.further(feature.retriever).score_one(item)));
    case FeatureSource::kAffinity:
      return scaled(feature, affinity(column, item));
    case FeatureSource::kDistance:
      return scaled(feature, distance(column, item));
    default:
      return scaled(feature, portable_log1p(static_cast<double>(history_.size())));
  }
}

void VisitorFeatures::write_unknown(ItemIndex item, std::span<float> columns) const {
  for (const Column& column : of_visitor()) {
    const FeatureView& feature = features_[column.index];
    double x = 0;
    if (feature.source == FeatureSource::kRetrievalScore) x = offset_[to_row(item)];
    if (feature.source == FeatureSource::kDistance) x = feature.mean;
    columns[column.index] = scaled(feature, x);
  }
}

double VisitorFeatures::affinity(const Column& column, ItemIndex item) const {
  const double all = weight(column, item);
  if (all == 0) return 0;
  double shared = 0;
  for (const std::uint32_t category : attribute_of(column).entries_of(item)) {
    const std::size_t c = column.categories + category;
    shared += double{category_weights_[c]} * profile_[c];
  }
  return shared / all;
}

double VisitorFeatures::weight(const Column& column, ItemIndex item) const {
  double sum = 0;
  for (const std::uint32_t category : attribute_of(column).entries_of(item)) {
    sum += category_weights_[column.categories + category];
  }
  return sum;
}

double VisitorFeatures::shared_weight(const Column& column, ItemIndex item, ItemIndex other) const {
  const std::span<const std::uint32_t> others = attribute_of(column).entries_of(other);
  double sum = 0;
  for (const std::uint32_t category : attribute_of(column).entries_of(item)) {
    sum += static_cast<double>(std::count(others.begin(), others.end(), category)) *
           category_weights_[column.categories + category];
  }
  return sum;
}

// The mean where there is nothing to be near to.
double VisitorFeatures::distance(const Column& column, ItemIndex item) const {
  const std::span<const float> numbers = attribute_of(column).numbers;
  const double number = numbers[to_row(item)];
  const double mean = features_[column.index].mean;
  if (std::isnan(number)) return mean;
  const float* shares = shares_of(column);
  double sum = 0;
  double all = 0;
  for (std::size_t j = 0; j < history_.size(); ++j) {
    if (shares[j] == 0) continue;
    sum += shares[j] * std::abs(number - numbers[history_[j].row]);
    all += shares[j];
  }
  return all > 0 ? sum / all : mean;
}

Status VisitorFeatures::add_contributions(const Retrievers& retrievers, ItemIndex item,
                                          std::span<const float> gradient,
                                          std::span<float> amounts) {
  assert(amounts.size() == history_.size());
  for (const Column& column : of_visitor()) {
    const FeatureView& feature = features_[column.index];
    const double slope = double{gradient[column.index]} * feature.scale;
    Status status = Done{};
    if (feature.source == FeatureSource::kRetrievalScore) {
      // Through a user vector it is part of that one's contributions.
      if (retrievers.vectors() == nullptr) {
        status = add_score(retrievers.encoder(), feature, item, slope, amounts);
      }
    } else if (feature.source == FeatureSource::kFurtherScore) {
      status = add_score(retrievers.further(feature.retriever), feature, item, slope, amounts);
    } else {
      add_shares(column, item, slope, amounts);
    }
    if (!status) return status;
  }
  return Done{};
}

// A logarithm's growth is shared out as the score is.
Status VisitorFeatures::add_score(Retrieval& retrieval, const FeatureView& feature, ItemIndex item,
                                  double slope, std::span<float> amounts) {
  const double score = retrieval.score_one(item);
  if (feature.gain > 0) slope *= score > 0 ? with_gain(feature, score) / score : 0;
  if (Status status = score_parts_.reserve(amounts.size()); !status) return status;
  const std::span<float> parts = score_parts_.first(amounts.size());
  if (Status status = retrieval.contributions(item, parts); !status) return status;
  for (std::size_t j = 0; j < amounts.size(); ++j) {
    amounts[j] += static_cast<float>(slope * parts[j]);
  }
  return Done{};
}

void VisitorFeatures::add_shares(const Column& column, ItemIndex item, double slope,
                                 std::span<float> amounts) {
  const FeatureView& feature = features_[column.index];
  const AttributeView* attribute =
      feature.source == FeatureSource::kHistoryLength ? nullptr : &attribute_of(column);
  const double all = feature.source == FeatureSource::kAffinity ? weight(column, item) : 0;
  for (std::size_t j = 0; j < amounts.size(); ++j) {
    const std::uint32_t row = history_[j].row;
    double part = 0;
    if (attribute == nullptr) {
      const auto size = static_cast<double>(history_.size());
      part = portable_log1p(size) / size;
    } else if (shares_of(column)[j] == 0) {
      continue;
    } else if (feature.source == FeatureSource::kAffinity) {
      if (all > 0) part = shares_of(column)[j] * shared_weight(column, item, ItemIndex{row}) / all;
    } else if (!is_missing(*attribute, static_cast<std::uint32_t>(to_row(item)))) {
      const double away = double{attribute->numbers[to_row(item)]} - attribute->numbers[row];
      part = shares_of(column)[j] * (std::abs(away) - feature.mean);
    }
    amounts[j] += static_cast<float>(slope * part);
  }
}

}  // namespace palate::internal
