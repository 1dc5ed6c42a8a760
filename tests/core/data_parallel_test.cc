// The pool of threads: every chunk once, and the same failure whatever the number of threads.
#include <atomic>
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "data/parallel.h"

namespace palate::internal {
namespace data_parallel_test {

TEST_CASE("A pool visits every index once, by a worker of its own") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    ThreadPool pool(threads);
    CHECK(pool.size() == threads);
    std::vector<int> visits(1003, 0);
    std::atomic<bool> known_workers = true;
    for (int round = 1; round <= 20; ++round) {
      pool.for_each_chunk(visits.size(), 7, [&](const Chunk& chunk) {
        if (chunk.worker >= threads || chunk.begin != chunk.index * 7) known_workers = false;
        for (std::size_t at = chunk.begin; at < chunk.end; ++at) ++visits[at];
      });
      CHECK(visits == std::vector<int>(visits.size(), round));
    }
    CHECK(known_workers);
  }
}

TEST_CASE("A pool has no more threads than there are tasks, and at least one") {
  CHECK(ThreadPool(8, 3).size() == 3);
  CHECK(ThreadPool(2, 3).size() == 2);
  CHECK(ThreadPool(8, 0).size() == 1);
  CHECK(ThreadPool(0).size() >= 1);
}

TEST_CASE("A pool returns the failure of the first chunk that fails") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    ThreadPool pool(threads);
    for (int round = 0; round < 50; ++round) {
      std::atomic<int> begun_late = 0;
      const Status status = pool.try_each_chunk(500, 1, [&](const Chunk& chunk) -> Status {
        if (chunk.index > 400) ++begun_late;
        if (chunk.index < 100 || chunk.index % 3 != 0) return Done{};
        return Error{ErrorCode::kMemory, std::to_string(chunk.index)};
      });
      REQUIRE_FALSE(status.ok());
      CHECK(status.error().message == "102");
      if (threads == 1) CHECK(begun_late == 0);
    }
    CHECK(pool.try_each_chunk(9, 2, [](const Chunk&) -> Status { return Done{}; }).ok());
  }
}

}  // namespace data_parallel_test
}  // namespace palate::internal
