// Lists of a table's best rows, as tests ask for them.
#ifndef PALATE_TESTS_SAMPLE_LISTS_H_
#define PALATE_TESTS_SAMPLE_LISTS_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "runtime/best_picks.h"
#include "runtime/top_k.h"

namespace palate::testing {

/// What `search(room)` finds, which is given the room that a list of `count` of `rows` rows needs
/// and not a pick more.
template <class Search>
std::optional<std::vector<Pick>> list_by(Search search, std::size_t count, std::size_t rows) {
  std::vector<Pick> room(internal::BestPicks::room(count, rows));
  const std::optional<std::size_t> found = search(std::span<Pick>(room));
  if (!found) return std::nullopt;
  room.resize(*found);
  return room;
}

inline std::optional<std::vector<Pick>> best_rows(
    const internal::TopKQuery& query, std::size_t count,
    const internal::ScanKernels& kernels = internal::scan_kernels()) {
  return list_by([&](std::span<Pick> room) { return internal::top_k(query, count, room, kernels); },
                 count, query.table.rows);
}

}  // namespace palate::testing

#endif  // PALATE_TESTS_SAMPLE_LISTS_H_
