// The kernels' one source: included by each kernel file after it has named PALATE_KERNELS (the
// table to define) and PALATE_EIGEN (the file's own name for Eigen's namespace).
//
// Block sizes of Eigen follow the cache sizes of the machine unless EIGEN_NO_CPUID is set; they
// decide the order of sums, so without it the bytes of a model would differ between machines.
#define Eigen PALATE_EIGEN
#define EIGEN_NO_CPUID
#define EIGEN_DONT_PARALLELIZE

#include <Eigen/Core>

#include "train/kernels/kernels.h"
#include "train/kernels/lanes.h"

namespace palate::internal {
namespace {

using ConstMatrix = Eigen::Map<const Eigen::MatrixXf>;
using RowMajorMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstRowMajor = Eigen::Map<const RowMajorMatrix>;
using Vector = Eigen::Map<Eigen::VectorXf>;
using ConstVector = Eigen::Map<const Eigen::VectorXf>;

/// Rows that are gathered at a time. A product of pairs of columns reads its block several times:
/// with 64 columns it fills half of a first-level cache. Conjugate gradients gather what does not
/// fit into one block in every step, so theirs is larger.
constexpr size_t kExactRows = 64;
constexpr size_t kGradientRows = 256;

/// Rows lie anywhere in a table larger than the cache: they are asked for this many rows ahead.
constexpr size_t kAhead = 8;
constexpr size_t kCacheLine = 64 / sizeof(float);

size_t solver_scratch(size_t dimension) {
  const size_t stride = round_up(dimension, kLanes);
  const size_t exact = stride * (stride + kExactRows + 3);
  const size_t by_gradients = kGradientRows * (dimension + 1) + 4 * dimension;
  return exact > by_gradients ? exact : by_gradients;
}

void prefetch_row(const LeastSquares& problem, size_t k) {
  if (k >= problem.count) return;
  const float* row = problem.table + problem.rows[k] * problem.dimension;
  for (size_t c = 0; c < problem.dimension; c += kCacheLine) __builtin_prefetch(row + c);
}

/// Copies rows [begin, end) of the problem side by side, `stride` apart, each times the root of its
/// weight: with B the block, sum w t t' = B'B. Adds sum w t to b.
void gather_padded(const LeastSquares& problem, size_t begin, size_t end, size_t stride,
                   float* block, float* b) {
  const size_t dimension = problem.dimension;
  for (size_t k = begin; k < end; ++k) {
    prefetch_row(problem, k + kAhead);
    const float weight = problem.weights[k];
    const float root = __builtin_sqrtf(weight);
    const float* from = problem.table + problem.rows[k] * dimension;
    float* to = block + (k - begin) * stride;
    size_t c = 0;
    for (; c + kLanes <= dimension; c += kLanes) {
      lanes_at(to + c) = root * lanes_at(from + c);
      lanes_at(b + c) += weight * lanes_at(from + c);
    }
    for (; c < dimension; ++c) {
      to[c] = root * from[c];
      b[c] += weight * from[c];
    }
  }
}

/// The upper triangle of gramian + ridge * I, up to whole vectors, with zeros around it.
void start_matrix(const LeastSquares& problem, size_t stride, float* a) {
  const size_t dimension = problem.dimension;
  for (size_t r = 0; r < dimension; ++r) {
    const size_t first = r / kLanes * kLanes;
    const float* row = problem.gramian + r * dimension;
    __builtin_memcpy(a + r * stride + first, row + first, (dimension - first) * sizeof(float));
    for (size_t c = dimension; c < stride; ++c) a[r * stride + c] = 0;
    a[r * stride + r] += problem.ridge;
  }
  for (size_t k = dimension * stride; k < stride * stride; ++k) a[k] = 0;
}

double solve_exactly(const LeastSquares& problem, float* scratch, float* x) {
  const size_t dimension = problem.dimension;
  const size_t stride = round_up(dimension, kLanes);
  float* a = scratch;
  float* block = a + stride * stride;
  float* b = block + kExactRows * stride;
  float* rest = b + stride;
  float* reciprocals = rest + stride;
  start_matrix(problem, stride, a);
  __builtin_memset(block, 0, (kExactRows + 1) * stride * sizeof(float));
  for (size_t begin = 0; begin < problem.count; begin += kExactRows) {
    const size_t end = smaller(begin + kExactRows, problem.count);
    gather_padded(problem, begin, end, stride, block, b);
    add_gram<false>(block, end - begin, 0, stride, a);
  }
  factorise(a, dimension, stride, reciprocals);
  __builtin_memcpy(rest, b, stride * sizeof(float));
  substitute(a, dimension, stride, reciprocals, rest, x);
  return static_cast<double>(dot(b, x, dimension));
}

/// As `gather_padded`, without padding; the roots go into `roots`, so that sum w t = B' roots.
ConstRowMajor gather(const LeastSquares& problem, size_t begin, size_t end, float* block,
                     float* roots) {
  const size_t dimension = problem.dimension;
  for (size_t k = begin; k < end; ++k) {
    prefetch_row(problem, k + kAhead);
    const float root = __builtin_sqrtf(problem.weights[k]);
    roots[k - begin] = root;
    Vector(block + (k - begin) * dimension, dimension) =
        root * ConstVector(problem.table + problem.rows[k] * dimension, dimension);
  }
  return ConstRowMajor(block, end - begin, dimension);
}

/// A problem whose matrix is not formed: gathers what it multiplies with, block after block. A
/// problem of one block is gathered once.
class NormalEquations {
 public:
  NormalEquations(const LeastSquares& problem, float* scratch)
      : problem_(problem), block_(scratch), roots_(scratch + kGradientRows * problem.dimension) {}

