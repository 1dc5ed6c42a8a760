// Scratch memory of the runtime: refused at every point, and not asked for twice.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <limits>
#include <new>
#include <vector>

#include "palate/recommender.h"
#include "sample_models.h"

namespace {

// How many allocations of scratch memory are still granted, and how many were asked for.
std::size_t granted = std::numeric_limits<std::size_t>::max();
std::size_t asked = 0;

}  // namespace

// The way in which internal::Buffer asks.
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  ++asked;
  if (granted == 0) return nullptr;
  --granted;
  return ::operator new(size, alignment);
}

namespace palate::testing {
namespace runtime_memory_test {

ModelContents any_contents() {
  const SampleShape shape{.items = 200, .candidates = 30};
  switch (GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)) {
    case 0:
      return sample_popularity(shape);
    case 1:
      return sample_fold_in(shape);
    case 2:
      return sample_hybrid(shape);
    case 3:
      return sample_weighted_mean(shape);
    case 4:
      return sample_sequence(Mixer::kAttention, shape);
    case 5:
      return sample_value_fold_in(shape, true);
    case 6:
      return sample_retrievers(false, shape);
    case 7:
      return sample_retrievers(true, shape);
    case 8:
      return with_index(sample_hybrid(shape));
    default:
      return sample_item_weights(shape);
  }
}

// Everything that a page asks for.
Status use(Recommender& recommender, std::span<const Event> history) {
  std::vector<Pick> picks(20);
  const auto found = recommender.recommend(history, {}, picks);
  if (!found) return found.error();
  const auto similar = recommender.similar(ItemIndex{3}, picks);
  if (!similar && similar.error().code != ErrorCode::kModelUnsupported) return similar.error();
  const auto explanation = recommender.explain(history, ItemIndex{5});
  if (!explanation) return explanation.error();
  const ItemIndex item{7};
  float score = 0;
  return recommender.score(history, {&item, 1}, {&score, 1});
}

Status create_and_use(const Model& model, std::span<const Event> history) {
  Result<Recommender> recommender = Recommender::create(model);
  if (!recommender) return recommender.error();
  if (Status status = recommender->use_index(); !status) return status;
  return use(*recommender, history);
}

TEST_CASE("A recommender reports each allocation that is refused") {
  const OpenedModel model(any_contents());
  const std::vector<Event> history = sample_history(200, 25, 3);
  std::size_t refusals = 0;
  for (;; ++refusals) {
    granted = refusals;
    const Status status = create_and_use(*model, history);
    granted = std::numeric_limits<std::size_t>::max();
    if (status.ok()) break;
    REQUIRE(status.error().code == ErrorCode::kMemory);
  }
  CHECK(refusals >= 3);
}

TEST_CASE("A recommender recovers from a refused allocation") {
  const OpenedModel model(any_contents());
  const std::vector<Event> history = sample_history(200, 25, 3);
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  REQUIRE(recommender->use_index().ok());
  for (std::size_t grant = 0;; ++grant) {
    granted = grant;
    const Status status = use(*recommender, history);
    granted = std::numeric_limits<std::size_t>::max();
    if (status.ok()) break;
    REQUIRE(status.error().code == ErrorCode::kMemory);
  }
  CHECK(use(*recommender, history).ok());
}

TEST_CASE("A warm recommender asks for no more scratch memory") {
  const OpenedModel model(any_contents());
  Result<Recommender> recommender = Recommender::create(*model);
  REQUIRE(recommender.ok());
  REQUIRE(recommender->use_index().ok());
  REQUIRE(use(*recommender, sample_history(200, 200, 1)).ok());
  const std::size_t before = asked;
  for (std::uint64_t seed = 2; seed < 12; ++seed) {
    REQUIRE(use(*recommender, sample_history(200, 30, seed)).ok());
  }
  CHECK(asked == before);
}

}  // namespace runtime_memory_test
}  // namespace palate::testing
