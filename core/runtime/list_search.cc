// Lists by their centroids, then their rows.
#include "runtime/list_search.h"

#include <cstring>
#include <new>
#include <utility>

#include "palate/words.h"
#include "runtime/best_rows.h"
#include "runtime/table_scan.h"
#include "runtime/top_k.h"

namespace palate::internal {
namespace {

/// Copies entries of `size` numbers each in the order that `rows` gives.
template <class T>
Status copy_in_order(std::span<const T> from, std::size_t size, std::span<const std::uint32_t> rows,
                     Buffer<T>& to) {
  if (Status status = to.allocate(rows.size(), size); !status) return status;
  for (std::size_t place = 0; place < rows.size(); ++place) {
    std::memcpy(to.data() + place * size, from.data() + rows[place] * size, size * sizeof(T));
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<ItemSearch>> ListSearch::create(const ListIndexView& index,
                                                       const TableView& table,
                                                       std::span<const std::int32_t> code_sums) {
  std::unique_ptr<ListSearch> made(new (std::nothrow) ListSearch(index));
  if (made == nullptr) return Error{ErrorCode::kMemory, "no memory for an index"_words};
  Status status = made->sort_rows();
  if (status) status = made->copy_table(table, code_sums);
  if (!status) return status.error();
  return std::unique_ptr<ItemSearch>(std::move(made));
}

ListSearch::ListSearch(const ListIndexView& index) : index_(index) {
  centroids_.rows = index.centroids.rows;
  centroids_.columns = index.centroids.columns;
  centroids_.values = index.centroids.values;
}

Status ListSearch::sort_rows() {
  const std::size_t lists = centroids_.rows;
  Status status = offsets_.reserve(lists + 1);
  if (status) status = rows_.allocate(index_.lists.size());
  if (status) status = nearest_.allocate(room_for_lists());
  if (!status) return status;
  for (const std::uint16_t list : index_.lists) ++offsets_[list];
  // Where each list ends; from there its rows are put in place, the last one first.
  for (std::size_t list = 1; list <= lists; ++list) offsets_[list] += offsets_[list - 1];
  for (std::size_t row = index_.lists.size(); row-- > 0;) {
    rows_[--offsets_[index_.lists[row]]] = static_cast<std::uint32_t>(row);
  }
  return Done{};
}

Status ListSearch::copy_table(const TableView& table, std::span<const std::int32_t> code_sums) {
  const std::span<const std::uint32_t> rows = rows_.first(table.rows);
  sorted_ = table;
  if (table.precision == Precision::kFloat32) {
    Status status = copy_in_order(table.values, table.columns, rows, values_);
    if (status) sorted_.values = values_.first(table.values.size());
    return status;
  }
  Status status = copy_in_order(table.codes, table.row_bytes(), rows, codes_);
  if (status) status = copy_in_order(table.scales, 1, rows, scales_);
  if (status && !code_sums.empty()) status = copy_in_order(code_sums, 1, rows, code_sums_);
  if (!status) return status;
  sorted_.codes = codes_.first(table.codes.size());
  sorted_.scales = scales_.first(table.scales.size());
  return status;
}

std::optional<std::size_t> ListSearch::best(const TopKQuery& query, std::size_t count,
                                            std::span<Pick> room) {
  if (count > index_.length) return std::nullopt;
  const auto lists =
      top_k({.table = centroids_, .vector = query.vector, .row_scale = {}, .excluded = {}},
            index_.probes, nearest_.first(room_for_lists()));
  if (!lists) return std::nullopt;
  TopKQuery sorted = query;
  sorted.table = sorted_;
  sorted.code_sums = code_sums_.first(query.code_sums.size());
  sorted.rows = rows_.first(sorted_.rows);
  const TableScan scan(sorted.table, sorted.vector, sorted.code_sums);
  if (!scan.is_finite()) return std::nullopt;
  BestRows best(sorted, scan, count, room);
  for (const Pick& list : nearest_.first(*lists)) {
    const std::uint32_t* ends = &offsets_[to_row(list.item)];
    if (!best.look(ends[0], ends[1])) return std::nullopt;
  }
  if (!best.settle()) return std::nullopt;
  const std::size_t found = best.picks().finish();
  return found == count ? std::optional(found) : std::nullopt;
}

}  // namespace palate::internal
