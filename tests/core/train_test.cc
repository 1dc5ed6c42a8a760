// Whole trainings, from a dataset to the contents of a model file.
#include "palate/train.h"

#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "palate/model_writer.h"
#include "palate/random.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_test {

using Catch::Matchers::ContainsSubstring;

/// Two groups of users, each with its own half of the items.
Sample two_clusters() {
  auto users = random_users(60, 20, 8, 4);
  for (std::size_t user = 0; user < users.size(); user += 2) {
    for (std::uint32_t& item : users[user]) item += 20;
  }
  return make_sample(users, 40);
}

/// Users of four tastes; seven of eight of their items have the category of their taste. Two
/// numbers a vector tell the tastes roughly apart, the categories do it exactly. The last attribute
/// is a number without a meaning, missing here and there.
Sample categorised() {
  constexpr std::uint32_t kItems = 400;
  constexpr std::uint32_t kTastes = 4;
  Random random(8);
  std::vector<std::vector<std::uint32_t>> users(400);
  for (std::size_t user = 0; user < users.size(); ++user) {
    while (users[user].size() < 12) {
      const bool own = random.below(8) != 0;
      const std::uint64_t taste = own ? user % kTastes : random.below(kTastes);
      const std::uint64_t item = kTastes * random.below(kItems / kTastes) + taste;
      users[user].push_back(static_cast<std::uint32_t>(item));
    }
  }
  Sample sample = make_sample(users, kItems);
  Catalogue& catalogue = sample.dataset.catalogue;
  Attribute taste{"taste", AttributeKind::kCategory, {}, {"a", "b", "c", "d"}, {0}, {}};
  Attribute number{"number", AttributeKind::kNumber, {}, {}, {}, {}};
  for (const std::string& id : catalogue.ids) {
    const unsigned long item = std::stoul(id.substr(1));
    taste.entries.push_back(static_cast<std::uint32_t>(item % kTastes));
    taste.offsets.push_back(static_cast<std::uint32_t>(taste.entries.size()));
    number.numbers.push_back(item % 7 == 0 ? kNoValue : static_cast<float>(random.uniform()));
  }
  catalogue.attributes = {taste, number};
  return sample;
}

ModelContents trained(const Dataset& dataset, const Recipe& recipe, unsigned threads = 2) {
  TrainOptions options;
  options.seed = 3;
  options.threads = threads;
  Result<ModelContents> contents = train(dataset, recipe, options);
  if (!contents.ok()) FAIL(contents.error().message);
  return std::move(*contents);
}

double metric(const ModelContents& contents, std::string_view name) {
  for (const Metric& metric : contents.facts.metrics) {
    if (metric.name == name) return metric.value;
  }
  FAIL("no metric " << name);
  return 0;
}

double cosine(const ModelContents& contents, std::size_t a, std::size_t b) {
  const std::size_t d = contents.dimension;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t c = 0; c < d; ++c) {
    const double x = contents.item_vectors[a * d + c];
    const double y = contents.item_vectors[b * d + c];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb);
}

TEST_CASE("A popularity model holds the catalogue and no vectors") {
  const Sample sample = two_clusters();
  const ModelContents contents = trained(sample.dataset, recipe_with("popular", {}));
  CHECK(contents.catalogue.ids == sample.dataset.catalogue.ids);
  CHECK(contents.item_vectors.empty());
  CHECK_FALSE(contents.fold_in.has_value());
  CHECK_FALSE(contents.ranker.has_value());
  CHECK_FALSE(contents.value_head.has_value());
}

TEST_CASE("iALS tells two groups of items apart") {
  const Sample sample = two_clusters();
  const ModelContents contents =
      trained(sample.dataset, recipe_with("ials", {"ials.dimension=8", "ials.unobserved_ratio=2"}));
  for (std::size_t a = 0; a < 40; ++a) {
    double own = 0;
    double other = 0;
    for (std::size_t b = 0; b < 40; ++b) {
      if (a == b) continue;
      (a / 20 == b / 20 ? own : other) += cosine(contents, sample.row_of[a], sample.row_of[b]);
    }
    CHECK(own / 19 > other / 20 + 0.2);
  }
}

