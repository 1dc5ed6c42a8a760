// Threads that share out a pass over the whole catalogue.
#ifndef PALATE_THREADS_H_
#define PALATE_THREADS_H_

#include <cstddef>
#include <memory>

#include "palate/result.h"

namespace palate {

namespace internal {
class Crew;
}

/// Some threads besides the one that asks, which sleep while nothing is asked.
/// `Recommender::set_threads` takes them; they work for one recommender at a time.
class Threads {
 public:
  /// Threads at most, the one that asks included.
  static constexpr std::size_t kMost = 16;

  /// `count` in all, of 1 to kMost, or fewer where the system refuses one; in WebAssembly the one
  /// that asks, until others `serve`. `kMemory`; `kRequestInvalid` for another number.
  static Result<Threads> create(std::size_t count);

  Threads(Threads&&) noexcept;
  Threads& operator=(Threads&&) noexcept;
  ~Threads();  ///< ends those that `create` has started, and waits for it

  /// How many threads there are, the one that asks included.
  std::size_t size() const;

  /// Makes the thread that calls one of them, until `end`. Whoever has started it sees to it that
  /// these outlive it.
  void serve();

  /// Lets those that serve go. Nobody may ask by these any more.
  void end();

 private:
  friend class Recommender;
  struct State;
  explicit Threads(std::unique_ptr<State> state);
  internal::Crew& crew();

  std::unique_ptr<State> state_;
};

}  // namespace palate

#endif  // PALATE_THREADS_H_
