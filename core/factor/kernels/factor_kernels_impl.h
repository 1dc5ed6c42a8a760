// The kernels' one source: included by each kernel file after it has named PALATE_KERNELS, the
// table to define.

#include "factor/kernels/factor_kernels.h"
#include "factor/kernels/lanes.h"
#include "factor/kernels/matrices.h"

namespace palate::internal {
namespace {

/// Rows that are gathered at a time. A product of pairs of columns reads its block several times:
/// with 64 columns it fills half of a first-level cache. Conjugate gradients gather what does not
/// fit into one block in every step, so theirs is larger.
constexpr size_t kExactRows = 64;
constexpr size_t kGradientRows = 1024;
constexpr size_t kGradientVectors = 5;

size_t solver_scratch(size_t dimension) {
  const size_t stride = round_up(dimension, kLanes);
  const size_t exact = stride * (stride + kExactRows + 3);
  const size_t by_gradients = kGradientRows * (stride + 1) + kGradientVectors * stride;
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

double solve_exactly(const LeastSquares& problem, float* scratch, float* x) {
  const size_t dimension = problem.dimension;
  const size_t stride = round_up(dimension, kLanes);
  float* a = scratch;
  float* block = a + stride * stride;
  float* b = block + kExactRows * stride;
  float* rest = b + stride;
  float* reciprocals = rest + stride;
  __builtin_memset(a, 0, stride * stride * sizeof(float));
  for (size_t c = 0; c < dimension; ++c) a[c * stride + c] = problem.diagonal[c] + problem.ridge;
  __builtin_memset(block, 0, (kExactRows + 1) * stride * sizeof(float));
  for (size_t begin = 0; begin < problem.count; begin += kExactRows) {
    const size_t end = smaller(begin + kExactRows, problem.count);
    gather_padded(problem, begin, end, stride, block, b);
    add_gram<false>(block, end - begin, 0, stride, a);
  }
  factorise(a, dimension, stride, reciprocals);
  __builtin_memcpy(rest, b, stride * sizeof(float));
  substitute(a, dimension, stride, reciprocals, rest, x);
  double loss = -static_cast<double>(dot(b, x, dimension));
  for (size_t k = 0; k < problem.count; ++k) loss += static_cast<double>(problem.weights[k]);
  return loss;
}

/// Copies rows [begin, end) of the problem into strips, each times the root of its weight, and the
/// roots; then zeros, up to whole strips. Returns how many rows these are.
size_t gather_strips(const LeastSquares& problem, size_t begin, size_t end, size_t stride,
                     float* strips, float* roots) {
  const size_t dimension = problem.dimension;
  const size_t padded = round_up(end - begin, kLanes);
  for (size_t k = 0; k < padded; ++k) {
    float* to = strips + k / kLanes * kLanes * stride + k % kLanes * kLanes;
    size_t c = 0;
    roots[k] = 0;
    if (begin + k < end) {
      prefetch_row(problem, begin + k + kAhead);
      const float root = __builtin_sqrtf(problem.weights[begin + k]);
      const float* from = problem.table + problem.rows[begin + k] * dimension;
      roots[k] = root;
      for (; c + kLanes <= dimension; c += kLanes, to += kSquare) {
        lanes_at(to) = root * lanes_at(from + c);
      }
      if (c < dimension) {
        Lanes rest = {};
        for (size_t lane = 0; c + lane < dimension; ++lane) rest[lane] = root * from[c + lane];
        lanes_at(to) = rest;
        c = stride;
      }
    }
    for (; c < stride; c += kLanes, to += kSquare) lanes_at(to) = Lanes{};
  }
  return padded;
}

/// A problem whose matrix is not formed: gathers the rows that it multiplies with, block after
/// block. A problem of one block is gathered once. With B the rows times the roots of the weights,
/// A = B'B + diagonal + ridge.
class NormalEquations {
 public:
  NormalEquations(const LeastSquares& problem, size_t stride, float* scratch)
      : problem_(problem),
        stride_(stride),
        strips_(scratch),
        roots_(scratch + kGradientRows * stride) {}

  /// residual = b - A x and diagonal = that of A. Returns the sum of w (1 - x't)^2 + x'(A - B'B) x.
  /// Comes first: it gathers the first block.
  double start(const float* x, float* residual, float* diagonal) {
    double loss = 0;
    for (size_t i = 0; i < stride_; ++i) {
      // Beyond the dimension all is 0 but for this, which divides.
      diagonal[i] = i < problem_.dimension ? problem_.diagonal[i] + problem_.ridge : 1;
      residual[i] = -diagonal[i] * x[i];
      loss -= static_cast<double>(residual[i]) * static_cast<double>(x[i]);
    }
    for (size_t begin = 0; begin < problem_.count; begin += kGradientRows) {
      const size_t padded = fetch(begin);
      Lanes squares = {};
      for (size_t k = 0; k < padded; k += kLanes) {
        const float* strip = strips_ + k * stride_;
        const Lanes errors = lanes_at(roots_ + k) - products(strip, stride_, x);
        add_combination<true>(strip, stride_, errors, residual, diagonal);
        squares += errors * errors;
      }
      loss += static_cast<double>(sum_of(squares));
    }
    return loss;
  }

  /// result = A v.
  void multiply(const float* v, float* result) {
    for (size_t i = 0; i < stride_; ++i) {
      result[i] = i < problem_.dimension ? (problem_.diagonal[i] + problem_.ridge) * v[i] : 0;
    }
    for (size_t begin = 0; begin < problem_.count; begin += kGradientRows) {
      const bool is_there = problem_.count <= kGradientRows;
      const size_t padded = is_there ? round_up(problem_.count, kLanes) : fetch(begin);
      for (size_t k = 0; k < padded; k += kLanes) {
        const float* strip = strips_ + k * stride_;
        add_combination<false>(strip, stride_, products(strip, stride_, v), result, nullptr);
      }
    }
  }

 private:
  size_t fetch(size_t begin) {
    const size_t end = smaller(begin + kGradientRows, problem_.count);
    return gather_strips(problem_, begin, end, stride_, strips_, roots_);
  }

  const LeastSquares& problem_;
  size_t stride_;
  float* strips_;
  float* roots_;  // of the rows' weights
};

double solve_by_gradients(const LeastSquares& problem, unsigned steps, float* scratch, float* x) {
  const size_t stride = round_up(problem.dimension, kLanes);
  NormalEquations equations(problem, stride, scratch);
  float* solution = scratch + kGradientRows * (stride + 1);
  float* residual = solution + stride;
  float* diagonal = residual + stride;
  float* direction = diagonal + stride;
  float* image = direction + stride;

  __builtin_memset(solution, 0, stride * sizeof(float));
  __builtin_memcpy(solution, x, problem.dimension * sizeof(float));
  double loss = equations.start(solution, residual, diagonal);
  float descent = 0;
  for (unsigned step = 0; step < steps; ++step) {
    // `image` holds the preconditioned residual until A times the direction takes its place.
    for (size_t i = 0; i < stride; i += kLanes) {
      lanes_at(image + i) = lanes_at(residual + i) / lanes_at(diagonal + i);
    }
    const float before = descent;
    descent = dot(residual, image, stride);
    if (!(descent > 0)) break;
    const float turn = step == 0 ? 0 : descent / before;
    for (size_t i = 0; i < stride; i += kLanes) {
      lanes_at(direction + i) =
          step == 0 ? lanes_at(image + i) : lanes_at(image + i) + turn * lanes_at(direction + i);
    }
    equations.multiply(direction, image);
    const float length = descent / dot(direction, image, stride);
    for (size_t i = 0; i < stride; i += kLanes) {
      lanes_at(solution + i) += length * lanes_at(direction + i);
      lanes_at(residual + i) -= length * lanes_at(image + i);
    }
    loss -= static_cast<double>(length) * static_cast<double>(descent);
  }
  __builtin_memcpy(x, solution, problem.dimension * sizeof(float));
  return loss;
}

void add_gramian(const float* rows, size_t count, size_t dimension, float* gramian) {
  add_product({rows, 1, dimension}, {rows, dimension, 1}, dimension, dimension, count, true,
              gramian, dimension);
}

void multiply(const float* a, MatrixOperand b, size_t m, size_t n, size_t k, float* c) {
  if (n == 1) {
    for (size_t r = 0; r < m; ++r) c[r] = dot(a + r * k, b.values, k);
    return;
  }
  __builtin_memset(c, 0, m * n * sizeof(float));
  const Strided of_b = b.transposed ? Strided{b.values, 1, k} : Strided{b.values, n, 1};
  add_product({a, k, 1}, of_b, m, n, k, false, c, n);
}

}  // namespace

const FactorKernels PALATE_KERNELS = {solver_scratch, solve_exactly, solve_by_gradients,
                                      add_gramian, multiply};

}  // namespace palate::internal
