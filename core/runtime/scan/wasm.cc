// The passes over a table in WebAssembly's simd128, and with the dot product of relaxed SIMD.
#include <wasm_simd128.h>

#include "palate/seldom.h"
#include "runtime/dot.h"
#include "runtime/scan/kernels.h"

namespace palate::internal {
namespace {

constexpr size_t kGroup = 4;  // that share every load of the vector

void float32(const float* rows, size_t columns, const float* vector, size_t count,
             float* products) {
  dot_rows(rows, {vector, columns}, {products, count});
}

/// sum + a . b, of 16 whole numbers each.
v128_t add_dot(v128_t sum, v128_t a, v128_t b) {
  const v128_t low =
      wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(a), wasm_i16x8_extend_low_i8x16(b));
  const v128_t high =
      wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(a), wasm_i16x8_extend_high_i8x16(b));
  return wasm_i32x4_add(sum, wasm_i32x4_add(low, high));
}

/// The four sums of four vectors.
v128_t sums_of(const v128_t (&x)[kGroup]) {
  const v128_t a = wasm_i32x4_add(wasm_i32x4_shuffle(x[0], x[1], 0, 4, 2, 6),
                                  wasm_i32x4_shuffle(x[0], x[1], 1, 5, 3, 7));
  const v128_t b = wasm_i32x4_add(wasm_i32x4_shuffle(x[2], x[3], 0, 4, 2, 6),
                                  wasm_i32x4_shuffle(x[2], x[3], 1, 5, 3, 7));
  return wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 1, 4, 5), wasm_i32x4_shuffle(a, b, 2, 3, 6, 7));
}

/// Four rows at a time; `add_block(sum, row block, block number)` adds to the sum of a row. The
/// last rows are read with the one before them standing in for those that are not there.
template <class AddBlock>
void for_rows(const uint8_t* rows, size_t row_bytes, size_t count, int32_t* products,
              AddBlock add_block) {
  for (size_t first = 0; first < count; first += kGroup) {
    const size_t left = count - first;
    const uint8_t* row[kGroup];
    for (size_t r = 0; r < kGroup; ++r) {
      row[r] = rows + (first + (r < left ? r : left - 1)) * row_bytes;
    }
    v128_t sums[kGroup] = {};
    for (size_t block = 0; block < row_bytes; block += 16) {
      for (size_t r = 0; r < kGroup; ++r) {
        sums[r] = add_block(sums[r], wasm_v128_load(row[r] + block), block);
      }
    }
    const v128_t whole = sums_of(sums);
    if (left >= kGroup) {
      wasm_v128_store(products + first, whole);
    } else {
      __builtin_memcpy(products + first, &whole, left * sizeof(int32_t));
    }
  }
}

v128_t low_half(v128_t pairs) { return wasm_v128_and(pairs, wasm_i8x16_const_splat(15)); }
v128_t high_half(v128_t pairs) { return wasm_u8x16_shr(pairs, 4); }

void int8(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for_rows(rows, row_bytes, count, products, [=](v128_t sum, v128_t codes, size_t block) {
    return add_dot(sum, codes, wasm_v128_load(vector + block));
  });
}

void int4(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
          int32_t* products) {
  for_rows(rows, row_bytes, count, products, [=](v128_t sum, v128_t pairs, size_t block) {
    sum = add_dot(sum, low_half(pairs), wasm_v128_load(vector + 2 * block));
    return add_dot(sum, high_half(pairs), wasm_v128_load(vector + 2 * block + 16));
  });
}

#ifdef __wasm_relaxed_simd__

// The second factor must lie in 0 to 127: an engine may take its top bit for a sign or not.
v128_t add_relaxed_dot(v128_t sum, v128_t a, v128_t b) {
  return wasm_i32x4_relaxed_dot_i8x16_i7x16_add(a, b, sum);
}

void relaxed_int8(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
                  int32_t* products) {
  for_rows(rows, row_bytes, count, products, [=](v128_t sum, v128_t codes, size_t block) {
    return add_relaxed_dot(sum, codes, wasm_v128_load(vector + block));
  });
}

void relaxed_int4(const uint8_t* rows, size_t row_bytes, const int8_t* vector, size_t count,
                  int32_t* products) {
  for_rows(rows, row_bytes, count, products, [=](v128_t sum, v128_t pairs, size_t block) {
    sum = add_relaxed_dot(sum, wasm_v128_load(vector + 2 * block), low_half(pairs));
    return add_relaxed_dot(sum, wasm_v128_load(vector + 2 * block + 16), high_half(pairs));
  });
}

#endif

template <auto kKernel>
constexpr auto kSeldom =
    &Seldom<kKernel>::template call<const uint8_t*, size_t, const int8_t*, size_t, int32_t*>;

}  // namespace

const ScanKernels kWasmScan = {float32, int8, kSeldom<&int4>};
#ifdef __wasm_relaxed_simd__
const ScanKernels kWasmRelaxedScan = {float32, relaxed_int8, kSeldom<&relaxed_int4>};
#endif

}  // namespace palate::internal
