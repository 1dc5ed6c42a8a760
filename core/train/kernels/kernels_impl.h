// The kernels' one source: included by each kernel file after it has named PALATE_KERNELS, the
// table to define.

// What Eigen makes of its templates belongs to this file, whatever another one makes of them.
#define PALATE_JOIN(a, b) a##b
#define PALATE_EIGEN_OF(table) PALATE_JOIN(Eigen_of_, table)
#define Eigen PALATE_EIGEN_OF(PALATE_KERNELS)
// Blocks, and with them the order of sums, by fixed sizes of caches instead of the machine's.
#define EIGEN_NO_CPUID
#define EIGEN_DONT_PARALLELIZE
#define EIGEN_NO_DEBUG

#include <Eigen/Core>

#include "factor/kernels/lanes.h"
#include "train/kernels/kernels.h"

namespace palate::internal {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ColumnMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

template <class Storage>
Eigen::Map<const Storage> matrix(const float* values, size_t rows, size_t columns) {
  return {values, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns)};
}

template <class A, class B>
void multiply(const A& a, const B& b, bool add, float* c) {
  Eigen::Map<RowMajor> product(c, a.rows(), b.cols());
  if (add) {
    product.noalias() += a * b;
  } else {
    product.noalias() = a * b;
  }
}

template <class A>
void multiply(const A& a, MatrixOperand b, size_t n, size_t k, bool add, float* c) {
  if (b.transposed) {
    multiply(a, matrix<ColumnMajor>(b.values, k, n), add, c);
  } else {
    multiply(a, matrix<RowMajor>(b.values, k, n), add, c);
  }
}

void multiply(MatrixOperand a, MatrixOperand b, size_t m, size_t n, size_t k, bool add, float* c) {
  if (a.transposed) {
    multiply(matrix<ColumnMajor>(a.values, m, k), b, n, k, add, c);
  } else {
    multiply(matrix<RowMajor>(a.values, m, k), b, n, k, add, c);
  }
}

/// Columns [0, Held * kLanes) of a weighted sum, kept in registers while the rows stream past.
template <size_t Held>
void sum_columns(const float* table, size_t dimension, const uint32_t* rows, const float* weights,
                 size_t count, float* sum) {
  Lanes sums[Held] = {};
  for (size_t k = 0; k < count; ++k) {
    if (k + kAhead < count) {
      const float* next = table + rows[k + kAhead] * dimension;
      for (size_t c = 0; c < Held * kLanes; c += kCacheLine) __builtin_prefetch(next + c);
    }
    const float* row = table + rows[k] * dimension;
    for (size_t v = 0; v < Held; ++v) sums[v] += weights[k] * lanes_at(row + v * kLanes);
  }
  for (size_t v = 0; v < Held; ++v) lanes_at(sum + v * kLanes) = sums[v];
}

void weighted_sum(const float* table, size_t dimension, const uint32_t* rows, const float* weights,
                  size_t count, float* sum) {
  constexpr size_t kHeld = 4;
  size_t c = 0;
  for (; c + kHeld * kLanes <= dimension; c += kHeld * kLanes) {
    sum_columns<kHeld>(table + c, dimension, rows, weights, count, sum + c);
  }
  for (; c + kLanes <= dimension; c += kLanes) {
    sum_columns<1>(table + c, dimension, rows, weights, count, sum + c);
  }
  for (; c < dimension; ++c) {
    float single = 0;
    for (size_t k = 0; k < count; ++k) single += weights[k] * table[rows[k] * dimension + c];
    sum[c] = single;
  }
}

// The same number of whole numbers. NOLINTNEXTLINE(modernize-use-using)
typedef int WholeLanes __attribute__((vector_size(kLanes * sizeof(int))));

constexpr float kNoExponential = -81;

/// e^x for x <= 80, 0 for x < -80; relative error below 1e-6 (Cephes' expf: Moshier 1992).
Lanes exponential(Lanes x) {
  constexpr float kInverseLn2 = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it leaves no room for a fraction
  constexpr float kSmallest = -80.0F;
  const Lanes bounded = x < kSmallest ? Lanes{} + kSmallest : x;
  const Lanes rounded = bounded * kInverseLn2 + kRounder;
  const Lanes turns = rounded - kRounder;
  const Lanes r = (bounded - turns * kLn2High) - turns * kLn2Low;
  Lanes series = 1.9875691500e-4F * r + 1.3981999507e-3F;
  series = series * r + 8.3334519073e-3F;
  series = series * r + 4.1665795894e-2F;
  series = series * r + 1.6666665459e-1F;
  series = series * r + 5.0000001201e-1F;
  series = series * r * r + r + 1.0F;
  const WholeLanes exponent = (__builtin_convertvector(turns, WholeLanes) + 127) << 23;
  Lanes power;
  __builtin_memcpy(&power, &exponent, sizeof(power));
  return x < kSmallest ? Lanes{} : series * power;
}

float exponentiate(const float* bias, size_t count, float scale, float* x, float* shift) {
  Lanes largest = Lanes{} + *shift;
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Lanes scaled = scale * lanes_at(x + i) + lanes_at(bias + i);
    lanes_at(x + i) = scaled;
    largest = scaled > largest ? scaled : largest;
  }
  for (; i < count; ++i) {
    x[i] = scale * x[i] + bias[i];
    largest[0] = x[i] > largest[0] ? x[i] : largest[0];
  }
  for (size_t lane = 0; lane < kLanes; ++lane) {
    *shift = largest[lane] > *shift ? largest[lane] : *shift;
  }

  Lanes sums = {};
  for (i = 0; i + kLanes <= count; i += kLanes) {
    lanes_at(x + i) = exponential(lanes_at(x + i) - *shift);
    sums += lanes_at(x + i);
  }
  Lanes rest = Lanes{} + kNoExponential;
  for (size_t lane = 0; i + lane < count; ++lane) rest[lane] = x[i + lane] - *shift;
  rest = exponential(rest);
  for (size_t lane = 0; i + lane < count; ++lane) x[i + lane] = rest[lane];
  return sum_of(sums + rest);
}

void adam(const OptimizerStep& step, const float* __restrict gradient, size_t count,
          float* __restrict first_moment, float* __restrict second_moment,
          float* __restrict parameters) {
  const OptimizerStep s = step;
  for (size_t k = 0; k < count; ++k) {
    const float g = gradient[k] + s.l2 * parameters[k];
    first_moment[k] = s.beta1 * first_moment[k] + (1 - s.beta1) * g;
    second_moment[k] = s.beta2 * second_moment[k] + (1 - s.beta2) * g * g;
    const float size = __builtin_sqrtf(second_moment[k] * s.second_scale) + s.epsilon;
    parameters[k] -=
        s.learning_rate * (first_moment[k] * s.first_scale / size + s.decay * parameters[k]);
  }
}

void adagrad(const OptimizerStep& step, const float* __restrict gradient, size_t count,
             float* __restrict squares, float* __restrict parameters) {
  const OptimizerStep s = step;
  for (size_t k = 0; k < count; ++k) {
    const float g = gradient[k] + s.l2 * parameters[k];
    squares[k] += g * g;
    parameters[k] -= s.learning_rate * g / (__builtin_sqrtf(squares[k]) + s.epsilon);
  }
}

}  // namespace

const Kernels PALATE_KERNELS = {multiply, dot, weighted_sum, exponentiate, adam, adagrad};

}  // namespace palate::internal
