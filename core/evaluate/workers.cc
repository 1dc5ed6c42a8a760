// A few threads that share a row of independent tasks.
#include "evaluate/workers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace palate::internal {

std::size_t worker_count(unsigned wanted, std::size_t tasks) {
  const std::size_t available = wanted > 0 ? wanted : std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(available, 1, std::max<std::size_t>(tasks, 1));
}

Status for_each_index(std::size_t count, std::size_t workers,
                      const std::function<Status(std::size_t worker, std::size_t index)>& task) {
  std::atomic<std::size_t> next{0};
  std::vector<Status> statuses(workers, Done{});
  const auto work = [&](std::size_t worker) {
    for (std::size_t index = next++; index < count; index = next++) {
      statuses[worker] = task(worker, index);
      if (!statuses[worker]) next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t worker = 1; worker < workers; ++worker) threads.emplace_back(work, worker);
    work(0);
  }
  const auto failed = std::find_if(statuses.begin(), statuses.end(),
                                   [](const Status& status) { return !status.ok(); });
  return failed == statuses.end() ? Status(Done{}) : *failed;
}

}  // namespace palate::internal
