// The best rows of the lists that lie nearest to a vector.
#ifndef PALATE_RUNTIME_LIST_SEARCH_H_
#define PALATE_RUNTIME_LIST_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/best_picks.h"
#include "runtime/buffer.h"
#include "runtime/item_search.h"

namespace palate::internal {

/// By a model's index. Scores, and the order of what is found, are those of `top_k`. Keeps a copy
/// of the table with the rows of each list side by side: picked from where they lie in the
/// catalogue, a tenth of the rows takes as long as all of them in order. Borrows the index.
class ListSearch final : public ItemSearch {
 public:
  /// `table`: the item vectors that the index is of; `code_sums`: as `TopKQuery` has them.
  static Result<std::unique_ptr<ItemSearch>> create(const ListIndexView& index,
                                                    const TableView& table,
                                                    std::span<const std::int32_t> code_sums);

  std::optional<std::size_t> best(const TopKQuery& query, std::size_t count,
                                  std::span<Pick> room) override;

 private:
  explicit ListSearch(const ListIndexView& index);

  std::size_t room_for_lists() const { return BestPicks::room(index_.probes, centroids_.rows); }
  Status sort_rows();
  Status copy_table(const TableView& table, std::span<const std::int32_t> code_sums);

  ListIndexView index_;
  TableView centroids_;
  Buffer<std::uint32_t> offsets_;  // of the lists in rows_, and where the last one ends
  Buffer<std::uint32_t> rows_;     // of the catalogue, ascending in each list
  Buffer<Pick> nearest_;           // lists, at the front of the room for them
  TableView sorted_;               // the table in the order of rows_, over the buffers below
  Buffer<float> values_;
  Buffer<float> scales_;
  Buffer<std::uint8_t> codes_;
  Buffer<std::int32_t> code_sums_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_LIST_SEARCH_H_
