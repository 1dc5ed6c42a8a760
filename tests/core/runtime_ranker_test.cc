// The ranker and the gradient of its MLP against plain double precision.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <span>
#include <utility>
#include <vector>

#include "palate/recommender.h"
#include "runtime/history.h"
#include "runtime/mlp_gradient.h"
#include "runtime/mlp_ranker.h"
#include "runtime/ranker_input.h"
#include "runtime/retrievers.h"
#include "runtime_reference.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_ranker_test {

using internal::HistoryMerger;
using internal::MlpGradient;
using internal::MlpRanker;
using internal::RankerInput;
using internal::Retrievers;

std::vector<DenseLayerView> views_of(const std::vector<DenseLayer>& layers) {
  std::vector<DenseLayerView> views;
  for (const DenseLayer& layer : layers) {
    DenseLayerView view{layer.inputs, layer.outputs, layer.weights, layer.bias, {}};
    if (!layer.quantized.codes.empty()) {
      view.quantized.rows = layer.outputs;
      view.quantized.columns = layer.inputs;
      view.quantized.precision = Precision::kInt8;
      view.quantized.scales = layer.quantized.scales;
      view.quantized.codes = layer.quantized.codes;
      view.input_step = layer.input_step;
    }
    views.push_back(view);
  }
  return views;
}

// The same point moved by `step` along one coordinate.
Vector moved(std::span<const float> point, std::size_t coordinate, double step) {
  Vector result(point.begin(), point.end());
  result[coordinate] += step;
  return result;
}

Vector between(std::span<const float> start, std::span<const float> direction, double t) {
  Vector point(start.begin(), start.end());
  for (std::size_t i = 0; i < point.size(); ++i) point[i] += t * direction[i];
  return point;
}

// A ranker with all that it reads, for one history.
class Ranked {
 public:
  Ranked(const Model& model, std::span<const Event> history)
      : retrievers_(made(Retrievers::create(model))),
        input_(made(RankerInput::create(model, retrievers_))),
        ranker_(made(MlpRanker::create(model))) {
    const auto merged = merger_.merge(history, model.item_count(), model.event_types().size());
    REQUIRE(merged.ok());
    REQUIRE(retrievers_.set_history(*merged).ok());
    REQUIRE(input_.set_history(merged->items).ok());
  }

  std::vector<float> scores(const std::vector<ItemIndex>& items) {
    std::vector<float> scores(items.size());
    REQUIRE(ranker_.score(input_, items, scores).ok());
    return scores;
  }

 private:
  template <class T>
  static T made(Result<T> result) {
    if (!result) FAIL(result.error().message);
    return std::move(*result);
  }

  HistoryMerger merger_;
  Retrievers retrievers_;
  RankerInput input_;
  MlpRanker ranker_;
};

std::vector<ItemIndex> all_items(std::uint32_t count) {
  std::vector<ItemIndex> items;
  for (std::uint32_t row = 0; row < count; ++row) items.push_back(ItemIndex{count - 1 - row});
  return items;
}

TEST_CASE("The ranker's score is the MLP's logit") {
  const std::vector<std::uint32_t> hidden =
      GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{5},
               std::vector<std::uint32_t>{64, 32}, std::vector<std::uint32_t>{9, 17, 3});
  const std::uint32_t items = GENERATE(8, 40, 128, 300);
  CAPTURE(hidden, items);
  const ModelContents contents =
      sample_hybrid({.items = items, .dimension = 6, .hidden = hidden, .seed = items});
  const OpenedModel model(contents);
  const std::vector<Event> history = sample_history(items, 4, 1);
  const Vector user = reference_user_vector(contents, history);
  const std::vector<ItemIndex> rows = all_items(items);
  const std::vector<float> scores = Ranked(*model, history).scores(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double expected = reference_logit(contents, user, to_row(rows[i]), history);
    CHECK(scores[i] == Catch::Approx(expected).epsilon(1e-5).margin(1e-5));
  }
}

