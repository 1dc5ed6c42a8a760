// A ticket is a stretch of rows; each thread keeps a list of its own, and the lists become one.
#include "runtime/shared_top_k.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "palate/threads.h"
#include "runtime/best_rows.h"
#include "runtime/table_scan.h"

namespace palate::internal {
namespace {

constexpr std::size_t kRows = 8 * TableScan::kBlock;  // of a ticket

// Helpers wake within some hundredths of a millisecond, in which one thread reads this much.
constexpr std::size_t kLeastBytes = std::size_t{1} << 20;

struct Search {
  const TopKQuery& query;
  const TableScan& scan;
  BestRows& own;  // of the thread that asks
  std::size_t count;
  std::span<Pick> lists;  // one a helper
  std::size_t room;       // of each
  std::atomic<std::size_t> next{0};
  std::atomic<bool> has_failed{false};
  std::array<std::size_t, Threads::kMost> found{};  // in each list; 0 where a helper came too late
};

// Tickets come in ascending order, as a list wants its rows.
void take_rows(Search& search, BestRows& best) {
  const std::size_t rows = search.query.table.rows;
  while (!search.has_failed.load()) {
    const std::size_t first = search.next.fetch_add(kRows);
    const bool is_left = first < rows;
    const bool is_well = is_left ? best.look(first, std::min(first + kRows, rows)) : best.settle();
    if (!is_well) search.has_failed.store(true);
    if (!is_left) return;
  }
}

void help(void* context, std::size_t helper) {
  Search& search = *static_cast<Search*>(context);
  if (helper == 0) return take_rows(search, search.own);
  BestRows best(search.query, search.scan, search.count,
                search.lists.subspan((helper - 1) * search.room, search.room));
  take_rows(search, best);
  search.found[helper] = best.picks().all().size();
}

}  // namespace

bool is_worth_sharing(const TableView& table) { return table.size_bytes() >= kLeastBytes; }

std::optional<std::size_t> shared_top_k(Crew& crew, const TopKQuery& query, std::size_t count,
                                        std::span<Pick> room) {
  // Long lists cost more than reading the table.
  const bool gains = is_worth_sharing(query.table) && count <= query.table.rows / 64;
  return gains ? top_k_by_all(crew, query, count, room) : top_k(query, count, room);
}

std::optional<std::size_t> top_k_by_all(Crew& crew, const TopKQuery& query, std::size_t count,
                                        std::span<Pick> room, const ScanKernels& kernels) {
  const TableScan scan(query.table, query.vector, query.code_sums, kernels);
  if (!scan.is_finite()) return std::nullopt;
  const std::size_t helpers = std::min(crew.helpers(), Threads::kMost - 1);
  if (!crew.lists().allocate(helpers, room.size())) return top_k(query, count, room, kernels);
  BestRows best(query, scan, count, room);
  Search search{.query = query,
                .scan = scan,
                .own = best,
                .count = count,
                .lists = crew.lists().first(helpers * room.size()),
                .room = room.size()};
  crew.run(help, &search, helpers);
  if (search.has_failed.load()) return std::nullopt;
  for (std::size_t helper = 1; helper <= helpers; ++helper) {
    const auto list = search.lists.subspan((helper - 1) * room.size(), search.found[helper]);
    for (const Pick& pick : list) best.picks().add(pick);
  }
  return best.picks().finish();
}

}  // namespace palate::internal
