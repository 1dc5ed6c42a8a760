// Every kernel of every instruction set that runs here, against sums that are spelt out.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "runtime/best_picks.h"
#include "runtime/scan/choice.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"
#include "sample_lists.h"
#include "sample_models.h"
#include "sample_table.h"

namespace palate::testing {
namespace runtime_scan_test {

using internal::ScanKernels;
using internal::TableScan;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

double exact_product(const TableView& table, std::size_t row, std::span<const float> vector) {
  std::vector<float> numbers(table.columns);
  table.read(row, numbers);
  double sum = 0;
  for (std::size_t k = 0; k < numbers.size(); ++k) sum += double{numbers[k]} * vector[k];
  return sum;
}

TEST_CASE("Kernels of whole numbers add up exactly, the extremes too") {
  const std::size_t blocks = GENERATE(1, 2, 3, 4, 5, 64);
  const std::size_t count = GENERATE(1, 2, 3, 4, 5, 8, 9, 255);
  CAPTURE(blocks, count);
  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  SampleNumbers numbers(blocks * 1000 + count);
  const bool extremes = GENERATE(false, true);
  std::vector<Block> rows(blocks * count);
  for (Block& block : rows) {
    for (std::uint8_t& byte : block.bytes) {
      byte = static_cast<std::uint8_t>(extremes ? 0x80 : numbers.below(256));
    }
  }
  std::vector<std::int8_t> vector(2 * 16 * blocks);
  std::vector<std::int8_t> shifted(16 * blocks);
  for (std::int8_t& number : vector) {
    number = static_cast<std::int8_t>(extremes ? -127 : static_cast<int>(numbers.below(255)) - 127);
  }
  for (std::int8_t& number : shifted) {
    number = static_cast<std::int8_t>(extremes ? 127 : numbers.below(128));
  }
  std::vector<std::int32_t> int8(count);
  std::vector<std::int32_t> int4(count);
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t b = 0; b < 16 * blocks; ++b) {
      const int byte = rows[r * blocks + b / 16].bytes[b % 16];
      int8[r] += (byte < 128 ? byte : byte - 256) * shifted[b];
      const std::size_t low = b / 16 * 32 + b % 16;
      int4[r] += byte % 16 * vector[low] + byte / 16 * vector[low + 16];
    }
  }
  for (const ScanKernels* kernels : internal::usable_scan_kernels()) {
    std::vector<std::int32_t> found(count);
    kernels->int8(rows.data()->bytes, 16 * blocks, shifted.data(), count, found.data());
    CHECK(found == int8);
    kernels->int4(rows.data()->bytes, 16 * blocks, vector.data(), count, found.data());
    CHECK(found == int4);
  }
}

TEST_CASE("Kernels of floats give a row's product, the same wherever the row stands") {
  const std::uint32_t columns = GENERATE(1, 3, 4, 7, 8, 15, 16, 17, 64, 100);
  CAPTURE(columns);
  SampleNumbers numbers(columns);
  const std::vector<float> row = numbers.many(columns, -1, 1);
  const std::vector<float> vector = numbers.many(columns, -1, 1);
  std::vector<float> rows;
  for (int r = 0; r < 13; ++r) rows.insert(rows.end(), row.begin(), row.end());
  double sum = 0;
  double size = 0;
  for (std::size_t k = 0; k < columns; ++k) {
    sum += double{row[k]} * vector[k];
    size += std::abs(double{row[k]} * vector[k]);
  }
  for (const ScanKernels* kernels : internal::usable_scan_kernels()) {
    std::vector<float> found(13);
    kernels->float32(rows.data(), columns, vector.data(), found.size(), found.data());
    CHECK(found[0] == Catch::Approx(sum).margin(size * 1e-6));
    for (const float product : found) CHECK(product == found[0]);
  }
}

TEST_CASE("Bounds are never below a product, and not far above it") {
  const Precision precision = GENERATE(Precision::kFloat32, Precision::kInt8, Precision::kInt4);
  const std::uint32_t columns = GENERATE(1, 5, 16, 33, 64, 1024);
  const float size = GENERATE(1e-30F, 1.0F, 1e20F);
  CAPTURE(columns, size);
  SampleNumbers numbers(columns);
  const SampleTable table(numbers.many(std::size_t{300} * columns, -1, 1), columns, precision);
  std::vector<float> vector = numbers.many(columns, -size, size);
  for (const ScanKernels* kernels : internal::usable_scan_kernels()) {
    const TableScan scan(table.view(), vector, table.code_sums(), *kernels);
    std::vector<float> bounds(columns == 5 ? 255 : 256);
    scan.write_bounds(44, bounds);
    for (std::size_t r = 0; r < bounds.size(); ++r) {
      const double exact = exact_product(table.view(), 44 + r, vector);
      const double slack = precision == Precision::kFloat32 ? 1e-6 : 0.02;
      REQUIRE(bounds[r] >= exact - (scan.is_exact() ? 1e-6 * size * columns : 0));
      REQUIRE(bounds[r] <= exact + slack * size * columns);
      if (scan.is_exact()) continue;
      REQUIRE(bounds[r] >= scan.product(44 + r));
      REQUIRE(bounds[r] - scan.spread(44 + r) <= scan.product(44 + r));
    }
  }
}

