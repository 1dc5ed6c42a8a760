// The passes over a table in plain loops: for any machine, and what the other kernels are held to.
#include "runtime/dot.h"
#include "runtime/scan/kernels.h"

namespace palate::internal {
namespace {

void float32(const float* rows, size_t columns, const float* vector, size_t count,
             float* products) {
  dot_rows(rows, {vector, columns}, {products, count});
}

void int8(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for (size_t r = 0; r < count; ++r, rows += row_bytes) {
    int32_t sum = 0;
    for (size_t b = 0; b < row_bytes; ++b) sum += static_cast<int8_t>(rows[b]) * vector[b];
    products[r] = sum;
  }
}

void int4(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for (size_t r = 0; r < count; ++r, rows += row_bytes) {
    int32_t sum = 0;
    for (size_t block = 0; block < row_bytes; block += 16) {
      const int8_t* low = vector + 2 * block;
      for (size_t b = 0; b < 16; ++b) {
        const int pair = rows[block + b];
        sum += (pair & 15) * low[b] + (pair >> 4) * low[16 + b];
      }
    }
    products[r] = sum;
  }
}

}  // namespace

const ScanKernels kPortableScan = {float32, int8, int4};

}  // namespace palate::internal
