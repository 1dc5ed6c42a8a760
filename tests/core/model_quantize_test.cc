// Rounding tables to a few bits, and reading them as the format describes them.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <vector>

#include "sample_models.h"

namespace palate::testing {
namespace model_quantize_test {

TableView view(const QuantizedTable& table, std::uint32_t columns, Precision precision) {
  TableView view;
  view.rows = static_cast<std::uint32_t>(table.scales.size());
  view.columns = columns;
  view.precision = precision;
  view.scales = table.scales;
  view.codes = table.codes;
  return view;
}

std::vector<float> read_all(const TableView& table) {
  std::vector<float> values(std::size_t{table.rows} * table.columns);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, std::span(values).subspan(row * table.columns, table.columns));
  }
  return values;
}

double squared_error(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += std::pow(double{a[k]} - b[k], 2);
  return sum;
}

TEST_CASE("A number in 8 bits is at most half a step from what it was") {
  const std::uint32_t columns = GENERATE(1, 2, 15, 16, 17, 31, 32, 33, 64, 100, 1024);
  CAPTURE(columns);
  const std::vector<float> values = SampleNumbers(columns).many(std::size_t{7} * columns, -3, 2);
  const QuantizedTable table = quantize(values, columns, Precision::kInt8);
  const std::vector<float> read = read_all(view(table, columns, Precision::kInt8));
  for (std::size_t k = 0; k < values.size(); ++k) {
    CHECK(std::abs(read[k] - values[k]) <= table.scales[k / columns] * 0.5001F);
  }
}

TEST_CASE("The scale in 4 bits errs no more than the one for the largest number") {
  const std::uint32_t columns = GENERATE(1, 2, 15, 16, 17, 31, 32, 33, 64, 100, 1024);
  CAPTURE(columns);
  const std::vector<float> values = SampleNumbers(columns).many(columns, -3, 2);
  const QuantizedTable table = quantize(values, columns, Precision::kInt4);
  const std::vector<float> read = read_all(view(table, columns, Precision::kInt4));
  float largest = 0;
  for (const float value : values) largest = std::max(largest, std::abs(value));
  const float step = largest / 7;
  std::vector<float> plain;
  for (const float value : values) plain.push_back(step * std::nearbyint(value / step));
  CHECK(squared_error(read, values) <= squared_error(plain, values) * (1 + 1e-6));
  // A code is a fifteenth of the range away from its neighbours, or less.
  CHECK(squared_error(read, values) <= columns * std::pow(step / 2, 2) * 1.001);
}

TEST_CASE("What was quantised stays as it is when it is quantised again") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const std::vector<float> values = SampleNumbers(5).many(50 * 21, -1, 1);
  const QuantizedTable once = quantize(values, 21, precision);
  const std::vector<float> read = read_all(view(once, 21, precision));
  const QuantizedTable twice = quantize(read, 21, precision);
  CHECK(once.codes == twice.codes);
  for (std::size_t row = 0; row < once.scales.size(); ++row) {
    CHECK(twice.scales[row] == Catch::Approx(once.scales[row]).epsilon(1e-6));
  }
}

TEST_CASE("A row of zeros, and one of next to nothing, read as zeros") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const std::vector<float> values = {0, 0, 0, 1e-45F, 0, -1e-45F, 1, 2, -3};
  const QuantizedTable table = quantize(values, 3, precision);
  const std::vector<float> read = read_all(view(table, 3, precision));
  for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(read[k]) <= 1e-44F);
  CHECK(read[8] == Catch::Approx(-3).epsilon(0.1));
}

TEST_CASE("Codes lie where the format says") {
  QuantizedTable bytes{{0.5F}, std::vector<std::uint8_t>(32, 0)};
  bytes.codes[0] = 0x80;
  bytes.codes[17] = 3;
  std::vector<float> row = read_all(view(bytes, 18, Precision::kInt8));
  CHECK(row[0] == -64.0F);
  CHECK(row[17] == 1.5F);

  QuantizedTable halves{{0.5F}, std::vector<std::uint8_t>(32, 0x88)};
  halves.codes[1] = 0xF0;   // code 1: -8, code 17: 7
  halves.codes[16] = 0xA9;  // code 32: 1, code 48: 2
  row = read_all(view(halves, 49, Precision::kInt4));
  CHECK(row[0] == 0.0F);
  CHECK(row[1] == -4.0F);
  CHECK(row[17] == 3.5F);
  CHECK(row[32] == 0.5F);
  CHECK(row[48] == 1.0F);
}

}  // namespace model_quantize_test
}  // namespace palate::testing
