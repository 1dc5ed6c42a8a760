// Lists by several threads against those by one.
#include <algorithm>
#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <limits>
#include <optional>
#include <thread>
#include <vector>

#include "palate/recommender.h"
#include "palate/threads.h"
#include "runtime/crew.h"
#include "runtime/shared_top_k.h"
#include "runtime/top_k.h"
#include "sample_lists.h"
#include "sample_models.h"
#include "sample_table.h"

namespace palate::testing {
namespace runtime_threads_test {

using internal::Crew;
using internal::TopKQuery;

// How threads meet is never twice the same.
constexpr int kRuns = 5;

/// A crew whose helpers are there.
class Helped {
 public:
  explicit Helped(std::size_t helpers) {
    for (std::size_t i = 0; i < helpers; ++i) threads_.emplace_back([this] { crew_.serve(); });
    crew_.await(helpers);
  }
  Helped(const Helped&) = delete;
  Helped& operator=(const Helped&) = delete;
  ~Helped() {
    crew_.end();
    for (std::thread& thread : threads_) thread.join();
  }

  Crew& crew() { return crew_; }

 private:
  Crew crew_;
  std::vector<std::thread> threads_;
};

void check_same(const std::vector<Pick>& picks, const std::vector<Pick>& expected) {
  REQUIRE(picks.size() == expected.size());
  const auto same = [](const Pick& a, const Pick& b) {
    return a.item == b.item && a.score == b.score;
  };
  CHECK(std::equal(picks.begin(), picks.end(), expected.begin(), same));
}

std::optional<std::vector<Pick>> shared(Crew& crew, const TopKQuery& query, std::size_t count) {
  const auto search = [&](std::span<Pick> room) {
    return internal::top_k_by_all(crew, query, count, room);
  };
  return list_by(search, count, query.table.rows);
}

void check_against_one_thread(Crew& crew, const TopKQuery& query, std::size_t count) {
  const std::vector<Pick> expected = best_rows(query, count).value();
  for (int run = 0; run < kRuns; ++run) check_same(shared(crew, query, count).value(), expected);
}

TEST_CASE("Several threads list what one does, in every precision, filtered and scaled") {
  const std::size_t helpers = GENERATE(0, 1, 2, 15);
  const std::uint32_t rows = GENERATE(1, 2047, 2048, 2049, 9000);
  const Precision precision = GENERATE(Precision::kFloat32, Precision::kInt8, Precision::kInt4);
  CAPTURE(helpers, rows);
  SampleNumbers numbers(rows);
  const SampleTable table(numbers.many(std::size_t{rows} * 9, -1, 1), 9, precision);
  const std::vector<float> vector = numbers.many(9, -1, 1);
  const std::vector<float> scales = numbers.many(rows, 0, 2);
  internal::RowBits excluded;
  REQUIRE(excluded.reset(rows, false).ok());
  for (std::uint32_t i = 0; i < rows / 2; ++i) excluded.leave_out(numbers.below(rows));
  Helped helped(helpers);
  for (const std::size_t count : {std::size_t{1}, std::size_t{100}, std::size_t{rows}}) {
    TopKQuery query{.table = table.view(),
                    .vector = vector,
                    .row_scale = {},
                    .excluded = {},
                    .code_sums = table.code_sums()};
    check_against_one_thread(helped.crew(), query, count);
    query.row_scale = scales;
    query.excluded = excluded.mask();
    check_against_one_thread(helped.crew(), query, count);
  }
}

TEST_CASE("Several threads give ties to the lower row, as one does") {
  const std::uint32_t levels = GENERATE(1, 3, 200);
  SampleNumbers numbers(levels);
  std::vector<float> values(20'000);
  for (float& x : values) x = static_cast<float>(numbers.below(levels));
  const SampleTable table(values, 1, GENERATE(Precision::kFloat32, Precision::kInt8));
  const std::vector<float> one = {1.0F};
  Helped helped(3);
  for (const std::size_t count : {1, 10, 7000}) {
    check_against_one_thread(helped.crew(),
                             {.table = table.view(),
                              .vector = one,
                              .row_scale = {},
                              .excluded = {},
                              .code_sums = table.code_sums()},
                             count);
  }
}

TEST_CASE("Several threads refuse products that are not finite, wherever they stand") {
  const std::size_t place = GENERATE(0, 4096, 9999);
  std::vector<float> values(10'000, 1.0F);
  values[place] = std::numeric_limits<float>::max();
  const SampleTable table(values, 1, Precision::kFloat32);
  const std::vector<float> vector = {2.0F};
  Helped helped(2);
  CHECK_FALSE(shared(helped.crew(),
                     {.table = table.view(), .vector = vector, .row_scale = {}, .excluded = {}},
                     3));
}

TEST_CASE("A crew calls each helper once a run at most, and none after the run") {
  constexpr std::size_t kHelpers = 3;
  Helped helped(kHelpers);
  struct Round {
    std::array<std::atomic<int>, kHelpers + 1> calls{};
    std::atomic<bool> is_over{false};
    std::atomic<int> late{0};
  };
  std::vector<Round> rounds(2000);
  for (Round& round : rounds) {
    helped.crew().run(
        [](void* context, std::size_t helper) {
          Round& of = *static_cast<Round*>(context);
          if (of.is_over.load()) ++of.late;
          ++of.calls[helper];
          for (int i = 0; helper == 0 && i < 300; ++i) (void)of.late.load();
        },
        &round, kHelpers);
    round.is_over.store(true);
  }
  for (Round& round : rounds) {
    CHECK(round.calls[0] == 1);
    for (std::size_t helper = 1; helper <= kHelpers; ++helper) {
      CHECK(round.calls[helper] <= 1);
    }
    CHECK(round.late == 0);
  }
}

TEST_CASE("A crew's helpers come to a run that lasts") {
  Helped helped(2);
  std::atomic<int> calls{0};
  helped.crew().run(
      [](void* context, std::size_t helper) {
        std::atomic<int>& all = *static_cast<std::atomic<int>*>(context);
        ++all;
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (helper == 0 && all.load() < 3 && std::chrono::steady_clock::now() < end) {
          std::this_thread::yield();
        }
      },
      &calls, 2);
  CHECK(calls == 3);
}

TEST_CASE("A crew leaves out helpers that came after it was counted") {
  Helped helped(2);
  std::array<std::atomic<int>, 3> calls{};
  for (int run = 0; run < 200; ++run) {
    helped.crew().run(
        [](void* context, std::size_t helper) {
          ++(*static_cast<std::array<std::atomic<int>, 3>*>(context))[helper];
        },
        &calls, 1);
  }
  CHECK(calls[0] == 200);
  CHECK(calls[2] == 0);
}

TEST_CASE("A recommender with threads makes the same lists") {
  const ModelContents contents = sample_fold_in({.items = 30'000, .dimension = 16});
  const OpenedModel model(contents);
  const std::vector<Event> history = sample_history(30'000, 12, 5);
  const auto lists = [&](Threads* shared) {
    Result<Recommender> recommender = Recommender::create(*model);
    REQUIRE(recommender.ok());
    recommender->set_threads(shared);
    std::vector<std::vector<Pick>> found(2, std::vector<Pick>(50));
    REQUIRE(recommender->recommend(history, {}, found[0]).value() == 50);
    REQUIRE(recommender->similar(history[0].item, found[1]).value() == 50);
    return found;
  };
  Result<Threads> threads = Threads::create(4);
  REQUIRE(threads.ok());
  CHECK(threads->size() == 4);
  const auto expected = lists(nullptr);
  const auto found = lists(&*threads);
  for (std::size_t i = 0; i < expected.size(); ++i) check_same(found[i], expected[i]);
}

TEST_CASE("A thread that others have started serves until it is let go") {
  Result<Threads> threads = Threads::create(1);
  REQUIRE(threads.ok());
  std::thread own([&] { threads->serve(); });
  while (threads->size() < 2) std::this_thread::yield();
  threads->end();
  own.join();
}

TEST_CASE("A request is shared out among 1 to 16 threads") {
  CHECK(Threads::create(1)->size() == 1);
  CHECK(Threads::create(Threads::kMost)->size() == Threads::kMost);
  for (const std::size_t count : {std::size_t{0}, Threads::kMost + 1}) {
    CHECK(Threads::create(count).error().code == ErrorCode::kRequestInvalid);
  }
}

}  // namespace runtime_threads_test
}  // namespace palate::testing
