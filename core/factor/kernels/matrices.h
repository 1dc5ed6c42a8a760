// Products and factorisations of small matrices, built from lanes. Part of each kernel file:
// everything is in the unnamed namespace.
#ifndef PALATE_FACTOR_KERNELS_MATRICES_H_
#define PALATE_FACTOR_KERNELS_MATRICES_H_

#include <stddef.h>

#include "factor/kernels/lanes.h"

namespace palate::internal {
namespace {

template <int... Values>
struct Numbers {};

// A tile of accumulators, kTileRows x kPanel numbers, fills the registers but for its operands.
#if defined(__AVX512F__)
constexpr size_t kTileRows = 8;
constexpr Numbers<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15> kEachLane;
#elif defined(__AVX__)
constexpr size_t kTileRows = 4;
constexpr Numbers<0, 1, 2, 3, 4, 5, 6, 7> kEachLane;
#else
constexpr size_t kTileRows = 4;
constexpr Numbers<0, 1, 2, 3> kEachLane;
#endif
constexpr size_t kVectors = 2;
constexpr size_t kPanel = kVectors * kLanes;
constexpr size_t kDepth = 256;  // of a packed panel: 8 to 32 KiB

size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
size_t round_up(size_t x, size_t step) { return (x + step - 1) / step * step; }

/// Lanes without the bit `Half`: each of a, plus its partner with that bit; lanes with it: the same
/// of b.
template <int Half, int... Lane>
Lanes fold(const Lanes& a, const Lanes& b, Numbers<Lane...> /*each*/) {
  constexpr int kOfB = kLanes;
  return __builtin_shufflevector(a, b, (Lane & Half ? kOfB + Lane : Lane)...) +
         __builtin_shufflevector(a, b, (Lane & Half ? kOfB + (Lane ^ Half) : Lane ^ Half)...);
}

/// The sum of x[k] in lane k. Uses x up.
template <int Half = kLanes / 2>
Lanes sums_of(Lanes* x) {
  if constexpr (Half == 0) {
    return x[0];
  } else {
    for (size_t k = 0; k < Half; ++k) x[k] = fold<Half>(x[k], x[k + Half], kEachLane);
    return sums_of<Half / 2>(x);
  }
}

/// A strip is kLanes rows R of `stride` numbers, as squares side by side: the first kLanes numbers
/// of each row, then the next ones.
constexpr size_t kSquare = kLanes * kLanes;

/// R v for a strip.
Lanes products(const float* strip, size_t stride, const float* v) {
  Lanes sums[kLanes] = {};
  for (size_t i = 0; i < stride; i += kLanes, strip += kSquare) {
    const Lanes factor = lanes_at(v + i);
    for (size_t r = 0; r < kLanes; ++r) sums[r] += lanes_at(strip + r * kLanes) * factor;
  }
  return sums_of(sums);
}

/// result += R'f for a strip; with `Squares`, squares += the sums of the
/// squares of R's columns.
template <bool Squares>
void add_combination(const float* strip, size_t stride, const Lanes& f, float* result,
                     float* squares) {
  float factors[kLanes];
  __builtin_memcpy(factors, &f, sizeof(factors));
  for (size_t i = 0; i < stride; i += kLanes, strip += kSquare) {
    Lanes sums[2] = {lanes_at(result + i), {}};
    Lanes squared[2] = {};
    for (size_t r = 0; r < kLanes; ++r) {
      const Lanes row = lanes_at(strip + r * kLanes);
      sums[r % 2] += factors[r] * row;
      if (Squares) squared[r % 2] += row * row;
    }
    lanes_at(result + i) = sums[0] + sums[1];
    if (Squares) lanes_at(squares + i) += squared[0] + squared[1];
  }
}

/// Element (r, k) of a matrix is values[r * row + k * column].
struct Strided {
  const float* values;
  size_t row;
  size_t column;

