// The seeded generator against the published algorithms and the laws of its distributions.
#include <array>
#include <bit>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "palate/random.h"

namespace palate::testing {
namespace data_random_test {

// SplitMix64 and xoshiro256** as their authors print them (prng.di.unimi.it).
std::uint64_t reference_split_mix(std::uint64_t& x) {
  std::uint64_t z = (x += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t reference_xoshiro(std::array<std::uint64_t, 4>& s) {
  const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

TEST_CASE("Random is xoshiro256** seeded by SplitMix64") {
  std::uint64_t seed = 1234567;  // its first five outputs are published test values
  std::array<std::uint64_t, 4> state{};
  for (std::uint64_t& word : state) word = reference_split_mix(seed);
  CHECK(state == std::array<std::uint64_t, 4>{6457827717110365317U, 3203168211198807973U,
                                              9817491932198370423U, 4593380528125082431U});
  std::array<std::uint64_t, 4> known = {1, 2, 3, 4};
  CHECK(reference_xoshiro(known) == 11520);
  CHECK(reference_xoshiro(known) == 0);
  CHECK(reference_xoshiro(known) == 1509978240);

  Random random(1234567);
  for (int draw = 0; draw < 100; ++draw) CHECK(random.next() == reference_xoshiro(state));
}

TEST_CASE("Streams of one seed differ, and are not those of seed and stream exchanged") {
  Random first(1, 2);
  Random second(1, 3);
  Random exchanged(2, 1);
  Random again(1, 2);
  const std::uint64_t number = first.next();
  CHECK(number != second.next());
  CHECK(number != exchanged.next());
  CHECK(number == again.next());
}

TEST_CASE("Bounded integers are uniform") {
  Random random(7);
  constexpr int kDraws = 70'000;
  std::array<int, 7> counts{};
  for (int draw = 0; draw < kDraws; ++draw) ++counts[random.below(7)];
  double chi_square = 0;
  for (const int count : counts) chi_square += std::pow(count - kDraws / 7.0, 2) / (kDraws / 7.0);
  CHECK(chi_square < 22.5);  // 99.9 % of the distribution with 6 degrees of freedom
  CHECK(Random(1).below(1) == 0);
}

TEST_CASE("Uniform and normal numbers have the moments of their laws") {
  Random random(3);
  constexpr int kDraws = 200'000;
  double uniform_sum = 0;
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  int beyond = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double uniform = random.uniform();
    REQUIRE((uniform >= 0 && uniform < 1));
    uniform_sum += uniform;
    const double normal = random.normal();
    sum += normal;
    squares += normal * normal;
    fourths += std::pow(normal, 4);
    beyond += std::abs(normal) > 1.959963984540054 ? 1 : 0;
  }
  CHECK(uniform_sum / kDraws == Catch::Approx(0.5).margin(0.003));
  CHECK(sum / kDraws == Catch::Approx(0).margin(0.01));
  CHECK(squares / kDraws == Catch::Approx(1).margin(0.015));
  CHECK(fourths / kDraws == Catch::Approx(3).margin(0.1));
  CHECK(beyond / double{kDraws} == Catch::Approx(0.05).margin(0.002));
}

TEST_CASE("A shuffle is a permutation and moves the first element anywhere") {
  std::array<int, 4> places{};
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    std::vector<int> values(4);
    std::iota(values.begin(), values.end(), 0);
    Random(seed).shuffle(std::span(values));
    ++places[std::find(values.begin(), values.end(), 0) - values.begin()];
    std::sort(values.begin(), values.end());
    REQUIRE(values == std::vector<int>{0, 1, 2, 3});
  }
  for (const int count : places) CHECK((count > 60 && count < 140));
}

}  // namespace data_random_test
}  // namespace palate::testing
