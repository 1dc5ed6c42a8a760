// Sorting by a heap against the library's sort.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/heap_sort.h"
#include "sample_models.h"

namespace palate::testing {
namespace runtime_heap_sort_test {

TEST_CASE("A heap sorts as the library does, whatever the order and the size") {
  const std::size_t size = GENERATE(range(0, 70));
  SampleNumbers numbers(size);
  std::vector<std::uint32_t> any(size);
  std::vector<std::uint32_t> rising(size);
  std::vector<std::uint32_t> levels(size);
  for (std::uint32_t k = 0; k < size; ++k) {
    any[k] = numbers.below(1000);
    rising[k] = k;
    levels[k] = numbers.below(3);
  }
  const std::vector<std::uint32_t> falling(rising.rbegin(), rising.rend());
  const std::vector<std::uint32_t> equal(size, 7);
  for (std::vector<std::uint32_t> entries : {any, rising, falling, levels, equal}) {
    std::vector<std::uint32_t> expected = entries;
    std::sort(expected.begin(), expected.end(), std::greater<>());
    internal::heap_sort(std::span(entries), std::greater<>());
    CHECK(entries == expected);
  }
}

}  // namespace runtime_heap_sort_test
}  // namespace palate::testing