TEST_CASE("A vector of zeros, of one number and of very small ones has bounds") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const SampleTable table(SampleNumbers(3).many(40 * 6, -1, 1), 6, precision);
  const std::vector<float> vector =
      GENERATE(std::vector<float>(6, 0.0F), std::vector<float>{0, 0, -7, 0, 0, 0},
               std::vector<float>(6, 1e-36F));
  const TableScan scan(table.view(), vector, table.code_sums());
  std::vector<float> bounds(40);
  scan.write_bounds(0, bounds);
  for (std::size_t r = 0; r < bounds.size(); ++r) {
    CHECK(std::isfinite(bounds[r]));
    CHECK(bounds[r] >= scan.product(r));
  }
}

std::vector<Pick> sorted_picks(const TableView& table, std::span<const float> vector,
                               std::span<const float> row_scale, std::size_t count) {
  std::vector<Pick> picks;
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    const float factor = row_scale.empty() ? 1 : row_scale[row];
    picks.push_back({ItemIndex{row}, internal::row_product(table, row, vector) * factor});
  }
  std::sort(picks.begin(), picks.end(), internal::ranks_before);
  picks.resize(std::min(picks.size(), count));
  return picks;
}

TEST_CASE("Top-k of a quantised table is exact, by every kernel") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const std::uint32_t rows = GENERATE(1, 7, 255, 257, 1000);
  const std::uint32_t columns = GENERATE(1, 6, 33, 64);
  const std::size_t count = GENERATE(1, 20, 2000);
  CAPTURE(rows, columns, count);
  SampleNumbers numbers(rows + columns);
  const SampleTable table(numbers.many(std::size_t{rows} * columns, -1, 1), columns, precision);
  const std::vector<float> vector = numbers.many(columns, -1, 1);
  const std::vector<float> scales = count == 20 ? numbers.many(rows, 0, 2) : std::vector<float>();
  const std::vector<Pick> expected = sorted_picks(table.view(), vector, scales, count);
  for (const ScanKernels* kernels : internal::usable_scan_kernels()) {
    const auto found = best_rows({.table = table.view(),
                                  .vector = vector,
                                  .row_scale = scales,
                                  .excluded = {},
                                  .code_sums = table.code_sums()},
                                 count, *kernels);
    REQUIRE(found);
    REQUIRE(found->size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      REQUIRE((*found)[i].item == expected[i].item);
      REQUIRE((*found)[i].score == expected[i].score);
    }
  }
}

TEST_CASE("Top-k of equal rows is the first ones, in every precision") {
  const Precision precision = GENERATE(Precision::kFloat32, Precision::kInt8, Precision::kInt4);
  const SampleTable table(std::vector<float>(1000 * 5, 0.37F), 5, precision);
  const std::vector<float> vector = {1, -0.5F, 0.25F, 0.1F, 3};
  internal::RowBits excluded;
  REQUIRE(excluded.reset(1000, false).ok());
  for (const std::size_t row : {0, 2, 3}) excluded.leave_out(row);
  for (const ScanKernels* kernels : internal::usable_scan_kernels()) {
    const auto found = best_rows({.table = table.view(),
                                  .vector = vector,
                                  .row_scale = {},
                                  .excluded = excluded.mask(),
                                  .code_sums = table.code_sums()},
                                 20, *kernels);
    REQUIRE(found);
    REQUIRE(found->size() == 20);
    CHECK((*found)[0].item == ItemIndex{1});
    for (std::size_t i = 1; i < 20; ++i) CHECK((*found)[i].item == to_item(i + 3));
  }
}

TEST_CASE("Top-k of a quantised table refuses a vector that is not finite or much too large") {
  const Precision precision = GENERATE(Precision::kInt8, Precision::kInt4);
  const SampleTable table(SampleNumbers(8).many(10 * 4, 1, 2), 4, precision);
  const float bad = GENERATE(kNoValue, kInfinity, -kInfinity, 3e38F);
  const std::vector<float> vector = {bad, bad, bad, bad};
  CHECK_FALSE(best_rows({.table = table.view(),
                         .vector = vector,
                         .row_scale = {},
                         .excluded = {},
                         .code_sums = table.code_sums()},
                        3));
}

}  // namespace runtime_scan_test
}  // namespace palate::testing
