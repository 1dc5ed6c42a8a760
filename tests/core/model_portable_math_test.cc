// The portable functions against those of the C library.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>

#include "model/portable_math.h"

namespace palate::testing {
namespace model_portable_math_test {

TEST_CASE("Portable logarithm and exponential agree with the C library") {
  for (double x :
       {1e-300, 1e-9, 0.1, 0.5, 0.70710678, 0.9999999, 1.0, 1.0000001, 2.0, 1e9, 1e300}) {
    CHECK(internal::portable_log(x) == Catch::Approx(std::log(x)).epsilon(1e-14).margin(1e-16));
    CHECK(internal::portable_log1p(x) == Catch::Approx(std::log1p(x)).epsilon(1e-14));
  }
  CHECK(internal::portable_log1p(0) == 0);
  for (double x = -30; x <= 30; x += 0.37) {
    CHECK(internal::portable_exp(x) == Catch::Approx(std::exp(x)).epsilon(1e-14));
  }
  CHECK(internal::portable_exp(0) == 1);
}

TEST_CASE("The portable exponential of floats agrees with the C library, wherever it is asked") {
  for (float x = -90; x <= 88.5F; x += 0.37F) {
    CHECK(internal::portable_expf(x) == Catch::Approx(std::exp(x)).epsilon(2e-7).margin(1e-44));
  }
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(internal::portable_expf(0) == 1);
  CHECK(internal::portable_expf(-infinity) == 0);
  CHECK(internal::portable_expf(infinity) == infinity);
  CHECK(std::isnan(internal::portable_expf(std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("Portable powers agree with the C library, and stay normal numbers") {
  for (const double x : {1e-40, 0.1, 0.5, 0.9999999, 1.0, 2.0, 12345.0, 1e40}) {
    for (const double y : {-1.0, -0.5, 0.0, 0.3, 1.0, 7.5}) {
      CHECK(internal::portable_pow(x, y) == Catch::Approx(std::pow(x, y)).epsilon(1e-12));
    }
    CHECK(internal::portable_pow(x, 0) == 1);
    CHECK(std::isnormal(internal::portable_pow(x, 1e30)));
    CHECK(std::isnormal(internal::portable_pow(x, -1e30)));
  }
}

}  // namespace model_portable_math_test
}  // namespace palate::testing
