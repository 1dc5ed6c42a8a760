// Symmetric rounding of rows to a few bits.
#include <algorithm>
#include <cassert>
#include <cmath>

#include "model/check.h"
#include "palate/model_writer.h"

namespace palate {
namespace {

int code_of(float number, float scale, int largest_code) {
  if (!(scale > 0) || !std::isfinite(scale)) return 0;
  const double code = std::nearbyint(double{number} / scale);
  return static_cast<int>(std::clamp<double>(code, -largest_code, largest_code));
}

double squared_error(std::span<const float> row, float scale, int largest_code) {
  double sum = 0;
  for (const float number : row) {
    const double error = number - double{scale} * code_of(number, scale, largest_code);
    sum += error * error;
  }
  return sum;
}

// The scale for the largest number, or a smaller one that serves the row better. Not finite where a
// number is not: so a reader refuses it.
float best_scale(std::span<const float> row, int largest_code, int trials) {
  const float whole = internal::largest_magnitude(row) / static_cast<float>(largest_code);
  float best = whole;
  double least = trials > 1 ? squared_error(row, whole, largest_code) : 0;
  for (int trial = 1; trial < trials; ++trial) {
    const float scale = whole * (1 - static_cast<float>(trial) / static_cast<float>(2 * trials));
    const double error = squared_error(row, scale, largest_code);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

}  // namespace

QuantizedTable quantize(std::span<const float> values, std::uint32_t columns, Precision precision) {
  assert(precision != Precision::kFloat32 && columns > 0 && values.size() % columns == 0);
  const bool bytes = precision == Precision::kInt8;
  const int largest_code = bytes ? 127 : 7;
  const std::size_t rows = values.size() / columns;
  const std::size_t row_bytes = quantized_row_bytes(columns, precision);
  // What fills a row up is the code 0, too.
  QuantizedTable table{{}, std::vector<std::uint8_t>(rows * row_bytes, bytes ? 0x00 : 0x88)};
  for (std::size_t r = 0; r < rows; ++r) {
    const std::span<const float> row = values.subspan(r * columns, columns);
    const float scale = best_scale(row, largest_code, bytes ? 1 : 16);
    table.scales.push_back(scale);
    std::uint8_t* codes = table.codes.data() + r * row_bytes;
    for (std::size_t k = 0; k < columns; ++k) {
      const int code = code_of(row[k], scale, largest_code);
      if (bytes) {
        codes[k] = static_cast<std::uint8_t>(code);
        continue;
      }
      std::uint8_t& pair = codes[k / 32 * 16 + k % 16];
      const unsigned shift = k / 16 % 2 * 4;
      pair = static_cast<std::uint8_t>((pair & ~(15U << shift)) | static_cast<unsigned>(code + 8)
                                                                      << shift);
    }
  }
  return table;
}

}  // namespace palate
