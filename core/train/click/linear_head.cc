// The linear head: logistic or linear regression on the terms of all columns.
#include "train/click/linear_head.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace palate::internal {
namespace {

/// Parts whose sums are added up in order, however many threads there are.
constexpr std::size_t kParts = 16;
constexpr double kPenalties[] = {1000, 100, 10, 1, 0.1};
constexpr int kNewtonSteps = 50;
constexpr int kGradientSteps = 50;
constexpr double kTolerance = 1e-4;  // of the gradient's first length

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The terms of some rows as a sparse matrix, the last column for the bias.
class Terms {
 public:
  Terms(const TrainingRows& rows, std::span<const std::uint32_t> chosen) {
    std::uint32_t first = 0;
    for (const TabularColumn& column : rows.columns) {
      firsts_.push_back(first);
      const bool number = column.kind == AttributeKind::kNumber;
      first += number ? (column.has_missing ? 2U : 1U)
                      : static_cast<std::uint32_t>(column.categories.size() + 2);
    }
    firsts_.push_back(first);
    offsets_.push_back(0);
    for (const std::uint32_t row : chosen) add_row(rows, row);
  }

  std::size_t rows() const { return offsets_.size() - 1; }
  std::size_t size() const { return firsts_.back() + 1; }
  std::span<const std::uint32_t> firsts() const { return firsts_; }

  double output(std::size_t row, const Vector& weights) const {
    double sum = weights.back();
    for (std::size_t k = offsets_[row]; k < offsets_[row + 1]; ++k) {
      sum += values_[k] * weights[places_[k]];
    }
    return sum;
  }
  void add(std::size_t row, double factor, Vector& sum) const {
    sum.back() += factor;
    for (std::size_t k = offsets_[row]; k < offsets_[row + 1]; ++k) {
      sum[places_[k]] += factor * values_[k];
    }
  }

 private:
  void add_term(std::uint32_t place, float value) {
    if (value == 0) return;
    places_.push_back(place);
    values_.push_back(value);
  }
  void add_row(const TrainingRows& rows, std::uint32_t row) {
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      const EncodedColumn& cells = rows.cells[c];
      if (rows.columns[c].kind == AttributeKind::kCategory) {
        for (const std::uint32_t entry : cells.view().entries_of(row)) {
          add_term(firsts_[c] + entry, 1);
        }
      } else if (!std::isnan(cells.numbers[row])) {
        add_term(firsts_[c], cells.numbers[row]);
      } else if (rows.columns[c].has_missing) {
        add_term(firsts_[c] + 1, 1);
      }
    }
    offsets_.push_back(places_.size());
  }

  std::vector<std::uint32_t> firsts_;
  std::vector<std::size_t> offsets_;
  std::vector<std::uint32_t> places_;
  std::vector<float> values_;
};

class Regression {
 public:
  Regression(const TrainingRows& rows, ThreadPool& pool)
      : rows_(rows),
        pool_(pool),
        terms_(rows, rows.train),
        held_(rows, rows.validation),
        weights_(terms_.size(), 0.0),
        outputs_(terms_.rows()),
        curvatures_(terms_.rows()) {}

  /// From the weights at hand to those of this penalty.
  void minimise(double penalty) {
    penalty_ = penalty;
    double start = 0;
    for (int step = 0; step < kNewtonSteps; ++step) {
      Vector gradient;
      const double value = differentiate(gradient);
      const double length = std::sqrt(dot(gradient, gradient));
      if (step == 0) start = length;
      if (length <= kTolerance * start || length < 1e-9) break;
      const Vector direction = solve(gradient);
      if (!advance(value, dot(gradient, direction), direction)) break;
    }
  }

  double validation_loss() const {
    double sum = 0;
    for (std::size_t k = 0; k < held_.rows(); ++k) {
      sum +=
          row_loss(rows_.target, held_.output(k, weights_), rows_.labels[rows_.validation[k]]).loss;
    }
    return sum / static_cast<double>(held_.rows());
  }

  LinearHead head() const {
    LinearHead head;
    head.bias = weights_.back();
    const std::span<const std::uint32_t> firsts = terms_.firsts();
    for (std::size_t c = 0; c + 1 < firsts.size(); ++c) {
      head.weights.emplace_back(weights_.begin() + firsts[c], weights_.begin() + firsts[c + 1]);
    }
    head.penalty = penalty_;
    head.validation_loss = validation_loss();
    return head;
  }