  /// b. Comes first: it gathers the first block.
  void right_side(Vector& b) {
    b.setZero();
    for (size_t begin = 0; begin < problem_.count; begin += kGradientRows) {
      const ConstRowMajor rows = block(begin, true);
      b.noalias() += rows.transpose() * ConstVector(roots_, rows.rows());
    }
  }

  /// result = A v.
  void multiply(const Vector& v, Vector& result) {
    const size_t dimension = problem_.dimension;
    result.noalias() = ConstMatrix(problem_.gramian, dimension, dimension) * v;
    result += problem_.ridge * v;
    for (size_t begin = 0; begin < problem_.count; begin += kGradientRows) {
      const ConstRowMajor rows = block(begin, problem_.count > kGradientRows);
      add_gram_product(rows.data(), rows.rows(), dimension, v.data(), result.data());
    }
  }

 private:
  ConstRowMajor block(size_t begin, bool fetch) {
    const size_t end = smaller(begin + kGradientRows, problem_.count);
    if (fetch) return gather(problem_, begin, end, block_, roots_);
    return ConstRowMajor(block_, end - begin, problem_.dimension);
  }

  const LeastSquares& problem_;
  float* block_;
  float* roots_;  // of the block's weights
};

double solve_by_gradients(const LeastSquares& problem, unsigned steps, float* scratch, float* x) {
  const size_t dimension = problem.dimension;
  NormalEquations equations(problem, scratch);
  float* vectors = scratch + kGradientRows * (dimension + 1);
  Vector solution(x, dimension);
  Vector b(vectors, dimension);
  Vector residual(vectors + dimension, dimension);
  Vector direction(vectors + 2 * dimension, dimension);
  Vector image(vectors + 3 * dimension, dimension);

  equations.right_side(b);
  equations.multiply(solution, image);
  residual = b - image;
  direction = residual;
  float squared = residual.squaredNorm();
  for (unsigned step = 0; step < steps && squared > 0.0F; ++step) {
    equations.multiply(direction, image);
    const float length = squared / direction.dot(image);
    solution += length * direction;
    residual -= length * image;
    const float before = squared;
    squared = residual.squaredNorm();
    direction = residual + squared / before * direction;
  }
  return static_cast<double>((b + residual).dot(solution));
}

void add_gramian(const float* rows, size_t count, size_t dimension, float* gramian) {
  add_product({rows, 1, dimension}, {rows, dimension, 1}, dimension, dimension, count, true,
              gramian, dimension);
}

Strided strided(MatrixOperand matrix, size_t rows, size_t columns) {
  if (matrix.transposed) return {matrix.values, 1, rows};
  return {matrix.values, columns, 1};
}

void multiply(MatrixOperand a, MatrixOperand b, size_t m, size_t n, size_t k, bool add, float* c) {
  if (!add) __builtin_memset(c, 0, m * n * sizeof(float));
  if (n == 1 && !a.transposed) {
    for (size_t r = 0; r < m; ++r) c[r] += dot(a.values + r * k, b.values, k);
    return;
  }
  add_product(strided(a, m, k), strided(b, k, n), m, n, k, false, c, n);
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
  for (size_t lane = 0; lane < kLanes; ++lane) *shift = larger(*shift, largest[lane]);

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

const Kernels PALATE_KERNELS = {solver_scratch, solve_exactly, solve_by_gradients,
                                add_gramian,    multiply,      weighted_sum,
                                exponentiate,   adam,          adagrad};

}  // namespace palate::internal
