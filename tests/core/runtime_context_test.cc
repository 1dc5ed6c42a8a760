// The context of a visit in the runtime: what it does to scores, lists and reasons.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_context_test {

/// Cells of "device" and "hour".
struct Visit {
  std::optional<std::uint32_t> device = std::nullopt;
  float hour = kNoValue;
  std::uint32_t entry = device.value_or(3);  // of two categories, any other and none
  std::array<std::uint32_t, 2> offsets = {0, 1};

  std::vector<CellsView> cells() const {
    return {{{}, offsets, {&entry, 1}}, {{&hour, 1}, {}, {}}};
  }
};

Recommender recommender_of(const Model& model) {
  Result<Recommender> made = Recommender::create(model);
  REQUIRE(made.ok());
  return std::move(*made);
}

std::vector<float> scores_of(Recommender& recommender, std::span<const Event> history,
                             std::uint32_t count) {
  std::vector<ItemIndex> items;
  for (std::uint32_t row = 0; row < count; ++row) items.push_back(ItemIndex{row});
  std::vector<float> scores(count);
  REQUIRE(recommender.score(history, items, scores).ok());
  return scores;
}

/// The model without its context, and with what these columns of it add in the biases.
ModelContents with_shifted_biases(const ModelContents& contents,
                                  const std::array<float, 4>& columns) {
  ModelContents shifted = contents;
  Ranker& ranker = *shifted.ranker;
  ranker.context.clear();
  ranker.features.resize(ranker.features.size() - columns.size());
  DenseLayer& layer = ranker.layers.front();
  std::vector<float> weights;
  for (std::uint32_t o = 0; o < layer.outputs; ++o) {
    const auto row = layer.weights.begin() + o * layer.inputs;
    const auto context = row + layer.inputs - columns.size();
    weights.insert(weights.end(), row, context);
    for (std::size_t f = 0; f < columns.size(); ++f) layer.bias[o] += columns[f] * context[f];
  }
  layer.weights = std::move(weights);
  layer.inputs -= columns.size();
  return shifted;
}

TEST_CASE("The context of a visit does to scores and reasons what its columns say") {
  constexpr std::uint32_t kItems = 60;
  const bool in_bytes = GENERATE(false, true);
  const bool with_vectors = GENERATE(false, true);
  const auto [visit, columns] = GENERATE(table<Visit, std::array<float, 4>>({
      {{}, {0, 0, 0, 0}},
      {{.device = 0}, {1, 0, 0, 0}},
      {{.device = 2}, {0, 0, 0, 0}},  // a category that the model does not know
      {{.device = 1, .hour = 20}, {0, 1, 1, 1}},
      {{.hour = 12}, {0, 0, 0, 1}},
      {{.hour = 100}, {0, 0, 1.375F, 1}},  // no more than training has seen
  }));
  CAPTURE(in_bytes, with_vectors, columns);
  const SampleShape shape{.items = kItems, .dimension = 6};
  const ModelContents contents = with_context(in_bytes ? sample_byte_ranker(with_vectors, shape)
                                                       : sample_retrievers(with_vectors, shape));
  const OpenedModel model(contents);
  const OpenedModel shifted(with_shifted_biases(contents, columns));
  Recommender recommender = recommender_of(*model);
  Recommender expected = recommender_of(*shifted);
  const std::vector<Event> history = sample_history(kItems, 9, 3);
  REQUIRE(recommender.set_context(visit.cells()).ok());
  const std::vector<float> scores = scores_of(recommender, history, kItems);
  const std::vector<float> expected_scores = scores_of(expected, history, kItems);
  for (std::size_t i = 0; i < kItems; ++i) {
    CHECK(scores[i] == Catch::Approx(expected_scores[i]).epsilon(1e-5).margin(1e-5));
  }
  const Result<Explanation> why = recommender.explain(history, ItemIndex{7});
  const Result<Explanation> expected_why = expected.explain(history, ItemIndex{7});
  REQUIRE((why.ok() && expected_why.ok()));
  CHECK(why->base == Catch::Approx(expected_why->base).epsilon(1e-5).margin(1e-5));
  double sum = double{why->base} + why->remainder;
  for (const Contribution& one : why->contributions) sum += one.amount;
  CHECK(sum == Catch::Approx(why->score).epsilon(1e-5).margin(1e-5));
}

TEST_CASE("A context holds until another is set, and nothing is known at first") {
  const OpenedModel model(with_context(sample_hybrid()));
  Recommender recommender = recommender_of(*model);
  const std::vector<Event> history = sample_history(40, 5, 1);
  const std::vector<float> unknown = scores_of(recommender, history, 40);
  REQUIRE(recommender.set_context(Visit{.device = 0, .hour = 3}.cells()).ok());
  const std::vector<float> known = scores_of(recommender, history, 40);
  CHECK(known != unknown);
  CHECK(scores_of(recommender, history, 40) == known);
  REQUIRE(recommender.set_context(Visit{}.cells()).ok());
  CHECK(scores_of(recommender, history, 40) == unknown);
  REQUIRE(recommender.set_context(Visit{.device = 0, .hour = 3}.cells()).ok());
  REQUIRE(recommender.set_context({}).ok());
  CHECK(scores_of(recommender, history, 40) == unknown);
}

