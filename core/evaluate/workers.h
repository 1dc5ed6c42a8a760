// A few threads that share a row of independent tasks.
#ifndef PALATE_EVALUATE_WORKERS_H_
#define PALATE_EVALUATE_WORKERS_H_

#include <cstddef>
#include <functional>

#include "palate/result.h"

namespace palate::internal {

/// How many threads to use for `tasks`: `wanted`, or all of the machine's where it is 0; at least
/// one, and no more than there are tasks.
std::size_t worker_count(unsigned wanted, std::size_t tasks);

/// Calls `task(worker, index)` once for each index below `count`, in any order, from `workers`
/// threads: `worker`, below `workers`, says which of them calls. After a failure no new task
/// begins; the failure of the lowest worker is returned.
Status for_each_index(std::size_t count, std::size_t workers,
                      const std::function<Status(std::size_t worker, std::size_t index)>& task);

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_WORKERS_H_