TEST_CASE("Scores of further retrievers and nearness to the history are as their formulas say") {
  const bool with_vectors = GENERATE(false, true);
  const std::uint32_t events = GENERATE(1, 2, 25);
  CAPTURE(with_vectors, events);
  const ModelContents contents =
      sample_retrievers(with_vectors, {.items = 60, .dimension = 6, .seed = events});
  const OpenedModel model(contents);
  const std::vector<Event> history = sample_history(60, events, 4);
  const Vector user = with_vectors ? reference_user_vector(contents, history) : Vector();
  const std::vector<ItemIndex> rows = all_items(60);
  const std::vector<float> scores = Ranked(*model, history).scores(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    const double expected = reference_logit(contents, user, to_row(rows[i]), history);
    CHECK(scores[i] == Catch::Approx(expected).epsilon(1e-5).margin(1e-5));
  }
}

// A number next to the middle between two steps may be rounded either way.
TEST_CASE("A ranker in bytes scores as its formulas say, the second time too") {
  const bool with_vectors = GENERATE(false, true);
  const std::uint32_t items = GENERATE(1, 60, 300);
  CAPTURE(with_vectors, items);
  const ModelContents contents =
      sample_byte_ranker(with_vectors, {.items = items, .dimension = 6, .seed = 3});
  const OpenedModel model(contents);
  const std::vector<Event> history = sample_history(items, std::min(items, 9U), 4);
  const Vector user = with_vectors ? reference_user_vector(contents, history) : Vector();
  const std::vector<ItemIndex> rows = all_items(items);
  Ranked ranked(*model, history);
  const std::vector<float> scores = ranked.scores(rows);
  std::size_t near = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double expected = reference_logit(contents, user, to_row(rows[i]), history);
    CHECK(scores[i] == Catch::Approx(expected).margin(0.1));
    if (scores[i] == Catch::Approx(expected).epsilon(1e-4).margin(1e-4)) ++near;
  }
  CHECK(near >= rows.size() - rows.size() / 10);
  CHECK(ranked.scores(rows) == scores);
  CHECK(ranked.scores({rows[0], rows[0]}) == std::vector<float>{scores[0], scores[0]});
}

TEST_CASE("Layers of bytes round their inputs, and cut what is too large") {
  const std::uint32_t inputs = GENERATE(1, 15, 16, 17, 40);
  const std::uint32_t outputs = GENERATE(1, 3, 4, 9);
  CAPTURE(inputs, outputs);
  SampleNumbers numbers(inputs);
  DenseLayer layer{inputs, outputs, numbers.many(std::size_t{inputs} * outputs, -1, 1),
                   numbers.many(outputs, -1, 1)};
  layer.quantized = quantize(layer.weights, inputs, Precision::kInt8);
  layer.weights.clear();
  layer.input_step = 0.01F;
  const std::vector<DenseLayer> layers = {layer,
                                          {outputs, 1, numbers.many(outputs, -1, 1), {0.5F}}};
  std::vector<DenseLayerView> views = views_of(layers);
  Result<internal::MlpForward> forward = internal::MlpForward::create(views);
  REQUIRE(forward.ok());
  // Far from the middle between two steps; some above 127 of them.
  std::vector<float> row(inputs);
  for (float& x : row) x = (static_cast<float>(numbers.below(180)) + 0.2F) * layer.input_step;
  std::ranges::copy(row, forward->input(0).begin());
  const auto found = forward->run(1);
  REQUIRE(found.ok());
  CHECK(found->front() ==
        Catch::Approx(reference_mlp(layers, Vector(row.begin(), row.end()))).margin(1e-4));
}

TEST_CASE("A score does not depend on the items beside it") {
  const OpenedModel model(GENERATE(false, true) ? sample_byte_ranker(true, {.items = 200})
                                                : sample_retrievers(true, {.items = 200}));
  const std::vector<Event> history = sample_history(200, 9, 2);
  Ranked ranked(*model, history);
  const std::vector<ItemIndex> rows = all_items(200);
  const std::vector<float> scores = ranked.scores(rows);
  for (std::size_t i = 0; i < rows.size(); i += 13) {
    CHECK(ranked.scores({rows[i]})[0] == Catch::Approx(scores[i]).epsilon(1e-6).margin(1e-6));
  }
}