TEST_CASE("A visitor without history gets the popular items in the order of the context") {
  const ModelContents contents = with_context(sample_hybrid());
  const OpenedModel model(contents);
  const OpenedModel shifted(with_shifted_biases(contents, {1, 0, -1.125F, 1}));
  Recommender recommender = recommender_of(*model);
  Recommender reference = recommender_of(*shifted);
  std::vector<Pick> picks(5);
  REQUIRE(recommender.recommend({}, {}, picks).ok());
  for (std::size_t k = 0; k < picks.size(); ++k) CHECK(to_row(picks[k].item) == k);

  REQUIRE(recommender.set_context(Visit{.device = 0, .hour = 3}.cells()).ok());
  REQUIRE(recommender.recommend({}, {}, picks).ok());
  const std::vector<float> scores = scores_of(recommender, {}, 40);
  // What the ranker makes of a visitor of whom nothing else is known is the base of any reason.
  const std::vector<Event> anyone = sample_history(40, 3, 1);
  for (std::uint32_t row = 0; row < 40; ++row) {
    const Result<Explanation> why = reference.explain(anyone, ItemIndex{row});
    const Result<Explanation> own = recommender.explain({}, ItemIndex{row});
    REQUIRE((why.ok() && own.ok()));
    CHECK(own->score == scores[row]);
    CHECK(own->score == Catch::Approx(why->base).epsilon(1e-5).margin(1e-5));
    CHECK((own->base == own->score && own->contributions.empty()));
  }
  // The ten most popular items are the candidates.
  std::vector<std::uint32_t> order(contents.ranker->candidates);
  for (std::uint32_t row = 0; row < order.size(); ++row) order[row] = row;
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
  for (std::size_t k = 0; k < picks.size(); ++k) CHECK(to_row(picks[k].item) == order[k]);
  // Unknown cells are no context.
  REQUIRE(recommender.set_context(Visit{.device = 2}.cells()).ok());
  REQUIRE(recommender.recommend({}, {}, picks).ok());
  for (std::size_t k = 0; k < picks.size(); ++k) CHECK(to_row(picks[k].item) == k);
}

TEST_CASE("What the visitor asks for moves scores by their deviation in the context at hand") {
  const OpenedModel model(with_context(sample_hybrid()));
  const std::vector<Event> history = sample_history(40, 5, 1);
  const Adjustment more[] = {{.attribute = 0, .category = 1, .weight = 2}};
  Recommender recommender = recommender_of(*model);
  Recommender anew = recommender_of(*model);
  REQUIRE((recommender.adjust(more).ok() && anew.adjust(more).ok()));
  scores_of(recommender, history, 40);
  const Visit visit{.device = 0, .hour = 3};
  REQUIRE((recommender.set_context(visit.cells()).ok() && anew.set_context(visit.cells()).ok()));
  CHECK(scores_of(recommender, history, 40) == scores_of(anew, history, 40));
}

TEST_CASE("What is learned of a choice is the same in whatever visit it is replayed") {
  const OpenedModel model(with_context(sample_hybrid()));
  const std::vector<Event> history = sample_history(40, 5, 1);
  const ItemIndex shown[] = {ItemIndex{21}, ItemIndex{9}, ItemIndex{33}};
  Recommender recommender = recommender_of(*model);
  Recommender anew = recommender_of(*model);
  REQUIRE(recommender.set_context(Visit{.device = 0, .hour = 3}.cells()).ok());
  REQUIRE((recommender.learn(history, shown).ok() && anew.learn(history, shown).ok()));
  CHECK(scores_of(recommender, history, 40) != scores_of(anew, history, 40));
  REQUIRE(recommender.set_context({}).ok());
  CHECK(scores_of(recommender, history, 40) == scores_of(anew, history, 40));
}

TEST_CASE("Cells that are not of the model's context are refused, and nothing is known then") {
  const OpenedModel model(with_context(sample_hybrid()));
  Recommender recommender = recommender_of(*model);
  const std::vector<Event> history = sample_history(40, 5, 1);
  const std::vector<float> unknown = scores_of(recommender, history, 40);
  REQUIRE(recommender.set_context(Visit{.device = 0}.cells()).ok());
  const auto code_of = [](const Status& status) { return status.error().code; };
  const Visit visit{.device = 0};
  std::vector<CellsView> cells = visit.cells();
  const Visit beyond{.device = 4};
  CHECK(code_of(recommender.set_context(beyond.cells())) == ErrorCode::kRequestInvalid);
  CHECK(scores_of(recommender, history, 40) == unknown);
  cells.pop_back();
  CHECK(code_of(recommender.set_context(cells)) == ErrorCode::kRequestInvalid);
  CHECK(code_of(recommender.set_context(beyond.cells(), 1)) == ErrorCode::kRequestInvalid);

  const OpenedModel without(sample_hybrid());
  Recommender other = recommender_of(*without);
  CHECK(other.set_context({}).ok());
  CHECK(code_of(other.set_context(cells)) == ErrorCode::kRequestInvalid);
  const OpenedModel popular(sample_popularity());
  Recommender plain = recommender_of(*popular);
  CHECK(plain.set_context({}).ok());
  CHECK(code_of(plain.set_context(cells)) == ErrorCode::kRequestInvalid);
}

}  // namespace runtime_context_test
}  // namespace palate::testing
