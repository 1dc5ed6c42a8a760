// Scratch memory: it grows, keeps what it has, and refuses what no machine has.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <limits>

#include "runtime/buffer.h"

namespace palate::testing {
namespace runtime_buffer_test {

using internal::Buffer;

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

TEST_CASE("A buffer has room for a table, all zero") {
  Buffer<float> buffer;
  REQUIRE(buffer.reserve(3, 5));
  for (const float x : buffer.first(15)) CHECK(x == 0);
  CHECK(buffer.reserve(0, kMost));
  CHECK(buffer.reserve(kMost, 0));
}

TEST_CASE("A table whose entries no size can count is refused") {
  Buffer<float> buffer;
  // Both products come to small numbers when they wrap.
  CHECK(buffer.reserve(kMost / 4 + 1, 4).error().code == ErrorCode::kMemory);
  CHECK(buffer
            .allocate(std::size_t{1} << (4 * sizeof(std::size_t)),
                      std::size_t{1} << (4 * sizeof(std::size_t)))
            .error()
            .code == ErrorCode::kMemory);
  CHECK(buffer.reserve(kMost / 2).error().code == ErrorCode::kMemory);
}

}  // namespace runtime_buffer_test
}  // namespace palate::testing
