// Work in fixed chunks, done by whoever is there.
#ifndef PALATE_LOG_CHUNKS_H_
#define PALATE_LOG_CHUNKS_H_

#include <algorithm>
#include <cstddef>
#include <functional>

namespace palate::internal {

/// Where one chunk begins and ends, which one it is, and which thread works on it.
struct Chunk {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t index = 0;
  unsigned worker = 0;  ///< in [0, size()): selects scratch memory, never results
};

/// Chunk boundaries depend on the work alone, so results that are kept per chunk and summed in the
/// order of the chunks are the same for any number of threads.
class Workers {
 public:
  virtual ~Workers() = default;

  virtual unsigned size() const = 0;  ///< threads

  /// Calls `body` once for each chunk of [0, count) and returns when all are done. `body` must not
  /// throw and must not use the workers.
  virtual void for_each_chunk(std::size_t count, std::size_t chunk_size,
                              const std::function<void(const Chunk&)>& body) = 0;

  static std::size_t chunk_count(std::size_t count, std::size_t chunk_size) {
    return (count + chunk_size - 1) / chunk_size;
  }
};

/// The calling thread, alone.
class OneThread final : public Workers {
 public:
  unsigned size() const override { return 1; }
  void for_each_chunk(std::size_t count, std::size_t chunk_size,
                      const std::function<void(const Chunk&)>& body) override {
    for (std::size_t begin = 0, index = 0; begin < count; begin += chunk_size, ++index) {
      body({begin, std::min(begin + chunk_size, count), index, 0});
    }
  }
};

}  // namespace palate::internal

#endif  // PALATE_LOG_CHUNKS_H_
