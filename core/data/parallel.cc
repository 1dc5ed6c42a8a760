// A pool of threads that works through fixed chunks.
#include "data/parallel.h"

#include <algorithm>
#include <utility>

namespace palate::internal {

ThreadPool::ThreadPool(unsigned threads, std::size_t tasks) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t useful = std::clamp<std::size_t>(tasks, 1, threads);
  threads_.reserve(useful - 1);
  for (unsigned worker = 1; worker < useful; ++worker) {
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

Status ThreadPool::try_each_chunk(std::size_t count, std::size_t chunk_size,
                                  const std::function<Status(const Chunk&)>& body) {
  // Chunks begin in order: whichever failure comes first in time, all chunks before it have begun,
  // and so the first chunk of all that fail always does.
  std::mutex mutex;
  std::size_t first_failed = chunk_count(count, chunk_size);
  Status result = Done{};
  for_each_chunk(count, chunk_size, [&](const Chunk& chunk) {
    {
      const std::lock_guard lock(mutex);
      if (chunk.index > first_failed) return;
    }
    Status status = body(chunk);
    if (status) return;
    const std::lock_guard lock(mutex);
    if (chunk.index > first_failed) return;
    first_failed = chunk.index;
    result = std::move(status);
  });
  return result;
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
