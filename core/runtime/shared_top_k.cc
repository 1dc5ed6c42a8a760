// A ticket is a stretch of rows; each thread keeps a list of its own, and the lists become one.
#include "runtime/shared_top_k.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "palate/threads.h"
#include "runtime/table_scan.h"

namespace palate::internal {
namespace {

constexpr std::size_t kRows = 8 * TableScan::kBlock;  // of a ticket

// Helpers wake within some hundredths of a millisecond, in which one thread reads this much.
constexpr std::size_t kLeastBytes = std::size_t{1} << 20;

struct Search {
  const TopKQuery& query;
  const TableScan& scan;
  BestPicks& own;         // of the thread that asks
  std::span<Pick> lists;  // one a helper
  std::size_t length;     // of each
  std::atomic<std::size_t> next{0};
  std::atomic<bool> has_failed{false};
  std::array<std::size_t, Threads::kMost> found{};  // in each list; 0 where a helper came too late
};

// Tickets come in ascending order, as a list wants its rows.
void take_rows(Search& search, BestPicks& best) {
  const std::size_t rows = search.query.table.rows;
  for (;;) {
    const std::size_t first = search.next.fetch_add(kRows);
    if (first >= rows || search.has_failed.load()) return;
    if (!add_best(search.query, search.scan, first, std::min(first + kRows, rows), best)) {
      search.has_failed.store(true);
    }
  }
}

void help(void* context, std::size_t helper) {
  Search& search = *static_cast<Search*>(context);
  if (helper == 0) return take_rows(search, search.own);
  BestPicks best(search.lists.subspan((helper - 1) * search.length, search.length));
  take_rows(search, best);
  search.found[helper] = best.size();
}

}  // namespace

bool is_worth_sharing(const TableView& table) { return table.size_bytes() >= kLeastBytes; }

std::optional<std::size_t> shared_top_k(Crew& crew, const TopKQuery& query, std::span<Pick> picks) {
  // Long lists cost more than reading the table.
  const bool gains = is_worth_sharing(query.table) && picks.size() <= query.table.rows / 64;
  return gains ? top_k_by_all(crew, query, picks) : top_k(query, picks);
}

std::optional<std::size_t> top_k_by_all(Crew& crew, const TopKQuery& query, std::span<Pick> picks,
                                        const ScanKernels& kernels) {
  const TableScan scan(query.table, query.vector, query.code_sums, kernels);
  if (!scan.is_finite()) return std::nullopt;
  const std::size_t helpers = std::min(crew.helpers(), Threads::kMost - 1);
  const std::size_t length = picks.size();
  if (!crew.lists().allocate(helpers, length)) return top_k(query, picks, kernels);
  BestPicks best(picks);
  Search search{.query = query,
                .scan = scan,
                .own = best,
                .lists = crew.lists().first(helpers * length),
                .length = length};
  crew.run(help, &search, helpers);
  if (search.has_failed.load()) return std::nullopt;
  for (std::size_t helper = 1; helper <= helpers; ++helper) {
    const auto list = search.lists.subspan((helper - 1) * length, search.found[helper]);
    for (const Pick& pick : list) best.add(pick);
  }
  return best.finish();
}

}  // namespace palate::internal
