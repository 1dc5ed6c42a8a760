// The magnitude that guards every float of a model file, at each place of short spans.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "model/check.h"

namespace palate::testing {
namespace model_magnitude_test {

using Limits = std::numeric_limits<float>;

TEST_CASE("The largest magnitude is found at every place") {
  const int size = GENERATE(range(1, 10));
  const float number = GENERATE(2.0F, -2.0F, 1e20F, -1e20F, Limits::max(), Limits::lowest(),
                                Limits::infinity(), -Limits::infinity());
  for (int place = 0; place < size; ++place) {
    std::vector<float> numbers(size, -1.5F);
    numbers[place] = number;
    CHECK(internal::largest_magnitude(numbers) == std::abs(number));
  }
}

TEST_CASE("What is not a number is larger than all, whatever its sign") {
  const int size = GENERATE(range(1, 10));
  const float sign = GENERATE(1.0F, -1.0F);
  for (int place = 0; place < size; ++place) {
    std::vector<float> numbers(size, Limits::infinity());
    numbers[place] = std::copysign(Limits::quiet_NaN(), sign);
    CHECK(std::isnan(internal::largest_magnitude(numbers)));
  }
}

TEST_CASE("Of the smallest numbers, and of none, the magnitude is known too") {
  CHECK(internal::largest_magnitude({}) == 0);
  const std::vector<float> numbers = {0.0F, -0.0F, -Limits::denorm_min(), 0.0F, 0.0F};
  CHECK(internal::largest_magnitude(numbers) == Limits::denorm_min());
}

}  // namespace model_magnitude_test
}  // namespace palate::testing
