// A pool of threads that works through fixed chunks.
#include "train/parallel.h"

#include <algorithm>

namespace palate::internal {

ThreadPool::ThreadPool(unsigned threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  threads_.reserve(threads - 1);
  for (unsigned worker = 1; worker < threads; ++worker) {
    threads_.emplace_back([this, worker] { work_until_stopped(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  started_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::for_each_chunk(std::size_t count, std::size_t chunk_size,
                                const std::function<void(const Chunk&)>& body) {
  const Job job{count, chunk_size, &body};
  {
    const std::lock_guard lock(mutex_);
    job_ = job;
    next_chunk_ = 0;
    ++generation_;
    busy_ = static_cast<unsigned>(threads_.size());
  }
  started_.notify_all();
  take_chunks(job, 0);
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadPool::work_until_stopped(unsigned worker) {
  std::uint64_t seen = 0;
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      started_.wait(lock, [&] { return stopping_ || generation_ != seen; });
      if (stopping_) return;
      seen = generation_;
      job = job_;
    }
    take_chunks(job, worker);
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    finished_.notify_one();
  }
}

void ThreadPool::take_chunks(const Job& job, unsigned worker) {
  const std::size_t chunks = chunk_count(job.count, job.chunk_size);
  while (true) {
    std::size_t index = 0;
    {
      const std::lock_guard lock(mutex_);
      index = next_chunk_++;
    }
    if (index >= chunks) return;
    const std::size_t begin = index * job.chunk_size;
    (*job.body)({begin, std::min(begin + job.chunk_size, job.count), index, worker});
  }
}

}  // namespace palate::internal
