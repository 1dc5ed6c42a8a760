// Reading rows of a table, whatever its precision.
#include <algorithm>
#include <cassert>

#include "palate/model.h"

namespace palate {
namespace {

constexpr std::size_t kBlockBytes = 16;

std::size_t codes_in_block(Precision precision) { return precision == Precision::kInt8 ? 16 : 32; }

void read_int8(const std::uint8_t* codes, float scale, std::span<float> vector) {
  for (std::size_t k = 0; k < vector.size(); ++k) {
    vector[k] = scale * static_cast<float>(static_cast<std::int8_t>(codes[k]));
  }
}

void read_int4(const std::uint8_t* codes, float scale, std::span<float> vector) {
  const auto number = [scale](int code) { return scale * static_cast<float>(code - 8); };
  for (std::size_t k = 0; k < vector.size(); ++k) {
    const int pair = codes[k / 32 * kBlockBytes + k % kBlockBytes];
    vector[k] = number(k % 32 < kBlockBytes ? pair & 15 : pair >> 4);
  }
}

}  // namespace

std::size_t quantized_row_bytes(std::size_t columns, Precision precision) {
  const std::size_t block = codes_in_block(precision);
  return (columns + block - 1) / block * kBlockBytes;
}

void TableView::read(std::size_t row, std::span<float> vector) const {
  assert(row < rows && vector.size() == columns);
  if (precision == Precision::kFloat32) {
    std::copy_n(values.data() + row * columns, columns, vector.data());
    return;
  }
  const std::uint8_t* first = codes.data() + row * row_bytes();
  const auto read_codes = precision == Precision::kInt8 ? read_int8 : read_int4;
  read_codes(first, scales[row], vector);
}

}  // namespace palate
