// Who touched what, as compressed rows, in both directions.
#include "factor/sparse_rows.h"

#include <algorithm>
#include <utility>

namespace palate::internal {

void SparseRows::append(std::span<const Event> history) {
  std::vector<std::pair<std::uint32_t, float>> entries;
  entries.reserve(history.size());
  for (const Event& event : history) {
    entries.emplace_back(static_cast<std::uint32_t>(to_row(event.item)), event.weight);
  }
  std::sort(entries.begin(), entries.end());
  for (std::size_t k = 0; k < entries.size(); ++k) {
    if (k + 1 < entries.size() && entries[k + 1].first == entries[k].first) continue;
    columns.push_back(entries[k].first);
    weights.push_back(entries[k].second);
  }
  offsets.push_back(columns.size());
}

SparseRows rows_of(const Histories& histories) {
  SparseRows rows;
  rows.offsets.reserve(histories.offsets.size());
  rows.columns.reserve(histories.events.size());
  rows.weights.reserve(histories.events.size());
  for (std::size_t user = 0; user < histories.user_count(); ++user) rows.append(histories.of(user));
  return rows;
}

SparseRows transpose(const SparseRows& rows, std::size_t columns) {
  SparseRows result;
  result.offsets.assign(columns + 1, 0);
  for (const std::uint32_t column : rows.columns) ++result.offsets[column + 1];
  for (std::size_t column = 0; column < columns; ++column) {
    result.offsets[column + 1] += result.offsets[column];
  }
  result.columns.resize(rows.columns.size());
  result.weights.resize(rows.columns.size());
  std::vector<std::size_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t k = rows.offsets[row]; k < rows.offsets[row + 1]; ++k) {
      const std::size_t place = next[rows.columns[k]]++;
      result.columns[place] = static_cast<std::uint32_t>(row);
      result.weights[place] = rows.weights[k];
    }
  }
  return result;
}

}  // namespace palate::internal