  Strided at(size_t r, size_t k) const { return {values + r * row + k * column, row, column}; }
};

/// Rows x kPanel numbers of c += a (Rows x depth) * panel (depth x kPanel).
template <size_t Rows>
void add_tile(Strided a, const float* panel, size_t depth, float* c, size_t c_stride,
              size_t columns) {
  Lanes sums[Rows][kVectors] = {};
  for (size_t k = 0; k < depth; ++k) {
    for (size_t r = 0; r < Rows; ++r) {
      const float x = a.values[r * a.row + k * a.column];
      for (size_t v = 0; v < kVectors; ++v) {
        sums[r][v] += x * lanes_at(panel + k * kPanel + v * kLanes);
      }
    }
  }
  for (size_t r = 0; r < Rows; ++r) {
    float* row = c + r * c_stride;
    if (columns == kPanel) {
      for (size_t v = 0; v < kVectors; ++v) lanes_at(row + v * kLanes) += sums[r][v];
    } else {
      for (size_t i = 0; i < columns; ++i) row[i] += sums[r][i / kLanes][i % kLanes];
    }
  }
}

/// depth x columns of b, side by side, with zeros up to kPanel columns.
void pack(Strided b, size_t depth, size_t columns, float* panel) {
  if (b.column == 1 && columns == kPanel) {
    for (size_t k = 0; k < depth; ++k) {
      for (size_t v = 0; v < kPanel; v += kLanes) {
        lanes_at(panel + k * kPanel + v) = lanes_at(b.values + k * b.row + v);
      }
    }
    return;
  }
  for (size_t k = 0; k < depth; ++k) {
    const float* row = b.values + k * b.row;
    for (size_t i = 0; i < columns; ++i) panel[k * kPanel + i] = row[i * b.column];
    for (size_t i = columns; i < kPanel; ++i) panel[k * kPanel + i] = 0;
  }
}

/// c (m x n, rows c_stride apart) += a (m x k) * b (k x n). With `upper`, a column panel stops at
/// the tile row that covers its last diagonal element: enough for a symmetric product.
void add_product(Strided a, Strided b, size_t m, size_t n, size_t k, bool upper, float* c,
                 size_t c_stride) {
  alignas(64) float panel[kDepth * kPanel];
  for (size_t k0 = 0; k0 < k; k0 += kDepth) {
    const size_t depth = smaller(kDepth, k - k0);
    for (size_t n0 = 0; n0 < n; n0 += kPanel) {
      const size_t columns = smaller(kPanel, n - n0);
      pack(b.at(k0, n0), depth, columns, panel);
      const size_t rows = upper ? smaller(m, n0 + kPanel) : m;
      size_t r = 0;
      for (; r + kTileRows <= rows; r += kTileRows) {
        add_tile<kTileRows>(a.at(r, k0), panel, depth, c + r * c_stride + n0, c_stride, columns);
      }
      for (; r < rows; ++r) {
        add_tile<1>(a.at(r, k0), panel, depth, c + r * c_stride + n0, c_stride, columns);
      }
    }
  }
}

/// Rows x (Vectors * kLanes) numbers of c += or -= R'R, where `rows` are numbers of R's rows from
/// c's first row on, and `columns` from c's first column on.
template <size_t Rows, size_t Vectors, bool Subtract>
void add_gram_tile(const float* rows, const float* columns, size_t count, size_t stride, float* c) {
  Lanes sums[Rows][Vectors];
  for (size_t r = 0; r < Rows; ++r) {
    for (size_t v = 0; v < Vectors; ++v) sums[r][v] = lanes_at(c + r * stride + v * kLanes);
  }
  for (size_t k = 0; k < count; ++k) {
    for (size_t r = 0; r < Rows; ++r) {
      const float x = Subtract ? -rows[k * stride + r] : rows[k * stride + r];
      for (size_t v = 0; v < Vectors; ++v) {
        sums[r][v] += x * lanes_at(columns + k * stride + v * kLanes);
      }
    }
  }
  for (size_t r = 0; r < Rows; ++r) {
    for (size_t v = 0; v < Vectors; ++v) lanes_at(c + r * stride + v * kLanes) = sums[r][v];
  }
}

/// kLanes rows of c, `Vectors` vectors of columns: in tiles that leave registers for operands.
template <size_t Vectors, bool Subtract>
void add_gram_strip(const float* rows, const float* columns, size_t count, size_t stride,
                    float* c) {
  constexpr size_t kRows = kTileRows * kVectors / Vectors;
  constexpr size_t kStep = kRows < kLanes ? kRows : kLanes;
  for (size_t r = 0; r < kLanes; r += kStep) {
    add_gram_tile<kStep, Vectors, Subtract>(rows + r, columns, count, stride, c + r * stride);
  }
}

/// The upper triangle of c (stride x stride) += or -= R'R from row and column `from` on, by strips
/// of kLanes rows, so what lies below the diagonal may be overwritten there. R has `count` rows;
/// stride and `from` are multiples of kLanes.
template <bool Subtract>
void add_gram(const float* r, size_t count, size_t from, size_t stride, float* c) {
  for (size_t i = from; i < stride; i += kLanes) {
    size_t j = i;
    for (; j + 2 * kLanes <= stride; j += 2 * kLanes) {
      add_gram_strip<2, Subtract>(r + i, r + j, count, stride, c + i * stride + j);
    }
    if (j < stride) add_gram_strip<1, Subtract>(r + i, r + j, count, stride, c + i * stride + j);
  }
}

/// The pivot rows [begin, end) of the upper triangle, given that the rows before them have been
/// eliminated; end - begin <= kLanes. Leaves the reciprocal of the diagonal in `reciprocals`.
void factorise_rows(float* a, size_t begin, size_t end, size_t stride, float* reciprocals) {
  for (size_t p = begin; p < end; ++p) {
    float* row = a + p * stride;
    for (size_t i = begin; i < stride; i += kLanes) {
      Lanes sum = lanes_at(row + i);
      for (size_t q = begin; q < p; ++q) sum -= a[q * stride + p] * lanes_at(a + q * stride + i);
      lanes_at(row + i) = sum;
    }
    const float scale = 1 / __builtin_sqrtf(row[p]);
    reciprocals[p] = scale;
    for (size_t i = begin; i < stride; i += kLanes) lanes_at(row + i) *= scale;
  }
}

/// A = U'U in place, on the upper triangle of a stride x stride matrix, stride a multiple of kLanes
/// (Golub, Van Loan 2013, section 4.2.6). What lies below the diagonal may be overwritten, and
/// beyond the dimension there must be zeros.
void factorise(float* a, size_t dimension, size_t stride, float* reciprocals) {
  for (size_t begin = 0; begin < dimension; begin += kLanes) {
    const size_t end = smaller(begin + kLanes, dimension);
    factorise_rows(a, begin, end, stride, reciprocals);
    add_gram<true>(a + begin * stride, end - begin, begin + kLanes, stride, a);
  }
}

/// x = A^-1 b, given the factor U and the reciprocals of its diagonal. b has `stride` numbers and
/// is used up.
void substitute(const float* u, size_t dimension, size_t stride, const float* reciprocals, float* b,
                float* x) {
  for (size_t j = 0; j < dimension; ++j) {
    const float* row = u + j * stride;
    x[j] = b[j] * reciprocals[j];
    for (size_t i = j / kLanes * kLanes; i < stride; i += kLanes) {
      lanes_at(b + i) -= x[j] * lanes_at(row + i);
    }
  }
  __builtin_memset(b, 0, stride * sizeof(float));
  for (size_t j = dimension; j-- > 0;) {
    const float* row = u + j * stride;
    // What is solved, zeros before it. Its latest numbers come last into the sum, since they are
    // what the processor waits for.
    Lanes sum = {};
    for (size_t i = stride; i > j; i -= kLanes) {
      sum += lanes_at(row + i - kLanes) * lanes_at(b + i - kLanes);
    }
    x[j] = (x[j] - sum_of(sum)) * reciprocals[j];
    b[j] = x[j];
  }
}

}  // namespace
}  // namespace palate::internal

#endif  // PALATE_FACTOR_KERNELS_MATRICES_H_
