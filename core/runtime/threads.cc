// A crew, and the threads that were started for it.
#include "palate/threads.h"

#include <array>
#include <new>
#include <utility>
#if !defined(__wasm__)
#include <pthread.h>
#endif

#include "runtime/crew.h"

namespace palate {

#if defined(__wasm__)

struct Threads::State {
  void start(std::size_t /*count*/) {}

  internal::Crew crew;
};

#else

// By the system's own functions: std::thread throws where there is no thread to be had.
struct Threads::State {
  ~State() {
    crew.end();
    for (std::size_t i = 0; i < helpers; ++i) pthread_join(started[i], nullptr);
  }

  void start(std::size_t count) {
    const auto serve = [](void* of) -> void* {
      static_cast<internal::Crew*>(of)->serve();
      return nullptr;
    };
    while (helpers + 1 < count && pthread_create(&started[helpers], nullptr, serve, &crew) == 0) {
      ++helpers;
    }
    crew.await(helpers);
  }

  internal::Crew crew;
  std::array<pthread_t, kMost> started;
  std::size_t helpers = 0;
};

#endif

Threads::Threads(std::unique_ptr<State> state) : state_(std::move(state)) {}
Threads::Threads(Threads&&) noexcept = default;
Threads& Threads::operator=(Threads&&) noexcept = default;
Threads::~Threads() = default;

Result<Threads> Threads::create(std::size_t count) {
  if (count == 0 || count > kMost) {
    return Error{ErrorCode::kRequestInvalid, "a request is shared out among 1 to 16 threads"};
  }
  std::unique_ptr<State> state(new (std::nothrow) State);
  if (state == nullptr) return Error{ErrorCode::kMemory, "no memory for threads"};
  state->start(count);
  return Threads(std::move(state));
}

std::size_t Threads::size() const { return 1 + state_->crew.helpers(); }
void Threads::serve() { state_->crew.serve(); }
void Threads::end() { state_->crew.end(); }
internal::Crew& Threads::crew() { return state_->crew; }

}  // namespace palate
