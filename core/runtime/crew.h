// How the threads of a pool come to work and go back to sleep.
#ifndef PALATE_RUNTIME_CREW_H_
#define PALATE_RUNTIME_CREW_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// One thread asks, the others help. A helper that wakes too late for a piece of work misses it:
/// the thread that asks waits for those alone that have begun.
class Crew {
 public:
  /// `helper`: 0 the thread that asks, else the helper's number, from 1.
  using Work = void (*)(void* context, std::size_t helper);

  /// Helps until `end`.
  void serve();
  void end();

  std::size_t helpers() const { return arrived_.load(); }
  void await(std::size_t helpers);  ///< until so many are there

  /// Calls `work` once on this thread, and at most once on each helper whose number is not above
  /// `helpers`; returns when all calls have.
  void run(Work work, void* context, std::size_t helpers);

  /// Memory for those who run, between two runs theirs.
  Buffer<Pick>& lists() { return lists_; }

 private:
  bool join(std::uint32_t& round);
  void leave();

  // The round's number above a bit that is set while helpers may come in, above their number.
  alignas(64) std::atomic<std::uint32_t> gate_{0};
  alignas(64) std::atomic<std::uint32_t> bell_{0};  // changes with every round
  std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<std::uint32_t> arrived_{0};
  std::atomic<bool> has_ended_{false};

  // Of the round, while the gate is open or somebody is inside.
  Work work_ = nullptr;
  void* context_ = nullptr;
  std::size_t helpers_ = 0;

  Buffer<Pick> lists_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_CREW_H_
