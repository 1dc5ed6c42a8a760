// The visits that a ranker is trained and judged on, with columns as its network sees them.
#include "train/ranker/ranker_examples.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "model/limits.h"
#include "model/portable_math.h"
#include "runtime/visitor_features.h"
#include "train/ranker/item_recency.h"

namespace palate::internal {
namespace {

/// Enough to tell a better epoch from a worse one.
constexpr std::size_t kMaxValidationUsers = 4000;

/// Size of the numbers of the user and item vectors as the network sees them. The features are of
/// size 1; the vectors' numbers are many, and must not drown them from the start.
constexpr float kVectorSize = 0.1F;

/// A score's logarithm turns from flat to steep a tenth below the usual score.
constexpr double kGain = 10;

/// Streams of the seed.
enum ExampleStream : std::uint64_t { kUsers = 1, kTraining, kValidation };

/// Root of the mean square.
double norm(std::span<const float> values) {
  double sum = 0;
  for (const float x : values) sum += double{x} * x;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(values.size(), 1)));
}

float reciprocal(double x) { return x > 1e-9 ? static_cast<float>(1 / x) : 1.0F; }

/// What the items' popularity would be had the targets not been: a target must not count itself.
/// Scaled up to the size of the whole log, which the catalogue's popularity comes from.
std::vector<float> popularity_without_targets(const TargetSplit& split) {
  const std::vector<Event>& known = split.known.histories.events;
  const std::size_t all = known.size() + split.targets.columns.size();
  const float scale = static_cast<float>(all) / static_cast<float>(known.size());
  std::vector<float> popularity(split.known.catalogue.ids.size(), 0.0F);
  for (const Event& event : known) popularity[to_row(event.item)] += scale;
  return popularity;
}

/// The value below which `share` of the values lie; 0 where there are none.
float quantile(std::vector<float> values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * share);
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

double with_gain(const FeatureView& feature, float x) {
  if (feature.gain == 0) return x;
  return portable_log1p(double{feature.gain} * std::max(x, 0.0F));
}

/// A model of the retrieval, with a ranker whose candidates and features are those to come.
Result<FileBytes> model_file(const RankerInputs& inputs, const RankerRecipe& recipe,
                             std::span<const FeatureView> features, const TrainingContext& context,
                             const std::vector<std::uint8_t>& recency, bool reads_vectors) {
  ModelContents contents = inputs.retrieval;
  const auto size =
      static_cast<std::uint32_t>((reads_vectors ? 2 * contents.dimension : 0) + features.size());
  contents.ranker = Ranker{{{size, 1, std::vector<float>(size), {0.0F}}},
                           {features.begin(), features.end()},
                           recipe.candidates,
                           inputs.retrievers};
  contents.ranker->context = context.columns();
  contents.ranker->recency = recency;
  const Result<std::vector<std::byte>> written = write_model(contents);
  if (!written) return written.error();
  return FileBytes::copy_of(*written);
}

}  // namespace

Result<RankerExamples> RankerExamples::draw(const RankerInputs& inputs, const RankerRecipe& recipe,
                                            std::uint64_t seed) {
  RankerExamples examples(inputs, recipe);
  examples.choose_features(inputs);
  if (examples.features_.size() > kMaxFeatures) {
    return Error{ErrorCode::kRecipeInvalid,
                 "the ranker would read " + std::to_string(examples.features_.size()) +
                     " features, of 2048 at most: lower ranker.max_context_categories, or "
                     "name fewer columns of context"};
  }
  if (Status drawn = examples.draw_visits(inputs, seed); !drawn) return drawn.error();
  examples.scale_columns(inputs.retrieval);
  return examples;
}

