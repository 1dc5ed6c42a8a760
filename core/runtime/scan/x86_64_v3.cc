// The passes over a table for x86-64-v3 (AVX2, FMA). Registers of AVX-512 were slower on every
// table: rows begin at multiples of 16, so most of their loads touch two cache lines.
#include <immintrin.h>

#include "runtime/scan/kernels.h"

namespace palate::internal {
namespace {

// That share every load of the vector; more are more places at once than processors read ahead of.
constexpr size_t kRows = 2;

constexpr size_t kLanes = 8;

// An alias declaration would lose the attributes. NOLINTNEXTLINE(modernize-use-using)
typedef float Lanes
    __attribute__((vector_size(kLanes * sizeof(float)), aligned(sizeof(float)), may_alias));

const Lanes& lanes_at(const float* x) { return *reinterpret_cast<const Lanes*>(x); }

float sum_of(const Lanes& x) {
  float parts[kLanes];
  __builtin_memcpy(parts, &x, sizeof(parts));
  for (size_t half = kLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) parts[i] += parts[i + half];
  }
  return parts[0];
}

__m128i load(const void* block) { return _mm_loadu_si128(static_cast<const __m128i*>(block)); }
__m256i load_two(const void* blocks) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(blocks));
}

int32_t sum_of(__m256i x) {
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
  return _mm_cvtsi128_si32(sum);
}

/// Adds the products of numbers of 0 to 127 with codes: at most 2 * 127 * 128, no sum of two is cut
/// off.
__m256i add_products(__m256i sum, __m256i factor, __m256i codes) {
  const __m256i pairs = _mm256_maddubs_epi16(factor, codes);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

/// A kernel's row type and what a group of rows does; `for_rows` goes through all of them.
struct Float32 {
  const float* rows;
  size_t columns;
  const float* vector;

  template <size_t Rows>
  void write(size_t first, float* products) const {
    const float* row = rows + first * columns;
    Lanes sums[Rows] = {};
    size_t k = 0;
    for (; k + kLanes <= columns; k += kLanes) {
      for (size_t r = 0; r < Rows; ++r) {
        sums[r] += lanes_at(row + r * columns + k) * lanes_at(vector + k);
      }
    }
    for (size_t r = 0; r < Rows; ++r) {
      float product = sum_of(sums[r]);
      for (size_t tail = k; tail < columns; ++tail) {
        product = __builtin_fmaf(row[r * columns + tail], vector[tail], product);
      }
      products[first + r] = product;
    }
  }
};

struct Int8 {
  const uint8_t* rows;
  size_t row_bytes;
  const int8_t* vector;

  template <size_t Rows>
  void write(size_t first, int32_t* products) const {
    const uint8_t* row = rows + first * row_bytes;
    __m256i sums[Rows] = {};
    size_t b = 0;
    for (; b + 32 <= row_bytes; b += 32) {
      const __m256i factor = load_two(vector + b);
      for (size_t r = 0; r < Rows; ++r) {
        const __m256i codes = load_two(row + r * row_bytes + b);
        sums[r] = add_products(sums[r], factor, codes);
      }
    }
    if (b < row_bytes) {
      const __m256i factor = _mm256_zextsi128_si256(load(vector + b));
      for (size_t r = 0; r < Rows; ++r) {
        const __m256i codes = _mm256_zextsi128_si256(load(row + r * row_bytes + b));
        sums[r] = add_products(sums[r], factor, codes);
      }
    }
    for (size_t r = 0; r < Rows; ++r) products[first + r] = sum_of(sums[r]);
  }
};

struct Int4 {
  const uint8_t* rows;
  size_t row_bytes;
  const int8_t* vector;

  template <size_t Rows>
  void write(size_t first, int32_t* products) const {
    const uint8_t* row = rows + first * row_bytes;
    const __m128i half = _mm_set1_epi8(15);
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums[Rows] = {};
    for (size_t b = 0; b < row_bytes; b += 16) {
      const __m256i factor = load_two(vector + 2 * b);
      for (size_t r = 0; r < Rows; ++r) {
        const __m128i pairs = load(row + r * row_bytes + b);
        const __m128i low = _mm_and_si128(pairs, half);
        const __m128i high = _mm_and_si128(_mm_srli_epi16(pairs, 4), half);
        // At most 2 * 15 * 127: no sum of two is cut off.
        const __m256i sixteens = _mm256_maddubs_epi16(_mm256_set_m128i(high, low), factor);
        sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(sixteens, ones));
      }
    }
    for (size_t r = 0; r < Rows; ++r) products[first + r] = sum_of(sums[r]);
  }
};

template <class Table, class Number>
void for_rows(const Table& table, size_t count, Number* products) {
  size_t row = 0;
  for (; row + kRows <= count; row += kRows) table.template write<kRows>(row, products);
  for (; row < count; ++row) table.template write<1>(row, products);
}

void float32(const float* rows, size_t columns, const float* vector, size_t count,
             float* products) {
  for_rows(Float32{rows, columns, vector}, count, products);
}

void int8(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for_rows(Int8{rows, row_bytes, vector}, count, products);
}

void int4(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for_rows(Int4{rows, row_bytes, vector}, count, products);
}

}  // namespace

const ScanKernels kX8664V3Scan = {float32, int8, int4};

}  // namespace palate::internal
