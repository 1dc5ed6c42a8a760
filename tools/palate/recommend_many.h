// Lists for every user of a file, as CSV.
#ifndef PALATE_TOOLS_RECOMMEND_MANY_H_
#define PALATE_TOOLS_RECOMMEND_MANY_H_

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <span>
#include <vector>

#include "palate/dataset.h"
#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/visitor.h"

namespace palate::tools {

struct ListRequest {
  std::uint32_t count = 10;
  Request request;  ///< points into what is held elsewhere
  unsigned threads = 0;
  std::vector<CellsView> context;  ///< of all visits
  /// None, or each user's events: they count, and choices are learned, as in the page.
  std::span<const std::vector<VisitorEvent>> as_page = {};
};

/// Writes a header and `user,rank,item,score` rows: every user in order, ranks from 1, ids as they
/// were read, scores with the digits that read back as the same number. Memory does not grow with
/// the users. A file is replaced once it is whole.
Status write_recommendations(const Model& model, const IndexedHistories& histories,
                             const ListRequest& request, const std::filesystem::path& path);
Status write_recommendations(const Model& model, const IndexedHistories& histories,
                             const ListRequest& request, std::ostream& out);

/// Says how many rows name items that the model does not know; nothing where there are none.
void print_unknown(const IndexedHistories& histories, std::ostream& log);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_RECOMMEND_MANY_H_