 private:
  /// sum over the rows of `of(row)` times the row's terms.
  template <class Factor>
  Vector sum_of_rows(const Factor& of) {
    const std::size_t size = (terms_.rows() + kParts - 1) / kParts;
    std::vector<Vector> parts(ThreadPool::chunk_count(terms_.rows(), size));
    pool_.for_each_chunk(terms_.rows(), size, [&](const Chunk& chunk) {
      Vector& part = parts[chunk.index];
      part.assign(terms_.size(), 0.0);
      for (std::size_t row = chunk.begin; row < chunk.end; ++row) terms_.add(row, of(row), part);
    });
    for (std::size_t p = 1; p < parts.size(); ++p) {
      for (std::size_t k = 0; k < terms_.size(); ++k) parts.front()[k] += parts[p][k];
    }
    return std::move(parts.front());
  }

  double penalty_of(const Vector& weights) const {
    const double bias = weights.back();
    return penalty_ / 2 * (dot(weights, weights) - bias * bias);
  }

  double objective(const Vector& weights) {
    const std::size_t size = (terms_.rows() + kParts - 1) / kParts;
    Vector parts(ThreadPool::chunk_count(terms_.rows(), size), 0.0);
    pool_.for_each_chunk(terms_.rows(), size, [&](const Chunk& chunk) {
      for (std::size_t row = chunk.begin; row < chunk.end; ++row) {
        outputs_[row] = terms_.output(row, weights);
        const RowLoss loss = row_loss(rows_.target, outputs_[row], rows_.labels[rows_.train[row]]);
        parts[chunk.index] += loss.loss;
        curvatures_[row] = loss.curvature;
      }
    });
    return std::accumulate(parts.begin(), parts.end(), penalty_of(weights));
  }

  double differentiate(Vector& gradient) {
    const double value = objective(weights_);
    gradient = sum_of_rows([&](std::size_t row) {
      return row_loss(rows_.target, outputs_[row], rows_.labels[rows_.train[row]]).slope;
    });
    for (std::size_t k = 0; k + 1 < weights_.size(); ++k) gradient[k] += penalty_ * weights_[k];
    return value;
  }

  Vector times_hessian(const Vector& x) {
    Vector product =
        sum_of_rows([&](std::size_t row) { return curvatures_[row] * terms_.output(row, x); });
    for (std::size_t k = 0; k + 1 < x.size(); ++k) product[k] += penalty_ * x[k];
    return product;
  }

  /// Conjugate gradients for -H^-1 g.
  Vector solve(const Vector& gradient) {
    Vector x(gradient.size(), 0.0);
    Vector rest(gradient.size());
    std::ranges::transform(gradient, rest.begin(), [](double g) { return -g; });
    Vector along = rest;
    double squared = dot(rest, rest);
    const double enough = 0.01 * squared;  // a tenth of the length
    for (int step = 0; step < kGradientSteps && squared > enough; ++step) {
      const Vector image = times_hessian(along);
      const double curvature = dot(along, image);
      if (!(curvature > 0)) break;
      const double length = squared / curvature;
      for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] += length * along[k];
        rest[k] -= length * image[k];
      }
      const double next = dot(rest, rest);
      for (std::size_t k = 0; k < x.size(); ++k) along[k] = rest[k] + next / squared * along[k];
      squared = next;
    }
    return x;
  }

  /// A step that lowers the objective enough (Armijo), halved until it does. False: there is none.
  bool advance(double value, double slope, const Vector& direction) {
    for (double length = 1; length > 1e-6; length /= 2) {
      Vector next = weights_;
      for (std::size_t k = 0; k < next.size(); ++k) next[k] += length * direction[k];
      if (objective(next) <= value + 1e-4 * length * slope) {
        weights_ = std::move(next);
        return true;
      }
    }
    return false;
  }

  const TrainingRows& rows_;
  ThreadPool& pool_;
  Terms terms_;
  Terms held_;
  Vector weights_;
  Vector outputs_;     ///< of the training rows
  Vector curvatures_;  ///< of their losses
  double penalty_ = 0;
};

}  // namespace

LinearHead train_linear_head(const TrainingRows& rows, ThreadPool& pool) {
  Regression regression(rows, pool);
  LinearHead best;
  for (const double penalty : kPenalties) {
    regression.minimise(penalty);
    LinearHead head = regression.head();
    if (best.weights.empty() || head.validation_loss < best.validation_loss) {
      best = std::move(head);
    }
  }
  return best;
}

}  // namespace palate::internal