TEST_CASE("Two features of one category are refused") {
  ModelContents contents = sample_hybrid();
  contents.ranker->features[5] = contents.ranker->features[4];
  const OpenedModel model(contents);
  const Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE_FALSE(recommender.ok());
  CHECK(recommender.error().code == ErrorCode::kModelMeaning);
}

TEST_CASE("The gradient at a point is that of numerical differences") {
  const std::vector<std::uint32_t> hidden =
      GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{7},
               std::vector<std::uint32_t>{12, 6}, std::vector<std::uint32_t>{8, 8, 8});
  CAPTURE(hidden);
  const ModelContents contents = sample_hybrid({.hidden = hidden});
  const std::vector<DenseLayer>& layers = contents.ranker->layers;
  const std::vector<DenseLayerView> views = views_of(layers);
  Result<MlpGradient> walker = MlpGradient::create(views);
  REQUIRE(walker.ok());
  const std::size_t inputs = layers.front().inputs;
  SampleNumbers numbers(6);
  const std::vector<float> point = numbers.many(inputs, -1, 1);
  const std::vector<float> still(inputs);
  std::vector<float> gradient(inputs);
  walker->average(point, still, gradient);
  constexpr double kStep = 1e-6;
  for (std::size_t i = 0; i < inputs; ++i) {
    const double expected = (reference_mlp(layers, moved(point, i, kStep)) -
                             reference_mlp(layers, moved(point, i, -kStep))) /
                            (2 * kStep);
    CHECK(gradient[i] == Catch::Approx(expected).epsilon(1e-5).margin(1e-7));
  }
}

TEST_CASE("The mean gradient along a line is the mean of many gradients") {
  const ModelContents contents = sample_hybrid({.hidden = {10, 5}});
  const std::vector<DenseLayerView> views = views_of(contents.ranker->layers);
  Result<MlpGradient> walker = MlpGradient::create(views);
  REQUIRE(walker.ok());
  const std::size_t inputs = views.front().inputs;
  SampleNumbers numbers(8);
  const std::vector<float> start = numbers.many(inputs, -1, 1);
  const std::vector<float> direction = numbers.many(inputs, -2, 2);
  std::vector<float> mean(inputs);
  walker->average(start, direction, mean);

  constexpr int kPoints = 20000;
  const std::vector<float> still(inputs);
  Vector sum(inputs);
  std::vector<float> gradient(inputs);
  for (int p = 0; p < kPoints; ++p) {
    const Vector point = between(start, direction, (p + 0.5) / kPoints);
    walker->average(std::vector<float>(point.begin(), point.end()), still, gradient);
    for (std::size_t i = 0; i < inputs; ++i) sum[i] += gradient[i];
  }
  for (std::size_t i = 0; i < inputs; ++i) {
    CHECK(mean[i] == Catch::Approx(sum[i] / kPoints).margin(1e-3));
  }
}

TEST_CASE("The mean gradient times the way is the difference of the logits") {
  const std::vector<std::uint32_t> hidden =
      GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{12, 6},
               std::vector<std::uint32_t>{64, 32}, std::vector<std::uint32_t>{20, 20, 20});
  const std::uint64_t seed = GENERATE(1, 2, 3, 4, 5);
  CAPTURE(hidden, seed);
  const ModelContents contents = sample_hybrid({.hidden = hidden, .seed = seed});
  const std::vector<DenseLayer>& layers = contents.ranker->layers;
  const std::vector<DenseLayerView> views = views_of(layers);
  Result<MlpGradient> walker = MlpGradient::create(views);
  REQUIRE(walker.ok());
  const std::size_t inputs = views.front().inputs;
  SampleNumbers numbers(seed);
  const std::vector<float> start = numbers.many(inputs, -1, 1);
  const std::vector<float> direction = numbers.many(inputs, -3, 3);
  std::vector<float> mean(inputs);
  walker->average(start, direction, mean);
  const double gained =
      reference_dot(Vector(mean.begin(), mean.end()), Vector(direction.begin(), direction.end()));
  const double expected = reference_mlp(layers, between(start, direction, 1)) -
                          reference_mlp(layers, between(start, direction, 0));
  CHECK(gained == Catch::Approx(expected).epsilon(1e-6).margin(1e-6));
}

}  // namespace runtime_ranker_test
}  // namespace palate::testing
