// A ranker that reads the context: what is taken next depends on the device, and it finds that.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "palate/evaluate.h"
#include "palate/random.h"
#include "palate/train.h"
#include "sample_models.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_context_test {

using Catch::Matchers::ContainsSubstring;

constexpr std::uint32_t kGroups = 5;
constexpr std::uint32_t kGroupItems = 20;

/// Who they are tells the group of items that users touch, the device which half of it.
InteractionLog visits() {
  InteractionLog log;
  for (std::uint32_t item = 0; item < kGroups * kGroupItems; ++item) {
    log.items.push_back("i" + std::to_string(item));
  }
  log.context = {
      {"device", AttributeKind::kCategory, {}, {"phone", "desk"}, {0}, {}},
      {"hour", AttributeKind::kNumber, {}, {}, {}, {}},
      {"site", AttributeKind::kCategory, {}, {}, {0}, {}},
  };
  Random random(3);
  for (std::uint32_t user = 0; user < 700; ++user) {
    log.users.push_back("u" + std::to_string(user));
    std::vector<std::uint32_t> order(kGroupItems / 2);
    for (std::uint32_t k = 0; k < order.size(); ++k) order[k] = k;
    random.shuffle(std::span(order));
    for (std::uint32_t k = 0; k < 8; ++k) {
      const auto device = static_cast<std::uint32_t>(random.below(2));
      log.user.push_back(user);
      log.item.push_back(user % kGroups * kGroupItems + 2 * order[k] + device);
      log.time_ms.push_back(1'000'000'000'000 + k);
      log.context[0].entries.push_back(device);
      log.context[0].offsets.push_back(static_cast<std::uint32_t>(log.context[0].entries.size()));
      log.context[1].numbers.push_back(static_cast<float>(random.below(24)));
      log.context[2].offsets.push_back(0);
    }
  }
  return log;
}

/// What the items of either half have in common.
Catalogue forms(const InteractionLog& log) {
  Catalogue items;
  items.ids = log.items;
  Attribute form{"form", AttributeKind::kCategory, {}, {"short", "long"}, {0}, {}};
  for (std::uint32_t item = 0; item < log.items.size(); ++item) {
    form.entries.push_back(item % 2);
    form.offsets.push_back(item + 1);
  }
  items.attributes = {std::move(form)};
  return items;
}

ModelContents trained(const InteractionLog& log, const Catalogue& items, bool reads_context,
                      unsigned threads = 2, std::vector<std::string>* notes = nullptr) {
  const Recipe recipe = recipe_with(
      "hybrid", {"ials.dimension=8", "ranker.hidden=[16,8]", "ranker.learning_rate=0.005",
                 "ranker.target_share=0.4", "ranker.epochs=20",
                 reads_context ? "ranker.context=true" : "ranker.context=false"});
  JoinReport joined;
  TrainOptions options;
  options.threads = threads;
  if (notes != nullptr) {
    options.note = [notes](std::string_view sentence) { notes->emplace_back(sentence); };
  }
  Result<ModelContents> contents = train(make_dataset(log, items, joined), recipe, options);
  if (!contents) FAIL(contents.error().message);
  return std::move(*contents);
}

TEST_CASE("A hybrid that reads the context finds the next item that it decides, others do not") {
  const InteractionLog log = visits();
  const Catalogue items = forms(log);
  Result<Split> parts = split(log, {});
  REQUIRE(parts.ok());
  std::vector<std::string> notes;
  const ModelContents with = trained(parts->train, items, true, 2, &notes);
  const double found = recall_at(5, with, *parts);
  const double without = recall_at(5, trained(parts->train, items, false), *parts);
  CAPTURE(found, without);
  // Five of the seven or so of the right half that are left, and of the 13 of both.
  CHECK(found > 0.7);
  CHECK(without < 0.6);

  const Ranker& ranker = *with.ranker;
  REQUIRE(ranker.context.size() == 2);
  CHECK(ranker.context[0].categories == std::vector<std::string>{"desk", "phone"});
  CHECK(ranker.context[1].name == "hour");
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("no context: site (no category stands in 10 rows)"));

  // Where a page tells nothing, it is as good as one that reads none.
  Split silent = std::move(*parts);
  silent.test.context.clear();
  CHECK(recall_at(5, with, silent) > without - 0.1);
}

TEST_CASE("A visitor who has just come is served by the context alone") {
  const InteractionLog log = visits();
  Result<Split> parts = split(log, {});
  REQUIRE(parts.ok());
  const OpenedModel model(trained(parts->train, forms(log), true));
  EvaluateOptions options;
  options.ks = {20};
  options.resamples = 0;
  const auto recall = [&](const InteractionLog& test) {
    const auto report = evaluate(*model, log.without_rows(), test, options);
    if (!report) FAIL(report.error().message);
    CHECK(report->without_history == report->users);
    return std::pair(report->model.front().ranking.recall,
                     report->popularity.front().ranking.recall);
  };
  const auto [found, popular] = recall(parts->test);
  CHECK(found > popular + 0.1);  // the right half of all: 20 of 50 items, not of 100
  InteractionLog silent = parts->test;
  silent.context.clear();
  const auto [unknown, floor] = recall(silent);
  CHECK(unknown == floor);
}

TEST_CASE("A ranker with context is the same with any number of threads") {
  const InteractionLog log = visits();
  const Catalogue items = forms(log);
  const auto bytes_of = [&](unsigned threads) {
    return write_model(trained(log, items, true, threads)).value();
  };
  CHECK(bytes_of(1) == bytes_of(3));
}

}  // namespace train_context_test
}  // namespace palate::testing
