// Memory that is refused while a model is opened.
#include <catch_amalgamated.hpp>
#include <new>

#include "forgery.h"
#include "golden_models.h"

namespace {

// How many allocations that may fail are still granted; negative: all of them.
int granted = -1;
std::size_t requested = 0;

bool is_granted(std::size_t size) {
  requested += size;
  if (granted == 0) return false;
  if (granted > 0) --granted;
  return true;
}

}  // namespace

std::size_t palate::testing::requested_bytes() { return requested; }

// Model and runtime ask for memory in these two ways only.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return is_granted(size) ? ::operator new(size) : nullptr;
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return is_granted(size) ? ::operator new[](size) : nullptr;
}

namespace palate {
namespace model_memory_test {

TEST_CASE("Opening reports each allocation that is refused, and leaks nothing") {
  const Result<std::vector<std::byte>> file = golden::write(golden::hybrid_model());
  REQUIRE(file.ok());
  const testing::Forgery whole(*file);
  int refusals = 0;
  for (;; ++refusals) {
    granted = refusals;
    const Result<Model> model = whole.open();
    granted = -1;
    if (model) break;
    REQUIRE(model.error().code == ErrorCode::kMemory);
  }
  // The model, its ids, categories, attributes and their largest numbers, features, layers,
  // metrics.
  CHECK(refusals == 8);
}

}  // namespace model_memory_test
}  // namespace palate
