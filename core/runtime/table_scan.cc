// Rounding a vector, and bounding what that does to its products.
#include "runtime/table_scan.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/dot.h"

namespace palate::internal {
namespace {

constexpr float kLargestRounded = 127;

}  // namespace

float row_product(const TableView& table, std::size_t row, std::span<const float> vector) {
  float product = 0;
  if (table.precision == Precision::kFloat32) {
    scan_kernels().float32(table.values.data() + row * table.columns, table.columns, vector.data(),
                           1, &product);
    return product;
  }
  std::array<float, kMaxDimension> numbers;
  table.read(row, std::span(numbers).first(table.columns));
  return dot(numbers.data(), vector);
}

TableScan::TableScan(const TableView& table, std::span<const float> vector,
                     const ScanKernels& kernels)
    : table_(table), vector_(vector), kernels_(kernels) {
  assert(vector.size() == table.columns && table.columns <= kMaxDimension);
  if (!is_exact()) round_vector();
}

// With q the codes of a row, s its scale, u the vector and v the rounded one,
//   |q . u - step q . v| <= largest |q| * sum of |u - step v|,
// and floats, in which the product is computed, add less than (columns + 16) roundings of
// largest |q| * sum of |u|.
void TableScan::round_vector() {
  const float largest_code = table_.precision == Precision::kInt8 ? 128 : 8;
  float largest = 0;
  double size = 0;
  for (const float x : vector_) {
    largest = std::max(largest, std::abs(x));
    size += std::abs(x);
  }
  step_ = largest / kLargestRounded;
  const float inverse = step_ > 0 && std::isfinite(1 / step_) ? 1 / step_ : 0;
  rounded_.fill(0);
  double error = 0;
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < vector_.size() && std::isfinite(size); ++k) {
    const float code = std::nearbyint(vector_[k] * inverse);
    rounded_[k] = static_cast<std::int8_t>(code);
    error += std::abs(vector_[k] - double{step_} * code);
    sum += rounded_[k];
  }
  constexpr double kRounding = 0x1p-23;
  const double rounding = (static_cast<double>(vector_.size()) + 16) * kRounding * size;
  slack_ = static_cast<float>(largest_code * (error + rounding) * (1 + 0x1p-20));
  offset_ = table_.precision == Precision::kInt4 ? 8 * sum : 0;
}

void TableScan::write_bounds(std::size_t first, std::span<float> bounds) const {
  assert(bounds.size() <= kBlock && first + bounds.size() <= table_.rows);
  if (is_exact()) {
    return kernels_.float32(table_.values.data() + first * table_.columns, table_.columns,
                            vector_.data(), bounds.size(), bounds.data());
  }
  std::array<std::int32_t, kBlock> products;
  const std::size_t row_bytes = table_.row_bytes();
  const auto kernel = table_.precision == Precision::kInt8 ? kernels_.int8 : kernels_.int4;
  kernel(table_.codes.data() + first * row_bytes, row_bytes, rounded_.data(), bounds.size(),
         products.data());
  const float* scales = table_.scales.data() + first;
  for (std::size_t r = 0; r < bounds.size(); ++r) {
    bounds[r] = scales[r] * (static_cast<float>(products[r] - offset_) * step_ + slack_);
  }
}

}  // namespace palate::internal
