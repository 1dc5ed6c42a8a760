// The kernels' one source: included by each kernel file after it has named PALATE_KERNELS (the
// table to define) and PALATE_EIGEN (the file's own name for Eigen's namespace).
//
// Block sizes of Eigen follow the cache sizes of the machine unless EIGEN_NO_CPUID is set; they
// decide the order of sums, so without it the bytes of a model would differ between machines.
#define Eigen PALATE_EIGEN
#define EIGEN_NO_CPUID
#define EIGEN_DONT_PARALLELIZE

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "train/kernels/kernels.h"

namespace palate::internal {
namespace {

using Matrix = Eigen::Map<Eigen::MatrixXf>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXf>;
using RowMajorMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowMajor = Eigen::Map<RowMajorMatrix>;
using ConstRowMajor = Eigen::Map<const RowMajorMatrix>;
using Vector = Eigen::Map<Eigen::VectorXf>;
using ConstVector = Eigen::Map<const Eigen::VectorXf>;

/// Rows that are gathered at a time: with 64 columns they fill half of a small second-level cache.
constexpr size_t kBlockRows = 512;

size_t solver_scratch(size_t dimension) {
  return dimension * dimension + kBlockRows * (dimension + 2) + 4 * dimension;
}

size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Copies rows [begin, end) of the problem side by side, each times the root of its weight, which
/// goes into `roots`: with B the block, sum w t t' = B'B and sum w t = B' roots.
ConstRowMajor gather(const LeastSquares& problem, size_t begin, size_t end, float* block,
                     float* roots) {
  const size_t dimension = problem.dimension;
  for (size_t k = begin; k < end; ++k) {
    const float root = __builtin_sqrtf(problem.weights[k]);
    roots[k - begin] = root;
    Vector(block + (k - begin) * dimension, dimension) =
        root * ConstVector(problem.table + problem.rows[k] * dimension, dimension);
  }
  return ConstRowMajor(block, end - begin, dimension);
}

double solve_exactly(const LeastSquares& problem, float* scratch, float* x) {
  const size_t dimension = problem.dimension;
  Matrix a(scratch, dimension, dimension);
  float* block = scratch + dimension * dimension;
  Vector b(block + kBlockRows * dimension, dimension);
  float* roots = b.data() + dimension;
  a = ConstMatrix(problem.gramian, dimension, dimension);
  a.diagonal().array() += problem.ridge;
  b.setZero();
  for (size_t begin = 0; begin < problem.count; begin += kBlockRows) {
    const size_t end = smaller(begin + kBlockRows, problem.count);
    const ConstRowMajor rows = gather(problem, begin, end, block, roots);
    a.selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
    b.noalias() += rows.transpose() * ConstVector(roots, end - begin);
  }
  Eigen::LLT<Eigen::Ref<Eigen::MatrixXf>> cholesky(a);
  Vector solution(x, dimension);
  solution = b;
  cholesky.solveInPlace(solution);
  return static_cast<double>(b.dot(solution));
}

/// The matrix and the right side of a problem too large to be formed: gathers what it multiplies
/// with, block after block. A problem of one block is gathered once.
class NormalEquations {
 public:
  NormalEquations(const LeastSquares& problem, float* scratch)
      : problem_(problem), block_(scratch), roots_(scratch + kBlockRows * problem.dimension) {}

  /// b. Comes first: it gathers the first block.
  void right_side(Vector& b) {
    b.setZero();
    for (size_t begin = 0; begin < problem_.count; begin += kBlockRows) {
      const ConstRowMajor rows = block(begin, true);
      b.noalias() += rows.transpose() * ConstVector(roots_, rows.rows());
    }
  }

  /// result = A v.
  void multiply(const Vector& v, Vector& result) {
    const size_t dimension = problem_.dimension;
    result.noalias() = ConstMatrix(problem_.gramian, dimension, dimension) * v;
    result += problem_.ridge * v;
    for (size_t begin = 0; begin < problem_.count; begin += kBlockRows) {
      const ConstRowMajor rows = block(begin, problem_.count > kBlockRows);
      Vector products(roots_ + kBlockRows, rows.rows());
      products.noalias() = rows * v;
      result.noalias() += rows.transpose() * products;
    }
  }

 private:
  ConstRowMajor block(size_t begin, bool fetch) {
    const size_t end = smaller(begin + kBlockRows, problem_.count);
    if (fetch) return gather(problem_, begin, end, block_, roots_);
    return ConstRowMajor(block_, end - begin, problem_.dimension);
  }

  const LeastSquares& problem_;
  float* block_;
  float* roots_;  // of the block's weights; as many products follow
};

double solve_by_gradients(const LeastSquares& problem, unsigned steps, float* scratch, float* x) {
  const size_t dimension = problem.dimension;
  NormalEquations equations(problem, scratch);
  float* vectors = scratch + kBlockRows * (dimension + 2);
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
  Matrix sum(gramian, dimension, dimension);
  const ConstRowMajor block(rows, count, dimension);
  sum.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
}

template <class A, class B>
void multiply_into(const A& a, const B& b, bool add, RowMajor c) {
  if (add) {
    c.noalias() += a * b;
  } else {
    c.noalias() = a * b;
  }
}

template <class A>
void multiply_by(const A& a, MatrixOperand b, size_t k, size_t n, bool add, RowMajor c) {
  if (b.transposed) {
    multiply_into(a, ConstRowMajor(b.values, n, k).transpose(), add, c);
  } else {
    multiply_into(a, ConstRowMajor(b.values, k, n), add, c);
  }
}

void multiply(MatrixOperand a, MatrixOperand b, size_t m, size_t n, size_t k, bool add, float* c) {
  const RowMajor result(c, m, n);
  if (a.transposed) {
    multiply_by(ConstRowMajor(a.values, k, m).transpose(), b, k, n, add, result);
  } else {
    multiply_by(ConstRowMajor(a.values, m, k), b, k, n, add, result);
  }
}

}  // namespace

const Kernels PALATE_KERNELS = {solver_scratch, solve_exactly, solve_by_gradients, add_gramian,
                                multiply};

}  // namespace palate::internal
