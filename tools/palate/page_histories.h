// Histories of a log as a page would have them: every event with its kind.
#ifndef PALATE_TOOLS_PAGE_HISTORIES_H_
#define PALATE_TOOLS_PAGE_HISTORIES_H_

#include <vector>

#include "palate/dataset.h"
#include "palate/model.h"
#include "palate/visitor.h"

namespace palate::tools {

/// Each user's events oldest first, in the order of `index_histories`; those with unknown items are
/// left out.
std::vector<std::vector<VisitorEvent>> page_histories(const InteractionLog& log,
                                                      const Model& model);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_PAGE_HISTORIES_H_
