// A list for one history, for people to read.
#ifndef PALATE_TOOLS_RECOMMEND_ONE_H_
#define PALATE_TOOLS_RECOMMEND_ONE_H_

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate::tools {

/// The events of a history as the model knows them, and the ids that it does not know.
struct KnownHistory {
  std::vector<Event> events;
  std::vector<std::string> unknown;
};

KnownHistory look_up(const Model& model, std::span<const std::string> ids);

/// Names the unknown ids; nothing where there are none.
void print_unknown(const KnownHistory& history, std::ostream& log);

struct OneRequest {
  std::uint32_t count = 10;
  Request request;  ///< points into what is held elsewhere
  bool explain = false;
  std::vector<CellsView> context;  ///< of the visit
};

/// Prints rank, id, score, title and categories; with `explain` below each item what its score is
/// made of.
Status recommend_one(const Model& model, std::span<const Event> history, const OneRequest& request,
                     std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_RECOMMEND_ONE_H_