TEST_CASE("The hybrid's features are those of the catalogue") {
  const Sample sample = categorised();
  const ModelContents contents = trained(
      sample.dataset, recipe_with("hybrid", {"ials.dimension=4", "ranker.epochs=1",
                                             "ranker.hidden=[6]", "ranker.max_categories=1"}));
  std::vector<FeatureSource> sources;
  for (const FeatureView& feature : contents.ranker->features) sources.push_back(feature.source);
  CHECK(sources == std::vector{FeatureSource::kRetrievalScore, FeatureSource::kPopularity,
                               FeatureSource::kNumber, FeatureSource::kMissing,
                               FeatureSource::kCategory, FeatureSource::kAffinity,
                               FeatureSource::kAffinity, FeatureSource::kDistance,
                               FeatureSource::kDistance, FeatureSource::kHistoryLength});
  REQUIRE(contents.ranker->layers.size() == 2);
  CHECK(contents.ranker->layers[0].inputs == 2 * 4 + 10);
  CHECK(contents.ranker->layers[0].outputs == 6);
  CHECK(contents.ranker->layers[1].outputs == 1);
}

TEST_CASE("A hybrid takes the encoder and the retrievers that its recipe names") {
  const Sample sample = categorised();
  const auto hybrid = [&](std::vector<std::string> overrides) {
    overrides.insert(
        overrides.end(),
        {"ials.dimension=4", "two_tower.dimension=4", "two_tower.epochs=1", "sequence.dimension=4",
         "sequence.hidden=4", "sequence.epochs=1", "ranker.epochs=1", "ranker.refit_epochs=1"});
    return trained(sample.dataset, recipe_with("hybrid", overrides));
  };
  CHECK(hybrid({}).fold_in.has_value());
  CHECK(hybrid({}).ranker->retrievers.empty());
  CHECK(hybrid({"hybrid.encoder=two-tower"}).weighted_mean.has_value());
  CHECK(hybrid({"hybrid.encoder=transitions"}).item_weights.has_value());
  const ModelContents several =
      hybrid({"hybrid.encoder=sequence", "hybrid.item_item=true", "hybrid.transitions=true"});
  CHECK(several.sequence.has_value());
  CHECK(several.ranker->retrievers.size() == 2);
  const ModelContents weights =
      hybrid({"hybrid.encoder=item-item", "hybrid.transitions=true", "ranker.vectors=true"});
  CHECK(weights.item_weights.has_value());
  CHECK(weights.dimension == 0);
  CHECK(weights.ranker->layers[0].inputs == weights.ranker->features.size());
  CHECK(write_model(several).ok());
  CHECK(write_model(weights).ok());
}

TEST_CASE("Any number of threads trains the same file") {
  const Sample sample = categorised();
  const auto name = GENERATE(as<std::string>(), "transitions", "item-item", "ials", "hybrid");
  std::vector<std::string> overrides;
  if (name == "ials" || name == "hybrid") overrides = {"ials.dimension=8", "ials.epochs=3"};
  if (name == "hybrid") {
    const auto encoder = GENERATE(as<std::string>(), "ials", "two-tower", "sequence", "item-item");
    overrides.insert(overrides.end(),
                     {"hybrid.encoder=" + encoder, "hybrid.transitions=true", "ranker.epochs=2",
                      "ranker.dropout=0.1", "two_tower.dimension=8", "two_tower.epochs=2",
                      "sequence.dimension=8", "sequence.hidden=8", "sequence.epochs=2"});
  }
  if (name == "item-item") {
    const auto solver = GENERATE(as<std::string>(), "dense", "sparse");
    overrides = {"item_item.support=20", "item_item.neighbours=10", "item_item.solver=" + solver};
  }
  const Recipe recipe = recipe_with(name, overrides);
  const auto bytes = [&](unsigned threads) {
    const Result<std::vector<std::byte>> written =
        write_model(trained(sample.dataset, recipe, threads));
    if (!written.ok()) FAIL(written.error().message);
    return *written;
  };
  const std::vector<std::byte> expected = bytes(1);
  CHECK(bytes(2) == expected);
  CHECK(bytes(4) == expected);
}

