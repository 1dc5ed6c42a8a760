// Rounding a vector, and bounding what that does to its products.
#include "runtime/table_scan.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "runtime/dot.h"
#include "runtime/lanes.h"

namespace palate::internal {
namespace {

// An int8 kernel takes numbers of 0 to 127, so 64 is added to each.
constexpr int kShift = 64;

void multiply_bytes(const TableView& table, std::size_t first, const std::int8_t* vector,
                    const ScanKernels& kernels, std::span<std::int32_t> products) {
  const std::size_t row_bytes = table.row_bytes();
  kernels.int8(table.codes.data() + first * row_bytes, row_bytes, vector, products.size(),
               products.data());
}

// codes . vector, in sums of their own for 16 columns: a chain of additions would be waited for.
float code_product(const std::uint8_t* codes, std::span<const float> vector) {
  using Codes = std::int8_t __attribute__((vector_size(kLanes)));
  constexpr std::size_t kChains = 4;
  Lanes sums[kChains] = {};
  std::size_t k = 0;
  for (; k + kChains * kLanes <= vector.size(); k += kChains * kLanes) {
    for (std::size_t c = 0; c < kChains; ++c) {
      Codes four;
      std::memcpy(&four, codes + k + c * kLanes, sizeof(four));
      sums[c] += __builtin_convertvector(four, Lanes) * load(&vector[k + c * kLanes]);
    }
  }
  float product = sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; k < vector.size(); ++k) product += vector[k] * static_cast<std::int8_t>(codes[k]);
  return product;
}

}  // namespace

float row_product(const TableView& table, std::size_t row, std::span<const float> vector) {
  float product = 0;
  if (table.precision == Precision::kFloat32) {
    scan_kernels().float32(table.values.data() + row * table.columns, table.columns, vector.data(),
                           1, &product);
    return product;
  }
  if (table.precision == Precision::kInt8) {
    return table.scales[row] * code_product(&table.codes[row * table.row_bytes()], vector);
  }
  std::array<float, kMaxDimension> numbers;
  table.read(row, std::span(numbers).first(table.columns));
  return dot(numbers.data(), vector);
}

void add_up_codes(const TableView& table, std::span<std::int32_t> sums,
                  const ScanKernels& kernels) {
  alignas(16) std::array<std::int8_t, kMaxDimension> ones{};
  std::fill_n(ones.begin(), table.columns, std::int8_t{1});
  multiply_bytes(table, 0, ones.data(), kernels, sums);
}

TableScan::TableScan(const TableView& table, std::span<const float> vector,
                     std::span<const std::int32_t> code_sums, const ScanKernels& kernels)
    : table_(table), vector_(vector), code_sums_(code_sums), kernels_(kernels) {
  assert(vector.size() == table.columns && table.columns <= kMaxDimension);
  if (!is_exact()) round_vector();
}

// With q the codes of a row, s its scale, u the vector and v the rounded one,
//   |q . u - step q . v| <= largest |q| * sum of |u - step v|,
// and floats, in which the product is computed, add less than (columns + 16) roundings of
// largest |q| * sum of |u|.
void TableScan::round_vector() {
  const bool bytes = table_.precision == Precision::kInt8;
  const float largest_code = bytes ? 128 : 8;
  const int shift = bytes ? kShift : 0;
  float largest = 0;
  double size = 0;
  for (const float x : vector_) {
    largest = std::max(largest, std::abs(x));
    size += std::abs(x);
  }
  step_ = largest / static_cast<float>(127 - shift);
  const float inverse = step_ > 0 && std::isfinite(1 / step_) ? 1 / step_ : 0;
  rounded_.fill(0);
  double error = 0;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < vector_.size() && std::isfinite(size); ++k) {
    const float code = std::nearbyint(vector_[k] * inverse);
    rounded_[k] = static_cast<std::int8_t>(static_cast<int>(code) + shift);
    error += std::abs(vector_[k] - double{step_} * code);
    sum += rounded_[k];
  }
  constexpr double kRounding = 0x1p-23;
  const double rounding = (static_cast<double>(vector_.size()) + 16) * kRounding * size;
  slack_ = static_cast<float>(largest_code * (error + rounding) * (1 + 0x1p-20));
  offset_ = bytes ? 0 : 8 * sum;
}

void TableScan::write_products(std::size_t first, std::span<std::int32_t> products) const {
  if (table_.precision == Precision::kInt4) {
    const std::size_t row_bytes = table_.row_bytes();
    kernels_.int4(table_.codes.data() + first * row_bytes, row_bytes, rounded_.data(),
                  products.size(), products.data());
    for (std::int32_t& product : products) product -= offset_;
    return;
  }
  multiply_bytes(table_, first, rounded_.data(), kernels_, products);
  const std::int32_t* code_sums = code_sums_.data() + first;
  for (std::size_t r = 0; r < products.size(); ++r) products[r] -= kShift * code_sums[r];
}

bool TableScan::is_finite() const {
  constexpr float kLargestScale = kMaxMagnitude / 8;
  constexpr float kLargestProduct = 0x1p24F;
  return is_exact() || std::isfinite(kLargestScale * (kLargestProduct * step_ + slack_));
}

void TableScan::write_bounds(std::size_t first, std::span<float> bounds) const {
  assert(bounds.size() <= kBlock && first + bounds.size() <= table_.rows);
  if (is_exact()) {
    return kernels_.float32(table_.values.data() + first * table_.columns, table_.columns,
                            vector_.data(), bounds.size(), bounds.data());
  }
  std::array<std::int32_t, kBlock> products;
  write_products(first, std::span(products).first(bounds.size()));
  const float* scales = table_.scales.data() + first;
  const float step = step_;
  const float slack = slack_;
  for (std::size_t r = 0; r < bounds.size(); ++r) {
    bounds[r] = scales[r] * (static_cast<float>(products[r]) * step + slack);
  }
}

}  // namespace palate::internal
