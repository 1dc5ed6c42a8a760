// The eigenvectors of a symmetric matrix.
#include "factor/symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace palate::internal {
namespace {

/// Steps for one eigenvalue; two or three are usual.
constexpr int kMaxSteps = 60;

/// A diagonal and what stands beside it: beside[k] between k and k + 1.
struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> beside;
};

/// I - scale v v', where v is 0 up to `first`.
struct Reflection {
  std::size_t first = 0;
  double scale = 0;
  std::vector<double> v;
};

/// The reflection that leaves of a[k + 1], ..., a[size - 1] the first alone, which it returns.
double reflect(const double* a, std::size_t k, std::size_t size, Reflection& reflection) {
  double squares = 0;
  for (std::size_t i = k + 1; i < size; ++i) squares += a[i] * a[i];
  reflection.first = k + 1;
  reflection.v.assign(size, 0.0);
  if (squares == 0) return a[k + 1];
  const double left = -std::copysign(std::sqrt(squares), a[k + 1]);
  std::copy(a + k + 1, a + size, reflection.v.begin() + static_cast<std::ptrdiff_t>(k) + 1);
  reflection.v[k + 1] -= left;
  reflection.scale = 1 / (squares - a[k + 1] * left);
  return left;
}

/// A = (I - s v v') A (I - s v v') from row and column `first` on.
void reflect_both_sides(const Reflection& reflection, std::size_t size, std::vector<double>& a) {
  const auto& [first, scale, v] = reflection;
  std::vector<double> w(size, 0.0);
  for (std::size_t i = first; i < size; ++i) {
    for (std::size_t j = first; j < size; ++j) w[j] += scale * v[i] * a[i * size + j];
  }
  double product = 0;
  for (std::size_t j = first; j < size; ++j) product += w[j] * v[j];
  for (std::size_t j = first; j < size; ++j) w[j] -= scale / 2 * product * v[j];
  for (std::size_t i = first; i < size; ++i) {
    for (std::size_t j = first; j < size; ++j) {
      a[i * size + j] -= v[i] * w[j] + w[i] * v[j];
    }
  }
}

/// Rows of the product of all reflections, the first one first, transposed.
std::vector<double> transposed_product(const std::vector<Reflection>& reflections,
                                       std::size_t size) {
  std::vector<double> product(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) product[i * size + i] = 1;
  std::vector<double> row(size);
  for (std::size_t k = reflections.size(); k-- > 0;) {
    const auto& [first, scale, v] = reflections[k];
    std::fill(row.begin(), row.end(), 0.0);
    for (std::size_t i = first; i < size; ++i) {
      for (std::size_t j = first; j < size; ++j) row[j] += scale * v[i] * product[i * size + j];
    }
    for (std::size_t i = first; i < size; ++i) {
      for (std::size_t j = first; j < size; ++j) product[i * size + j] -= v[i] * row[j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < i; ++j) std::swap(product[i * size + j], product[j * size + i]);
  }
  return product;
}

Tridiagonal tridiagonal_of(std::vector<double> a, std::size_t size, std::vector<double>& axes) {
  Tridiagonal t{std::vector<double>(size), std::vector<double>(size, 0.0)};
  std::vector<Reflection> reflections;
  for (std::size_t k = 0; k + 1 < size; ++k) {
    if (k + 2 == size) {
      t.beside[k] = a[k * size + k + 1];
      continue;
    }
    Reflection& reflection = reflections.emplace_back();
    t.beside[k] = reflect(&a[k * size], k, size, reflection);
    reflect_both_sides(reflection, size, a);
  }
  for (std::size_t k = 0; k < size; ++k) t.diagonal[k] = a[k * size + k];
  axes = transposed_product(reflections, size);
  return t;
}

/// Turns rows k and k + 1.
void turn(double* row, std::size_t size, double cosine, double sine) {
  double* next = row + size;
  for (std::size_t i = 0; i < size; ++i) {
    const double below = next[i];
    next[i] = sine * row[i] + cosine * below;
    row[i] = cosine * row[i] - sine * below;
  }
}

/// The first k >= from after which the matrix falls apart.
std::size_t end_of_block(const Tridiagonal& t, std::size_t from) {
  const std::size_t last = t.diagonal.size() - 1;
  std::size_t k = from;
  for (; k < last; ++k) {
    const double size = std::abs(t.diagonal[k]) + std::abs(t.diagonal[k + 1]);
    if (std::abs(t.beside[k]) <= std::numeric_limits<double>::epsilon() * size) break;
  }
  return k;
}

/// One implicit QL step on the block from `first` to `last`, shifted towards an eigenvalue of its
/// first two rows.
void ql_step(std::size_t first, std::size_t last, Tridiagonal& t, std::vector<double>& axes) {
  std::vector<double>& d = t.diagonal;
  std::vector<double>& e = t.beside;
  const std::size_t size = d.size();
  const double half = (d[first + 1] - d[first]) / (2 * e[first]);
  const double root = std::sqrt(half * half + 1);
  double bulge = d[last] - d[first] + e[first] / (half + std::copysign(root, half));
  double sine = 1;
  double cosine = 1;
  double shift = 0;
  for (std::size_t k = last; k-- > first;) {
    const double f = sine * e[k];
    const double b = cosine * e[k];
    const double length = std::sqrt(f * f + bulge * bulge);
    e[k + 1] = length;
    if (length == 0) {
      // The block has fallen apart here.
      d[k + 1] -= shift;
      e[last] = 0;
      return;
    }
    sine = f / length;
    cosine = bulge / length;
    const double rest = d[k + 1] - shift;
    const double mixed = (d[k] - rest) * sine + 2 * cosine * b;
    shift = sine * mixed;
    d[k + 1] = rest + shift;
    bulge = cosine * mixed - b;
    turn(&axes[k * size], size, cosine, sine);
  }
  d[first] -= shift;
  e[first] = bulge;
  e[last] = 0;
}

}  // namespace

SymmetricEigen symmetric_eigen(std::span<const double> matrix, std::size_t size) {
  SymmetricEigen eigen;
  Tridiagonal t = tridiagonal_of({matrix.begin(), matrix.end()}, size, eigen.vectors);
  for (std::size_t k = 0; k < size; ++k) {
    for (int step = 0; step < kMaxSteps; ++step) {
      const std::size_t last = end_of_block(t, k);
      if (last == k || std::isnan(t.diagonal[k])) break;
      ql_step(k, last, t, eigen.vectors);
    }
  }
  eigen.values = std::move(t.diagonal);
  return eigen;
}

}  // namespace palate::internal