void RankerExamples::choose_features(const RankerInputs& inputs) {
  const Catalogue& catalogue = inputs.retrieval.catalogue;
  if (recipe_->recency) statistics_.recency = item_recency(inputs.split.known);
  features_ = internal::choose_features(catalogue, statistics_.recency, *recipe_);
  add_visitor_features(catalogue, *recipe_, inputs.retrievers.size(), features_);
  add_context_features(context_.columns(), features_);
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const FeatureSource source = features_[f].source;
    if (is_of_visitor(source)) visitor_features_.push_back(f);
    if (source == FeatureSource::kRetrievalScore || source == FeatureSource::kFurtherScore) {
      score_features_.push_back(f);
    }
  }
  statistics_.popularity = popularity_without_targets(inputs.split);
  table_ = feature_table(catalogue, statistics_, features_);
  for (const float count : statistics_.popularity) {
    chances_.push_back(portable_exp(recipe_->popularity_correction * portable_log(1.0 + count)));
  }
}

/// Validation users are learned from only through the choice of the epoch.
Status RankerExamples::draw_visits(const RankerInputs& inputs, std::uint64_t seed) {
  const bool reads_vectors = recipe_->vectors && !inputs.retrieval.item_weights;
  const Result<FileBytes> file =
      model_file(inputs, *recipe_, features_, context_, statistics_.recency, reads_vectors);
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < inputs.split.targets.size(); ++user) {
    if (inputs.split.targets.count(user) > 0) users.push_back(user);
  }
  Random(seed, kUsers).shuffle(std::span(users));
  const auto wanted = static_cast<std::size_t>(
      std::lround(static_cast<double>(users.size()) * recipe_->validation_share));
  const std::size_t validation =
      std::min({std::max<std::size_t>(wanted, 1), users.size() / 2, kMaxValidationUsers});
  const std::size_t training = std::min<std::size_t>(users.size() - validation, recipe_->max_users);
  const std::span<const std::uint32_t> all(users);
  const auto draw = [&](std::span<const std::uint32_t> some, float short_share, float new_share,
                        TargetsPerVisit targets, ExampleStream stream, VisitSet& set) {
    const VisitOptions options{short_share, context_.empty() ? 0.0F : new_share, inputs.order,
                               context_.empty() ? TargetsPerVisit::kAll : targets,
                               Random(seed, stream).next()};
    Result<VisitSet> drawn =
        internal::draw_visits(*model, inputs.split, some, options, inputs.pool);
    if (!drawn) return Status(drawn.error());
    set = std::move(*drawn);
    return Status(Done{});
  };
  Status status = draw(all.subspan(validation, training), recipe_->short_share, recipe_->new_share,
                       TargetsPerVisit::kEach, kTraining, training_);
  if (status) {
    status = draw(all.first(validation), 0, 0, TargetsPerVisit::kOne, kValidation, validation_);
  }
  return status;
}

void RankerExamples::scale_columns(const ModelContents& retrieval) {
  user_scale_ = kVectorSize * reciprocal(norm(training_.vectors));
  item_scale_ = kVectorSize * reciprocal(norm(item_vectors_));
  for (std::size_t c = 0; c < visitor_features_.size(); ++c) {
    FeatureView& feature = features_[visitor_features_[c]];
    if (feature.source == FeatureSource::kDistance) continue;  // scaled by the catalogue
    const bool score = feature.source == FeatureSource::kRetrievalScore ||
                       feature.source == FeatureSource::kFurtherScore;
    std::vector<float> values = column(training_, visitor_features_[c]);
    const bool by_vectors =
        feature.source == FeatureSource::kRetrievalScore && !retrieval.item_weights;
    if (score && !by_vectors) {
      std::erase_if(values, [](float x) { return x <= 0; });
      feature.gain = static_cast<float>(kGain * reciprocal(quantile(std::move(values), 0.5)));
      values = column(training_, visitor_features_[c]);
    }
    double sum = 0;
    double squared = 0;
    for (const float x : values) {
      const double y = with_gain(feature, x);
      sum += y;
      squared += y * y;
    }
    const double count = static_cast<double>(std::max<std::size_t>(values.size(), 1));
    const double mean = sum / count;
    feature.mean = static_cast<float>(mean);
    feature.scale = reciprocal(std::sqrt(std::max(squared / count - mean * mean, 0.0)));
    if (by_vectors && retrieval.fold_in) {
      // The network starts from the score as it is, in units of a large one: `score_hinges`.
      feature.mean = 0;
      feature.scale = reciprocal(quantile(std::move(values), 0.95));
    }
    for (VisitSet* set : {&training_, &validation_}) apply(feature, c, *set);
  }
}

