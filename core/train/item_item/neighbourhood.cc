// The regression of one item on the items that are touched by the same users.
#include "train/item_item/neighbourhood.h"

#include <algorithm>
#include <cmath>

namespace palate::internal {
namespace {

/// x = A^-1 b for a positive definite A (row by row, its upper triangle), both overwritten: U'DU by
/// elimination. False where it is not positive definite.
bool solve_in_place(std::vector<double>& a, std::vector<double>& b) {
  const std::size_t size = b.size();
  for (std::size_t p = 0; p < size; ++p) {
    const double* pivot_row = &a[p * size];
    if (!(pivot_row[p] > 0) || !std::isfinite(pivot_row[p])) return false;
    for (std::size_t r = p + 1; r < size; ++r) {
      const double factor = pivot_row[r] / pivot_row[p];
      double* row = &a[r * size];
      for (std::size_t c = r; c < size; ++c) row[c] -= factor * pivot_row[c];
      b[r] -= factor * b[p];
    }
  }
  for (std::size_t p = size; p-- > 0;) {
    for (std::size_t c = p + 1; c < size; ++c) b[p] -= a[p * size + c] * b[c];
    b[p] /= a[p * size + p];
  }
  return true;
}

}  // namespace

Neighbourhood::Neighbourhood(const ItemRegression& regression)
    : regression_(regression),
      together_(regression.item_count()),
      counts_(regression.users().size()),
      ends_(regression.users().size()) {}

WeightRow Neighbourhood::solve(std::size_t item) {
  sum_row(item);
  choose_support(item);
  weights_.clear();
  for (const std::uint32_t member : support_) weights_.push_back(together_[member]);
  for (const std::uint32_t candidate : candidates_) together_[candidate] = 0;
  sum_gramian();
  WeightRow result;
  if (!solve_in_place(gramian_, weights_)) return result;
  for (std::size_t k = 0; k < support_.size(); ++k) {
    result.push_back({support_[k], static_cast<float>(weights_[k])});
  }
  return result;
}

void Neighbourhood::sum_row(std::size_t item) {
  const SparseRows& users = regression_.users();
  const SparseRows& items = regression_.items();
  candidates_.clear();
  for (std::size_t k = items.offsets[item]; k < items.offsets[item + 1]; ++k) {
    const std::size_t user = items.columns[k];
    for (std::size_t n = users.offsets[user]; n < users.offsets[user + 1]; ++n) {
      double& sum = together_[users.columns[n]];
      if (sum == 0) candidates_.push_back(users.columns[n]);
      sum += double{items.weights[k]} * users.weights[n];
    }
  }
}

/// The items with the largest numbers in the item's row of G; ties, and what is missing to the
/// recipe's number: the lower row.
void Neighbourhood::choose_support(std::size_t item) {
  const std::size_t size =
      std::min<std::size_t>(regression_.recipe().support, regression_.item_count() - 1);
  support_ = candidates_;
  std::erase(support_, item);
  if (support_.size() > size) {
    const auto cut = support_.begin() + static_cast<std::ptrdiff_t>(size);
    std::nth_element(support_.begin(), cut, support_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return together_[a] > together_[b] || (together_[a] == together_[b] && a < b);
    });
    support_.erase(cut, support_.end());
  }
  for (std::uint32_t other = 0; support_.size() < size; ++other) {
    if (together_[other] == 0 && other != item) support_.push_back(other);
  }
  std::sort(support_.begin(), support_.end());
}

/// Sorts who touched what of the support by user.
void Neighbourhood::find_touches() {
  const SparseRows& items = regression_.items();
  users_.clear();
  for (const std::uint32_t member : support_) {
    for (std::size_t k = items.offsets[member]; k < items.offsets[member + 1]; ++k) {
      if (counts_[items.columns[k]]++ == 0) users_.push_back(items.columns[k]);
    }
  }
  std::uint32_t size = 0;
  for (const std::uint32_t user : users_) {
    ends_[user] = size;
    size += counts_[user];
  }
  touches_.resize(size);
  for (std::uint32_t member = 0; member < support_.size(); ++member) {
    const std::size_t row = support_[member];
    for (std::size_t k = items.offsets[row]; k < items.offsets[row + 1]; ++k) {
      touches_[ends_[items.columns[k]]++] = {member, items.weights[k]};
    }
  }
}

/// G_SS + ridge, the upper triangle: each user adds what he touched of the support.
void Neighbourhood::sum_gramian() {
  find_touches();
  const std::size_t size = support_.size();
  gramian_.assign(size * size, 0.0);
  for (const std::uint32_t user : users_) {
    const std::size_t end = ends_[user];
    const std::size_t begin = end - counts_[user];
    for (std::size_t a = begin; a < end; ++a) {
      double* row = &gramian_[touches_[a].member * size];
      const double weight = touches_[a].weight;
      for (std::size_t b = a; b < end; ++b) {
        row[touches_[b].member] += weight * touches_[b].weight;
      }
    }
    counts_[user] = 0;
  }
  for (std::size_t k = 0; k < size; ++k) {
    gramian_[k * size + k] = regression_.diagonal(support_[k]);
  }
}

}  // namespace palate::internal
