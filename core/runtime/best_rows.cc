// Blocks of rows against a running threshold.
#include "runtime/best_rows.h"

#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "runtime/finite.h"
#include "runtime/gather.h"

namespace palate::internal {
namespace {

/// Makes scores of the products, or of bounds of these, of the rows from `first` on; monotone.
void score_products(const TopKQuery& query, std::size_t first, std::span<float> products) {
  if (!query.row_scale.empty()) {
    const float* scales = query.row_scale.data() + first;
    for (std::size_t r = 0; r < products.size(); ++r) products[r] *= scales[r];
  }
  if (query.offset.empty()) return;
  for (std::size_t r = 0; r < products.size(); ++r) products[r] += query.offset[first + r];
}

bool changes_products(const TopKQuery& query) {
  return !query.row_scale.empty() || !query.offset.empty();
}

/// What a cut has to leave beside the next block, or it would soon be the next one's turn.
constexpr std::size_t kLeastSpace = 64;
static_assert(BestPicks::kSpare >= TableScan::kBlock + kLeastSpace,
              "what a cut of scores leaves holds no block");

/// Below a number by more than some roundings.
float below(float number) {
  return number - (std::abs(number) * 0x1p-20F + std::numeric_limits<float>::min());
}

}  // namespace

bool BestRows::look(std::size_t first, std::size_t last) {
  assert(query_.rows.empty() || !changes_products(query_));
  const bool may_overflow = scan_.is_exact() || changes_products(query_);
  std::array<float, TableScan::kBlock> bounds;
  for (; first < last; first += bounds.size()) {
    const std::size_t count = std::min(bounds.size(), last - first);
    if (query_.rows.empty() && query_.excluded.covers(first, count)) continue;
    const std::span<float> block = std::span(bounds).first(count);
    scan_.write_bounds(first, block);
    score_products(query_, first, block);
    if (may_overflow && !all_finite(block)) return false;
    if (!make_space(count)) return false;
    if (!take(gather(block, first, bar(), best_.space()))) return false;
  }
  return true;
}

bool BestRows::settle() {
  cut();
  if (is_settled_) return true;
  for (Pick& pick : best_.all()) {
    if (!score(to_row(pick.item), pick)) return false;
  }
  is_settled_ = true;
  cut();
  return true;
}

// For so many rows. Where bounds leave too many in, as of rows that are all the same, only scores
// tell which to drop.
bool BestRows::make_space(std::size_t rows) {
  if (best_.space().size() >= rows) return true;
  cut();
  if (best_.space().size() >= rows + kLeastSpace) return true;
  if (!settle()) return false;
  assert(best_.space().size() >= rows);
  return true;
}

void BestRows::cut() {
  if (!best_.has_too_many()) return;
  float least = std::numeric_limits<float>::infinity();
  for (const Pick& pick : best_.lead()) least = std::min(least, least_of(pick));
  best_.drop(least);
}

// Keeps those of the picks gathered in the space that may be listed.
bool BestRows::take(std::size_t gathered) {
  const RowMask excluded = query_.excluded;
  const std::span<const std::uint32_t> rows = query_.rows;
  for (Pick pick : best_.space().first(gathered)) {
    const std::size_t place = to_row(pick.item);
    if (excluded[rows.empty() ? place : rows[place]]) continue;
    if (is_settled_ && !score(place, pick)) return false;
    best_.put(pick);
  }
  return true;
}

// Puts the row and its score in the place of a place and its bound.
bool BestRows::score(std::size_t place, Pick& pick) const {
  pick.item = to_item(query_.rows.empty() ? place : query_.rows[place]);
  if (!scan_.is_exact()) {
    pick.score = scan_.product(place);
    score_products(query_, place, {&pick.score, 1});
  }
  return std::isfinite(pick.score);
}

// What its score is at least. A row's scale and an offset are rounded once each.
float BestRows::least_of(const Pick& pick) const {
  if (is_settled_) return pick.score;
  const std::size_t place = to_row(pick.item);
  float spread = scan_.spread(place);
  if (!query_.row_scale.empty()) spread *= query_.row_scale[place];
  return below(pick.score - spread);
}

// Rows in ascending order never replace one of an equal score.
float BestRows::bar() const {
  const bool in_order = query_.rows.empty() || !is_settled_;
  return in_order ? best_.threshold() : below(best_.threshold());
}

}  // namespace palate::internal
