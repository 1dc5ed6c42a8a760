// How far the threads of a stage have come, told now and then by the calling one.
#ifndef PALATE_EVALUATE_STAGE_H_
#define PALATE_EVALUATE_STAGE_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "palate/progress.h"

namespace palate::internal {

/// Borrows the callback. A stage tells of itself some hundred times at most, and once at its end.
class Stage {
 public:
  Stage(const ProgressCallback& progress, std::string_view name, std::uint64_t total,
        std::string_view unit)
      : progress_(&progress), name_(name), total_(total), unit_(unit) {}

  /// One task more is done. Safe from all threads; worker 0 is the calling one.
  void advance(unsigned worker) {
    const std::uint64_t done = ++done_;
    if (worker != 0 || done < next_ || done == total_) return;
    next_ = done + std::max<std::uint64_t>(total_ / 100, 1);
    tell(done);
  }

  /// From the calling thread, once all threads are through.
  void end() { tell(total_); }

 private:
  void tell(std::uint64_t done) const {
    if (*progress_) (*progress_)({name_, done, total_, unit_, {}, 0});
  }

  const ProgressCallback* progress_;
  std::string_view name_;
  std::uint64_t total_;
  std::string_view unit_;
  std::atomic<std::uint64_t> done_ = 0;
  std::uint64_t next_ = 1;  ///< of worker 0 alone
};

}  // namespace palate::internal

#endif  // PALATE_EVALUATE_STAGE_H_
