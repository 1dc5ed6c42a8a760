// A pool of threads that works through fixed chunks.
#ifndef PALATE_DATA_PARALLEL_H_
#define PALATE_DATA_PARALLEL_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "palate/result.h"

namespace palate::internal {

/// Where one chunk begins and ends, which one it is, and which thread works on it.
struct Chunk {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t index = 0;
  unsigned worker = 0;  ///< in [0, pool.size()): selects scratch memory, never results
};

/// Chunk boundaries depend on the work alone, so results that are kept per chunk and summed in the
/// order of the chunks are the same for any number of threads.
class ThreadPool {
 public:
  /// `threads` 0: all of the machine's; never more than there are `tasks`. The calling thread is
  /// worker 0.
  explicit ThreadPool(unsigned threads, std::size_t tasks = SIZE_MAX);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned size() const { return static_cast<unsigned>(threads_.size()) + 1; }

  /// Calls `body` once for each chunk of [0, count) and returns when all are done. `body` must not
  /// throw and must not use the pool.
  void for_each_chunk(std::size_t count, std::size_t chunk_size,
                      const std::function<void(const Chunk&)>& body);

  /// The same for work that may fail: after a failure no later chunk begins, and the failure of the
  /// first chunk that failed is returned, which is the same one for any number of threads.
  Status try_each_chunk(std::size_t count, std::size_t chunk_size,
                        const std::function<Status(const Chunk&)>& body);

  static std::size_t chunk_count(std::size_t count, std::size_t chunk_size) {
    return (count + chunk_size - 1) / chunk_size;
  }

 private:
  struct Job {
    std::size_t count = 0;
    std::size_t chunk_size = 1;
    const std::function<void(const Chunk&)>* body = nullptr;
  };

  void work_until_stopped(unsigned worker);
  void take_chunks(const Job& job, unsigned worker);

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable started_;
  std::condition_variable finished_;
  Job job_;
  std::size_t next_chunk_ = 0;
  std::uint64_t generation_ = 0;
  unsigned busy_ = 0;
  bool stopping_ = false;
};

}  // namespace palate::internal

#endif  // PALATE_DATA_PARALLEL_H_
