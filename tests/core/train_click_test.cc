// The tabular model in training: right gradients, known functions found, the same bytes.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "palate/evaluate_examples.h"
#include "palate/random.h"
#include "palate/scorer.h"
#include "palate/train.h"
#include "sample_models.h"
#include "train/click/click_network.h"
#include "train/instruction_set.h"

namespace palate::testing {
namespace train_click_test {

using Catch::Matchers::ContainsSubstring;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Rows with two numbers x and y, one of them missing now and then, and one of four categories.
struct Sample {
  ExampleLog log;
  std::vector<double> x, y;
  std::vector<std::uint32_t> kind;
};

Sample make_rows(std::size_t rows, std::uint64_t seed) {
  Sample sample;
  Random random(seed);
  Attribute x{"x", AttributeKind::kNumber, {}, {}, {}, {}};
  Attribute y{"y", AttributeKind::kNumber, {}, {}, {}, {}};
  Attribute kind{"kind", AttributeKind::kCategory, {}, {"a", "b", "c", "d"}, {0}, {}};
  for (std::size_t row = 0; row < rows; ++row) {
    sample.x.push_back(random.normal());
    sample.y.push_back(random.normal());
    sample.kind.push_back(static_cast<std::uint32_t>(random.below(4)));
    x.numbers.push_back(static_cast<float>(sample.x.back()));
    y.numbers.push_back(static_cast<float>(sample.y.back()));
    kind.entries.push_back(sample.kind.back());
    kind.offsets.push_back(static_cast<std::uint32_t>(row + 1));
  }
  sample.log.rows = rows;
  sample.log.label_name = "label";
  sample.log.columns = {x, y, kind};
  return sample;
}

/// Labels drawn with the probability of a logit.
template <class Logit>
void draw_labels(Sample& sample, std::uint64_t seed, const Logit& logit) {
  Random random(seed);
  for (std::size_t row = 0; row < sample.log.rows; ++row) {
    const double p = logistic(logit(sample.x[row], sample.y[row], sample.kind[row]));
    sample.log.labels.push_back(random.uniform() < p ? 1.0F : 0.0F);
  }
}

Recipe click_recipe(const std::vector<std::string>& overrides = {}) {
  const Result<Recipe> recipe = load_recipe("click", overrides);
  REQUIRE(recipe.ok());
  return *recipe;
}

ModelContents train_on(const ExampleLog& log, const Recipe& recipe, unsigned threads = 1) {
  TrainOptions options;
  options.threads = threads;
  Result<ModelContents> contents = train(log, recipe, options);
  INFO((contents ? "" : contents.error().message));
  REQUIRE(contents.ok());
  return std::move(*contents);
}

const ExampleMeasure& measure(const ExampleReport& report, std::string_view name) {
  const auto found = std::ranges::find(report.measures, name, &ExampleMeasure::name);
  REQUIRE(found != report.measures.end());
  return *found;
}

TEST_CASE("The tabular network's gradients are the difference quotients of its loss") {
  Sample sample = make_rows(40, 1);
  sample.log.columns[0].numbers[3] = kNoValue;
  draw_labels(sample, 2, [](double x, double y, std::uint32_t) { return x - y; });
  std::vector<std::uint32_t> rows(40);
  std::iota(rows.begin(), rows.end(), 0U);
  std::vector<std::string> left_out;
  const auto columns = fit_columns(sample.log.columns, rows, {.min_count = 1}, left_out);
  const auto cells = encode(sample.log.columns, sample.log.rows, columns);
  const auto target = GENERATE(TabularTarget::kProbability, TabularTarget::kValue);
  const internal::TrainingRows inputs{columns, cells, sample.log.labels, target, rows, rows};
  ClickRecipe recipe;
  recipe.hidden = {6, 4};
  recipe.embedding = 3;
  recipe.l2 = 0;
  recipe.embedding_l2 = 0;
  internal::ThreadPool pool(1);
  internal::ClickNetwork network(inputs, recipe, 0.3F, 5,
                                 *internal::choose_instruction_set()->kernels, pool);
  Random random(6);
  for (float& w : network.mlp().parameters()) w = static_cast<float>(random.normal());
  for (float& w : network.embeddings()) w = static_cast<float>(random.normal());
  network.differentiate(rows);
  const std::vector<float> by_mlp(network.mlp_gradient().begin(), network.mlp_gradient().end());
  const std::vector<float> by_embeddings = network.embedding_gradient();
  const auto check = [&](std::vector<float>& parameters, const std::vector<float>& gradient) {
    for (std::size_t k = 0; k < gradient.size(); ++k) {
      constexpr float kStep = 0x1p-9F;
      const float before = parameters[k];
      parameters[k] = before + kStep;
      const double above = network.loss_of(rows);
      parameters[k] = before - kStep;
      const double below = network.loss_of(rows);
      parameters[k] = before;
      CHECK(gradient[k] == Catch::Approx((above - below) / (2 * kStep)).epsilon(0.03).margin(2e-3));
    }
  };
  check(network.mlp().parameters(), by_mlp);
  check(network.embeddings(), by_embeddings);
}

TEST_CASE("The weights of a linear truth are recovered by the linear head") {
  Sample sample = make_rows(20000, 3);
  const double by_kind[] = {-1, 0, 0.5, 0.5};
  draw_labels(sample, 4, [&](double x, double y, std::uint32_t kind) {
    return 0.4 + 1.5 * x - 0.8 * y + by_kind[kind];
  });
  const ModelContents contents = train_on(sample.log, click_recipe({"click.epochs=1"}));
  const Tabular& tabular = *contents.tabular;
  // Five standard errors of such weights are .1.
  CHECK(tabular.columns[0].weights[0] == Catch::Approx(1.5).margin(0.1));
  CHECK(tabular.columns[1].weights[0] == Catch::Approx(-0.8).margin(0.1));
  const std::vector<float>& kinds = tabular.columns[2].weights;
  CHECK(kinds[2] - kinds[0] == Catch::Approx(1.5).margin(0.2));
  CHECK(kinds[1] - kinds[0] == Catch::Approx(1).margin(0.2));
  CHECK(tabular.bias + kinds[1] == Catch::Approx(0.4).margin(0.1));
}

TEST_CASE("The network finds an interaction that no linear model sees") {
  Sample sample = make_rows(12000, 5);
  draw_labels(sample, 6, [](double x, double, std::uint32_t kind) {
    return (kind % 2 == 0 ? 4.0 : -4.0) * (x > 0 ? 1 : -1);
  });
  std::vector<std::uint32_t> train_rows(9000);
  std::iota(train_rows.begin(), train_rows.end(), 0U);
  std::vector<std::uint32_t> test_rows(3000);
  std::iota(test_rows.begin(), test_rows.end(), 9000U);
  const OpenedModel model(train_on(rows_of(sample.log, train_rows), click_recipe()));
  const Result<ExampleReport> report =
      evaluate(*model, rows_of(sample.log, test_rows), {.threads = 1, .resamples = 200});
  REQUIRE(report.ok());
  const ExampleMeasure& auc = measure(*report, "auc");
  // Labels that the truth gives the other way, 1.8 %, leave it an AUC of .982.
  CHECK(auc.network.value > 0.96);
  CHECK(auc.linear.value == Catch::Approx(0.5).margin(0.05));
  REQUIRE(auc.difference.interval.has_value());
  CHECK(auc.difference.interval->low > 0.4);
  CHECK(measure(*report, "ece").network.value < 0.05);
  Result<Scorer> scorer = Scorer::create(*model);
  REQUIRE(scorer.ok());
}

TEST_CASE("A value is learned on its own scale, missing cells included") {
  Sample sample = make_rows(8000, 7);
  for (std::size_t row = 0; row < sample.log.rows; ++row) {
    const bool missing = row % 5 == 0;
    if (missing) sample.log.columns[1].numbers[row] = kNoValue;
    sample.log.labels.push_back(
        static_cast<float>(1000 + 50 * std::abs(sample.x[row]) + (missing ? 200 : 0)));
  }
  std::vector<std::uint32_t> rows(8000);
  std::iota(rows.begin(), rows.end(), 0U);
  const auto train_rows = std::span(rows).first(6000);
  const auto test_rows = std::span(rows).subspan(6000);
  const ModelContents contents = train_on(rows_of(sample.log, train_rows), click_recipe());
  CHECK(contents.tabular->target == TabularTarget::kValue);
  CHECK(contents.tabular->columns[1].weights[1] > 100);  // what a missing y adds
  const OpenedModel model(contents);
  const Result<ExampleReport> report =
      evaluate(*model, rows_of(sample.log, test_rows), {.threads = 1, .resamples = 0});
  REQUIRE(report.ok());
  // The linear model sees that y is missing and nothing of |x|, whose deviation is .603.
  CHECK(measure(*report, "rmse").network.value < 8);
  CHECK(measure(*report, "rmse").linear.value == Catch::Approx(50 * 0.603).epsilon(0.1));
}

TEST_CASE("A tabular training gives the same contents with any number of threads") {
  Sample sample = make_rows(3000, 8);
  draw_labels(sample, 9, [](double x, double y, std::uint32_t) { return x * y; });
  const Recipe recipe = click_recipe({"click.epochs=3", "click.dropout=0.2", "click.l1=0.0001"});
  const Result<std::vector<std::byte>> one = write_model(train_on(sample.log, recipe, 1));
  const Result<std::vector<std::byte>> three = write_model(train_on(sample.log, recipe, 3));
  REQUIRE((one.ok() && three.ok()));
  CHECK(*one == *three);
}

TEST_CASE("What the page computes is what was trained") {
  Sample sample = make_rows(4000, 10);
  sample.log.columns[0].numbers[7] = kNoValue;
  draw_labels(sample, 11,
              [](double x, double y, std::uint32_t kind) { return kind == 1 ? 2 * x : -2 * y; });
  const ModelContents contents = train_on(sample.log, click_recipe({"click.epochs=4"}));
  const OpenedModel model(contents);
  const auto metric = [&](std::string_view name) {
    return std::ranges::find(contents.facts.metrics, name, &Metric::name)->value;
  };
  const Result<ExampleSplit> parts =
      split(sample.log, {ExampleProtocol::kRowSplit, 0.1, 1});  // as training divides them
  REQUIRE(parts.ok());
  const Result<ExampleReport> report =
      evaluate(*model, rows_of(sample.log, parts->test), {.threads = 1, .resamples = 0});
  REQUIRE(report.ok());
  const ExampleMeasure& loss = measure(*report, "log_loss");
  CHECK(loss.network.value == Catch::Approx(metric("validation log loss")).margin(1e-5));
  CHECK(loss.linear.value ==
        Catch::Approx(metric("validation log loss of the linear head")).margin(1e-5));
}

TEST_CASE("Labels and recipes that do not fit are refused with a reason") {
  Sample sample = make_rows(50, 12);
  const auto refusal = [&](const Recipe& recipe) {
    const Result<ModelContents> contents = train(sample.log, recipe, {});
    return contents ? std::string() : contents.error().message;
  };
  CHECK_THAT(refusal(click_recipe()), ContainsSubstring("no labels"));
  sample.log.labels.assign(50, 1);
  CHECK_THAT(refusal(click_recipe()), ContainsSubstring("all labels are the same"));
  sample.log.labels[0] = 3;
  CHECK_THAT(refusal(click_recipe({"click.target=probability"})),
             ContainsSubstring("needs labels of 0 and 1"));
  sample.log.columns.resize(1);
  sample.log.columns[0].numbers.assign(50, 2);
  CHECK_THAT(refusal(click_recipe()), ContainsSubstring("there are no features"));
  CHECK_THAT(refusal(*load_recipe("popular", {})), ContainsSubstring("not from examples"));
}

}  // namespace train_click_test
}  // namespace palate::testing