void RankerExamples::apply(const FeatureView& feature, std::size_t column, VisitSet& set) const {
  for (std::size_t k = column; k < set.columns.size(); k += set.column_count) {
    set.columns[k] =
        static_cast<float>((with_gain(feature, set.columns[k]) - feature.mean) * feature.scale);
  }
}

std::vector<float> RankerExamples::vector_scales() const {
  std::vector<float> scales(first_feature(), user_scale_);
  std::fill(scales.begin() + static_cast<std::ptrdiff_t>(training_.dimension), scales.end(),
            item_scale_);
  return scales;
}

std::vector<float> RankerExamples::rows(const VisitSet& set, std::size_t visit,
                                        std::span<const std::size_t> chosen,
                                        bool knows_context) const {
  const std::size_t d = set.dimension;
  std::vector<float> rows(chosen.size() * input_size());
  std::vector<float> in_context(knows_context && !context_.empty() ? features_.size() : 0);
  if (!in_context.empty()) context_.write(features_, set.visits[visit].event, in_context);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const std::size_t item = set.examples[chosen[k]].item;
    float* row = &rows[k * input_size()];
    for (std::size_t c = 0; c < d; ++c) {
      row[c] = set.vectors[visit * d + c] * user_scale_;
      row[d + c] = item_vectors_[item * d + c] * item_scale_;
    }
    float* columns = row + first_feature();
    std::copy_n(&table_[item * features_.size()], features_.size(), columns);
    for (std::size_t c = 0; c < visitor_features_.size(); ++c) {
      columns[visitor_features_[c]] = set.columns[chosen[k] * set.column_count + c];
    }
    for (std::size_t f = 0; f < in_context.size(); ++f) columns[f] += in_context[f];
  }
  return rows;
}

std::vector<float> RankerExamples::column(const VisitSet& set, std::size_t feature) const {
  const auto found = std::ranges::find(visitor_features_, feature);
  std::vector<float> values;
  values.reserve(set.examples.size());
  for (auto k = static_cast<std::size_t>(found - visitor_features_.begin()); k < set.columns.size();
       k += set.column_count) {
    values.push_back(set.columns[k]);
  }
  return values;
}

std::vector<std::size_t> RankerExamples::sample(std::size_t visit, Random random) const {
  const Visit& own = training_.visits[visit];
  std::vector<std::size_t> chosen;
  std::vector<std::size_t> others;
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t k = own.begin; k < own.end; ++k) {
    const Example& example = training_.examples[k];
    if (example.label > 0) {
      if (own.counts(k)) chosen.push_back(k);
      continue;
    }
    others.push_back(k);
    shares.push_back(sum += chances_[example.item]);
  }
  random.shuffle(std::span(chosen));
  chosen.resize(std::min<std::size_t>(chosen.size(), recipe_->max_targets));
  const std::size_t wanted = chosen.size() * recipe_->negatives;
  if (wanted >= others.size() && recipe_->popularity_correction == 0) {
    chosen.insert(chosen.end(), others.begin(), others.end());
    return chosen;
  }
  for (std::size_t k = 0; k < wanted && !others.empty(); ++k) {
    const auto share = std::upper_bound(shares.begin(), shares.end() - 1, random.uniform() * sum);
    chosen.push_back(others[static_cast<std::size_t>(share - shares.begin())]);
  }
  return chosen;
}

}  // namespace palate::internal
