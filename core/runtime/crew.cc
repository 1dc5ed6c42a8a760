// A gate that counts who is inside, and a bell for those who sleep.
#include "runtime/crew.h"

#include <limits>

namespace palate::internal {
namespace {

constexpr std::uint32_t kOpen = 1U << 8;
constexpr std::uint32_t kInside = kOpen - 1;
constexpr std::uint32_t kRound = kOpen << 1;

// Some microseconds: what is asked of a page comes in bursts, but helpers that spin take a core.
constexpr int kSpins = 500;

#if defined(__wasm__)
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&word), static_cast<int>(value), -1);
}
void wake_all(std::atomic<std::uint32_t>& word) {
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&word),
                                      std::numeric_limits<unsigned>::max());
}
#else
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value) { word.wait(value); }
void wake_all(std::atomic<std::uint32_t>& word) { word.notify_all(); }
#endif

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Returns at once where the word is another.
void wait_while(std::atomic<std::uint32_t>& word, std::uint32_t value) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (word.load(std::memory_order_acquire) != value) return;
    pause();
  }
  sleep_while(word, value);
}

}  // namespace

void Crew::serve() {
  const std::size_t number = ++arrived_;
  wake_all(arrived_);
  for (std::uint32_t round = 0;;) {
    const std::uint32_t rung = bell_.load();
    if (has_ended_.load()) return;
    if (join(round)) {
      if (number <= helpers_) work_(context_, number);
      leave();
    } else {
      ++sleepers_;
      wait_while(bell_, rung);
      --sleepers_;
    }
  }
}

// `round`: the one that the helper was in last, which it does not join again.
bool Crew::join(std::uint32_t& round) {
  std::uint32_t gate = gate_.load();
  while ((gate & kOpen) != 0 && gate / kRound != round) {
    if (gate_.compare_exchange_weak(gate, gate + 1)) {
      round = gate / kRound;
      return true;
    }
  }
  return false;
}

void Crew::leave() {
  // The last one, after the gate was closed: somebody waits for it.
  if ((gate_.fetch_sub(1) & (kOpen | kInside)) == 1) wake_all(gate_);
}

void Crew::run(Work work, void* context, std::size_t helpers) {
  work_ = work;
  context_ = context;
  helpers_ = helpers;
  gate_.store((gate_.load() / kRound + 1) * kRound | kOpen);
  ++bell_;
  if (sleepers_.load() > 0) wake_all(bell_);
  work(context, 0);
  gate_.fetch_and(~kOpen);
  for (std::uint32_t gate = gate_.load(); (gate & kInside) != 0; gate = gate_.load()) {
    wait_while(gate_, gate);
  }
}

void Crew::await(std::size_t helpers) {
  for (std::uint32_t there = arrived_.load(); there < helpers; there = arrived_.load()) {
    wait_while(arrived_, there);
  }
}

void Crew::end() {
  has_ended_.store(true);
  ++bell_;
  wake_all(bell_);
}

}  // namespace palate::internal