TEST_CASE("Another seed trains other vectors") {
  const Sample sample = two_clusters();
  const Recipe recipe = recipe_with("ials", {"ials.dimension=8", "ials.epochs=2"});
  TrainOptions options;
  options.seed = 4;
  const Result<ModelContents> other = train(sample.dataset, recipe, options);
  REQUIRE(other.ok());
  CHECK(other->item_vectors != trained(sample.dataset, recipe).item_vectors);
}

TEST_CASE("The facts say what was trained on") {
  Sample sample = two_clusters();
  sample.dataset.histories.events[5].time_ms = 1'600'000'000'000;
  const Recipe recipe = recipe_with("ials", {"ials.dimension=8", "ials.epochs=1"});
  const TrainingFacts facts = trained(sample.dataset, recipe).facts;
  CHECK(facts.recipe == "ials");
  CHECK(facts.recipe_toml == recipe.toml);
  CHECK(facts.users == 60);
  CHECK(facts.interactions == 480);
  CHECK(facts.newest_ms == 1'600'000'000'000);
  CHECK(facts.seed == 3);
  CHECK(facts.instruction_set == *instruction_set());
}

TEST_CASE("Progress is told epoch by epoch") {
  const Sample sample = two_clusters();
  std::vector<std::uint64_t> epochs;
  TrainOptions options;
  options.progress = [&](const Progress& progress) {
    CHECK(progress.stage == "ials");
    CHECK(progress.total == 4);
    CHECK(progress.value > 0);
    epochs.push_back(progress.done);
  };
  const Recipe recipe = recipe_with("ials", {"ials.dimension=8", "ials.epochs=4"});
  REQUIRE(train(sample.dataset, recipe, options).ok());
  CHECK(epochs == std::vector<std::uint64_t>{1, 2, 3, 4});
}

/// A model that is opened from its file.
struct OlderModel {
  explicit OlderModel(const ModelContents& contents)
      : written(write_model(contents)),
        file(FileBytes::copy_of(*written)),
        opened(Model::open(file->bytes())) {}

  const Model* operator->() const { return &*opened; }
  const Model& operator*() const { return *opened; }

  Result<std::vector<std::byte>> written;
  Result<FileBytes> file;
  Result<Model> opened;
};

TEST_CASE("A warm start comes to the objective in fewer epochs when the catalogue has changed") {
  // The older log lacks the last items; the newer one has them, in another order of popularity.
  const auto users = random_users(120, 40, 8, 4);
  auto older_users = users;
  for (auto& items : older_users)
    std::erase_if(items, [](std::uint32_t item) { return item > 35; });
  const Sample newer = make_sample(users, 40);
  const OlderModel older(trained(make_sample(older_users, 40).dataset,
                                 recipe_with("ials", {"ials.dimension=8", "ials.epochs=30"})));
  CHECK(older->item_count() == 36);
  const auto objective = [&](unsigned epochs, const Model* from) {
    TrainOptions options;
    options.from = from;
    const Recipe recipe =
        recipe_with("ials", {"ials.dimension=8", "ials.epochs=" + std::to_string(epochs)});
    const Result<ModelContents> contents = train(newer.dataset, recipe, options);
    REQUIRE(contents.ok());
    if (from != nullptr) CHECK(metric(*contents, "items started from the older model") == 36);
    return metric(*contents, "ials objective");
  };
  CHECK(objective(4, &*older) < objective(8, nullptr));
}

