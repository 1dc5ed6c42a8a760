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

#include "log/chunks.h"
#include "palate/result.h"

namespace palate::internal {

class ThreadPool final : public Workers {
 public:
  /// `threads` 0: all of the machine's; never more than there are `tasks`. The calling thread is
  /// worker 0.
  explicit ThreadPool(unsigned threads, std::size_t tasks = SIZE_MAX);
  ~ThreadPool() override;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned size() const override { return static_cast<unsigned>(threads_.size()) + 1; }

  void for_each_chunk(std::size_t count, std::size_t chunk_size,
                      const std::function<void(const Chunk&)>& body) override;

  /// The same for work that may fail: after a failure no later chunk begins, and the failure of the
  /// first chunk that failed is returned, which is the same one for any number of threads.
  Status try_each_chunk(std::size_t count, std::size_t chunk_size,
                        const std::function<Status(const Chunk&)>& body);

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
