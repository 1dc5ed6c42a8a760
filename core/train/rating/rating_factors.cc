// Rounds of folding visitors in and fitting items to what is known of them.
#include "train/rating/rating_factors.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "palate/random.h"
#include "runtime/triangle.h"

namespace palate::internal {
namespace {

constexpr std::size_t kUserChunk = 64;
constexpr std::size_t kItemChunk = 16;

/// Epochs before the priors join: the first vectors are random.
constexpr std::uint32_t kFirstEpochs = 2;

using Index = Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Table = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A row-major table, `columns` wide.
Eigen::Map<Table> view_of(std::vector<float>& table, std::size_t columns) {
  return {table.data(), static_cast<Index>(table.size() / columns), static_cast<Index>(columns)};
}

Eigen::Map<const Eigen::VectorXf> row_of(const std::vector<float>& table, std::size_t columns,
                                         std::size_t row) {
  return {&table[row * columns], static_cast<Index>(columns)};
}

/// The symmetric matrix whose lower triangle stands row after row in `triangle`.
Matrix unpacked(std::span<const double> triangle, Index size) {
  Matrix matrix(size, size);
  std::size_t at = 0;
  for (Index r = 0; r < size; ++r) {
    for (Index c = 0; c <= r; ++c) matrix(r, c) = matrix(c, r) = triangle[at++];
  }
  return matrix;
}

double variance_of(const RatingRows& rows, double mean) {
  double sum = 0;
  for (const Rating& rating : rows.ratings) sum += (rating.value - mean) * (rating.value - mean);
  return sum / static_cast<double>(std::max<std::size_t>(rows.ratings.size(), 1));
}

}  // namespace

RatingFactors::RatingFactors(const Ratings& ratings, const ValueHead& baseline,
                             const Recipe& recipe, const Kernels& kernels, ThreadPool& pool,
                             std::uint64_t seed)
    : ratings_(ratings),
      recipe_(recipe.rating),
      bias_ridge_(recipe.values.item_damping),
      pool_(pool),
      dimension_(recipe.rating.dimension),
      mean_(baseline.mean),
      noise_(recipe.rating.noise * variance_of(ratings.users, mean_)),
      visitor_prior_(ratings.touched, ratings.item_count(), dimension_,
                     recipe.rating.implicit_regularization, kernels, pool),
      item_prior_(transpose(ratings.touched, ratings.item_count()), ratings.user_count(),
                  dimension_, recipe.rating.audience_regularization, kernels, pool),
      item_vectors_(ratings.item_count() * dimension_),
      item_bias_(baseline.item_bias),
      user_priors_(ratings.user_count() * dimension_),
      item_priors_(item_vectors_.size()),
      user_vectors_(user_priors_.size()),
      moments_(ratings.user_count() * triangle_size(dimension_)) {
  const double size = recipe_.initial_stddev / std::sqrt(static_cast<double>(dimension_));
  Random random(seed, 1);
  for (float& x : item_vectors_) x = static_cast<float>(size * random.normal());
  // With this number the fold-in damps the visitor's bias as the baseline predictor does.
  const double shared = std::sqrt(noise_ / recipe.values.visitor_damping);
  view_of(item_vectors_, dimension_).rightCols<1>().setConstant(static_cast<float>(shared));
}

StateParts RatingFactors::state() {
  return {{"epochs", epochs_},
          {"item vectors", item_vectors_},
          {"item bias", item_bias_},
          {"visitor prior", visitor_prior_.vectors()},
          {"item prior", item_prior_.vectors()}};
}

double RatingFactors::run_epoch() {
  const double noise = expect_users();
  const bool priors_join = epochs_ >= kFirstEpochs;
  if (priors_join && recipe_.implicit) visitor_prior_.improve(user_vectors_);
  solve_items();
  if (priors_join) item_prior_.improve(vectors_with_bias());
  scale_to_prior();
  ++epochs_;
  return std::sqrt(noise);
}

void RatingFactors::start_from(const Model& model, std::span<const KnownItem> known) {
  const TableView& old_vectors = model.item_vectors();
  for (const KnownItem& item : known) {
    old_vectors.read(item.old_row, {&item_vectors_[item.row * dimension_], dimension_});
  }
  std::vector<float> any_vector(dimension_);
  old_vectors.read(0, any_vector);
  view_of(item_vectors_, dimension_).rightCols<1>().setConstant(any_vector.back());
}

void RatingFactors::continue_from(const RatingFactors& others) {
  epochs_ = others.epochs_;
  item_vectors_ = others.item_vectors_;
  item_bias_ = others.item_bias_;
  visitor_prior_.vectors() = others.visitor_prior_.vectors();
  item_prior_.vectors() = others.item_prior_.vectors();
}

std::span<const float> RatingFactors::solve_users() {
  expect_users();
  return user_vectors_;
}

// Folds everybody in; returns the variance of the noise that this leaves.
double RatingFactors::expect_users() {
  visitor_prior_.predict(user_priors_);
  std::vector<Error> errors(ThreadPool::chunk_count(ratings_.user_count(), kUserChunk));
  pool_.for_each_chunk(ratings_.user_count(), kUserChunk, [&](const Chunk& chunk) {
    for (std::size_t user = chunk.begin; user < chunk.end; ++user) {
      expect_user(user, errors[chunk.index]);
    }
  });
  Error all;
  for (const Error& error : errors) {
    all.squared += error.squared;
    all.weight += error.weight;
  }
  return all.squared / all.weight;
}

void RatingFactors::expect_user(std::size_t user, Error& error) {
  const std::span<const Rating> ratings = ratings_.users.of(user);
  const auto dimension = static_cast<Index>(dimension_);
  Matrix rated(dimension, static_cast<Index>(ratings.size()));
  Vector rest(rated.cols());
  for (Index k = 0; k < rated.cols(); ++k) {
    const Rating& rating = ratings[static_cast<std::size_t>(k)];
    const double root = std::sqrt(double{rating.weight});
    rated.col(k) = root * row_of(item_vectors_, dimension_, rating.column).cast<double>();
    rest[k] = root * (rating.value - mean_ - item_bias_[rating.column]);
    error.weight += rating.weight;
  }
  Matrix system = noise_ * Matrix::Identity(dimension, dimension);
  system.selfadjointView<Eigen::Lower>().rankUpdate(rated);
  const Eigen::LLT<Matrix> factor(system);
  const Vector prior = row_of(user_priors_, dimension_, user).cast<double>();
  const Vector vector = factor.solve(rated * rest + noise_ * prior);
  const Matrix covariance = noise_ * factor.solve(Matrix::Identity(dimension, dimension));
  // The trace of what the covariance does to the rated items, by way of the whole system.
  const double uncertain = noise_ * (static_cast<double>(dimension_) - covariance.trace());
  error.squared += (rest - rated.transpose() * vector).squaredNorm() + uncertain;
  float* moment = &moments_[user * triangle_size(dimension_)];
  for (Index r = 0; r < dimension; ++r) {
    user_vectors_[user * dimension_ + static_cast<std::size_t>(r)] = static_cast<float>(vector[r]);
    for (Index c = 0; c <= r; ++c) {
      *moment++ = static_cast<float>(covariance(r, c) + vector[r] * vector[c]);
    }
  }
}

void RatingFactors::solve_items() {
  item_prior_.predict(item_priors_);
  pool_.for_each_chunk(ratings_.item_count(), kItemChunk, [&](const Chunk& chunk) {
    for (std::size_t item = chunk.begin; item < chunk.end; ++item) solve_item(item);
  });
}

// An item's numbers but the last, which all items share, and in the place of that the item's bias.
void RatingFactors::solve_item(std::size_t item) {
  const std::span<const Rating> ratings = ratings_.items.of(item);
  const std::size_t last = dimension_ - 1;
  float* numbers = &item_vectors_[item * dimension_];
  const double shared = numbers[last];
  std::vector<double> triangle(triangle_size(dimension_));
  std::vector<double> right_side(dimension_);
  double* with_one = &triangle[triangle_row(last)];
  for (const Rating& rating : ratings) {
    const double weight = rating.weight;
    const double value = rating.value - mean_;
    const float* user = &user_vectors_[rating.column * dimension_];
    const float* moment = &moments_[rating.column * triangle_size(dimension_)];
    const float* with_bias = moment + triangle_row(last);
    for (std::size_t k = 0; k < triangle_row(last); ++k) triangle[k] += weight * moment[k];
    for (std::size_t k = 0; k < last; ++k) {
      with_one[k] += weight * user[k];
      right_side[k] += weight * (value * user[k] - shared * with_bias[k]);
    }
    with_one[last] += weight;
    right_side[last] += weight * (value - shared * user[last]);
  }
  const auto dimension = static_cast<Index>(dimension_);
  Vector ridge = Vector::Constant(dimension, recipe_.regularization);
  ridge[dimension - 1] = bias_ridge_;
  Vector solution = row_of(item_priors_, dimension_, item).cast<double>();
  if (!ratings.empty()) {
    Matrix system = unpacked(triangle, dimension);
    system.diagonal() += ridge;
    solution = system.llt().solve(Eigen::Map<const Vector>(right_side.data(), dimension) +
                                  ridge.cwiseProduct(solution));
  }
  for (std::size_t k = 0; k < last; ++k) numbers[k] = static_cast<float>(solution[k]);
  item_bias_[item] = static_cast<float>(solution[last]);
}

std::vector<float> RatingFactors::vectors_with_bias() const {
  std::vector<float> vectors = item_vectors_;
  for (std::size_t item = 0; item < item_bias_.size(); ++item) {
    vectors[(item + 1) * dimension_ - 1] = item_bias_[item];
  }
  return vectors;
}

// Turns and stretches the space until user vectors lie around their priors as the model has it. No
// product changes by that, and it saves many rounds (parameter expansion: Liu, Rubin, Wu 1998). The
// visitor's bias keeps its axis.
void RatingFactors::scale_to_prior() {
  visitor_prior_.predict(user_priors_);
  const auto last = static_cast<Index>(dimension_) - 1;
  const Matrix moment = unpacked(moment_around_priors(), last + 1);
  const Eigen::LLT<Matrix> factor(moment.topLeftCorner(last, last));
  const Matrix lower = factor.matrixL();
  const auto bias = static_cast<float>(std::sqrt(moment(last, last)));
  for (std::vector<float>* table : {&item_vectors_, &item_prior_.vectors()}) {
    auto vectors = view_of(*table, dimension_).leftCols(last);
    vectors = (vectors.cast<double>() * lower).cast<float>();
  }
  view_of(item_vectors_, dimension_).col(last) *= bias;
  auto implicit = view_of(visitor_prior_.vectors(), dimension_);
  const Matrix turned = implicit.leftCols(last).cast<double>().transpose();
  implicit.leftCols(last) = factor.matrixL().solve(turned).transpose().cast<float>();
  implicit.col(last) /= bias;
}

/// The mean of E (u - prior)(u - prior)' over everybody who rated.
std::vector<double> RatingFactors::moment_around_priors() {
  const std::size_t size = triangle_size(dimension_);
  const std::size_t users = ratings_.user_count();
  std::vector<double> parts(ThreadPool::chunk_count(users, kUserChunk) * size);
  pool_.for_each_chunk(users, kUserChunk, [&](const Chunk& chunk) {
    const std::span<double> part = std::span(parts).subspan(chunk.index * size, size);
    for (std::size_t user = chunk.begin; user < chunk.end; ++user) {
      if (!ratings_.users.of(user).empty()) add_moment_around_prior(user, part);
    }
  });
  double raters = 0;
  for (std::size_t user = 0; user < users; ++user) {
    raters += ratings_.users.of(user).empty() ? 0 : 1;
  }
  std::vector<double> mean(size);
  for (std::size_t k = 0; k < parts.size(); ++k) mean[k % size] += parts[k] / raters;
  return mean;
}

void RatingFactors::add_moment_around_prior(std::size_t user, std::span<double> triangle) const {
  const float* vector = &user_vectors_[user * dimension_];
  const float* prior = &user_priors_[user * dimension_];
  const float* moment = &moments_[user * triangle.size()];
  for (std::size_t r = 0; r < dimension_; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      const std::size_t at = triangle_row(r) + c;
      triangle[at] += double{moment[at]} - double{vector[r]} * vector[c] +
                      (double{vector[r]} - prior[r]) * (double{vector[c]} - prior[c]);
    }
  }
}

}  // namespace palate::internal