TEST_CASE("A warm start from a model that has settled stays there") {
  const Sample sample = two_clusters();
  const Recipe recipe = recipe_with("ials", {"ials.dimension=8", "ials.epochs=60"});
  const ModelContents settled = trained(sample.dataset, recipe);
  const OlderModel older(settled);
  TrainOptions options;
  options.seed = 99;
  options.from = &*older;
  const Recipe one_more = recipe_with("ials", {"ials.dimension=8", "ials.epochs=1"});
  const Result<ModelContents> contents = train(sample.dataset, one_more, options);
  REQUIRE(contents.ok());
  double distance = 0;
  double size = 0;
  for (std::size_t k = 0; k < settled.item_vectors.size(); ++k) {
    distance += std::pow(contents->item_vectors[k] - settled.item_vectors[k], 2);
    size += std::pow(settled.item_vectors[k], 2);
  }
  CHECK(distance < 1e-3 * size);
}

TEST_CASE("Two-tower starts where an older model's vectors point") {
  // A learning rate of next to nothing leaves the start as it is.
  const Sample sample = two_clusters();
  const OlderModel older(
      trained(sample.dataset, recipe_with("ials", {"ials.dimension=8", "ials.epochs=4"})));
  const auto shared = GENERATE(as<std::string>(), "true", "false");
  TrainOptions options;
  options.from = &*older;
  const Result<ModelContents> contents =
      train(sample.dataset,
            recipe_with("two-tower",
                        {"two_tower.dimension=8", "two_tower.epochs=1",
                         "two_tower.learning_rate=1e-9", "two_tower.shared_vectors=" + shared}),
            options);
  REQUIRE(contents.ok());
  for (std::size_t item = 0; item < older->item_count(); ++item) {
    std::vector<float> old_vector(8);
    older->item_vectors().read(item, old_vector);
    double product = 0;
    double old_squares = 0;
    double squares = 0;
    for (std::size_t c = 0; c < 8; ++c) {
      const double x = contents->item_vectors[item * 8 + c];
      product += x * old_vector[c];
      old_squares += double{old_vector[c]} * old_vector[c];
      squares += x * x;
      if (shared == "false") {
        CHECK(contents->weighted_mean->history_vectors[item * 8 + c] ==
              Catch::Approx(old_vector[c]).margin(1e-4));
      }
    }
    CHECK(product / std::sqrt(old_squares * squares) > 0.9999);
  }
}

TEST_CASE("A warm start that cannot be is refused, with what to do") {
  const Sample sample = two_clusters();
  const OlderModel older(
      trained(sample.dataset, recipe_with("ials", {"ials.dimension=8", "ials.epochs=1"})));
  const OlderModel popular(trained(sample.dataset, recipe_with("popular", {})));
  const auto refusal = [&](const Recipe& recipe, const Model& from) {
    TrainOptions options;
    options.from = &from;
    const Result<ModelContents> contents = train(sample.dataset, recipe, options);
    REQUIRE_FALSE(contents.ok());
    CHECK(contents.error().code == ErrorCode::kRequestInvalid);
    return contents.error().message;
  };
  CHECK_THAT(refusal(recipe_with("hybrid", {"ials.dimension=16"}), *older),
             ContainsSubstring("have 8 numbers, the recipe's 16"));
  CHECK_THAT(refusal(recipe_with("popular", {}), *older),
             ContainsSubstring("'popular' trains no item vectors"));
  CHECK_THAT(refusal(recipe_with("ials", {}), *popular), ContainsSubstring("has no item vectors"));
}

TEST_CASE("The value head holds damped biases and the scale of the log") {
  Sample sample = make_sample({{0, 1}, {0, 1}, {0}}, 2);
  Dataset& dataset = sample.dataset;
  dataset.has_values = true;
  const float values[] = {4, 1, 5, 2, 3};
  for (std::size_t k = 0; k < 5; ++k) dataset.histories.events[k].value = values[k];
  const Recipe recipe = recipe_with("popular", {"values.item_damping=2"});
  const ModelContents contents = trained(dataset, recipe);
  REQUIRE(contents.value_head.has_value());
  // Mean 3; item 0: 4, 5, 3, so (1 + 2 + 0) / (3 + 2); item 1: 1, 2, so (-2 - 1) / (2 + 2).
  CHECK(contents.value_head->mean == Catch::Approx(3));
  CHECK(contents.value_head->item_bias[sample.row_of[0]] == Catch::Approx(0.6));
  CHECK(contents.value_head->item_bias[sample.row_of[1]] == Catch::Approx(-0.75));
  CHECK(contents.value_head->minimum == 1.0F);
  CHECK(contents.value_head->maximum == 5.0F);
  CHECK(contents.value_head->slope == 0.0F);
}

TEST_CASE("The slope is positive where people value what they are near to") {
  Sample sample = two_clusters();
  Random random(2);
  sample.dataset.has_values = true;
  for (std::size_t user = 0; user < 60; ++user) {
    // Each user also touched an item of the other group, and did not like it.
    Histories& histories = sample.dataset.histories;
    for (std::size_t k = histories.offsets[user]; k < histories.offsets[user + 1]; ++k) {
      histories.events[k].value = 5.0F;
    }
    Event& event = histories.events[histories.offsets[user] + random.below(8)];
    event.item = to_item(sample.row_of[user % 2 == 0 ? random.below(20) : 20 + random.below(20)]);
    event.value = 1.0F;
  }
  const ModelContents contents =
      trained(sample.dataset, recipe_with("ials", {"ials.dimension=8", "ials.unobserved_ratio=2"}));
  REQUIRE(contents.value_head.has_value());
  CHECK(contents.value_head->slope > 0.1F);
  CHECK(metric(contents, "held-out value rmse") < 1.5);
}

TEST_CASE("Training refuses a dataset without interactions") {
  const Result<ModelContents> contents = train(Dataset{}, recipe_with("ials", {}), {});
  REQUIRE_FALSE(contents.ok());
  CHECK(contents.error().code == ErrorCode::kDataEmpty);
}

TEST_CASE("Training that leaves the numbers is told how to come back") {
  const Sample sample = two_clusters();
  for (const char* name : {"ials", "hybrid"}) {
    const Recipe recipe = recipe_with(
        name, {"ials.solver=exact", "ials.regularization=1e-30", "ials.unobserved_ratio=0"});
    const Result<ModelContents> contents = train(sample.dataset, recipe, {});
    REQUIRE_FALSE(contents.ok());
    CHECK(contents.error().code == ErrorCode::kRecipeInvalid);
    CHECK_THAT(contents.error().message, ContainsSubstring("ials.regularization"));
  }
}

TEST_CASE("One user and one item are enough to train on") {
  const Sample sample = make_sample({{0}}, 1);
  for (const char* name :
       {"popular", "transitions", "item-item", "ials", "hybrid", "two-tower", "sequence"}) {
    CHECK(trained(sample.dataset, recipe_with(name, {})).catalogue.ids.size() == 1);
  }
}

TEST_CASE("An instruction set that the machine lacks is refused, with those it has") {
  setenv("PALATE_INSTRUCTION_SET", "x86-64-v9", 1);
  const Result<std::string_view> unknown = instruction_set();
  const Result<ModelContents> contents =
      train(two_clusters().dataset, recipe_with("popular", {}), {});
  unsetenv("PALATE_INSTRUCTION_SET");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().code == ErrorCode::kRequestInvalid);
  CHECK_THAT(unknown.error().message,
             ContainsSubstring("x86-64-v9") && ContainsSubstring(std::string(*instruction_set())));
  CHECK_FALSE(contents.ok());
}

}  // namespace train_test
}  // namespace palate::testing
