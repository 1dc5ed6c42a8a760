// The flags that say which items a list may hold, and how it is put in order.
#ifndef PALATE_TOOLS_REQUEST_FLAGS_H_
#define PALATE_TOOLS_REQUEST_FLAGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "palate/examples.h"
#include "palate/model.h"
#include "palate/request.h"
#include "palate/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace palate::tools {

/// A request with what it borrows.
struct HeldRequest {
  Request request;
  std::vector<ItemIndex> exclude;
  std::vector<ItemIndex> only;
  std::vector<Condition> where;
  std::vector<ItemIndex> pinned;
  std::vector<Cap> caps;
  std::vector<Quota> quotas;
  std::vector<EncodedColumn> context;
};

struct RequestFlags {
  bool include_seen = false;
  bool exact = false;
  std::vector<std::string> exclude;
  std::vector<std::string> only;
  std::vector<std::string> where;  ///< "attribute=category" or "attribute=minimum..maximum"
  std::vector<std::string> pinned;
  std::vector<std::string> at_most;   ///< "attribute=count"
  std::vector<std::string> at_least;  ///< "attribute=category:count"
  std::string freshness;              ///< "attribute=half-life"
  float freshness_weight = 0.2F;
  float popularity = 0;
  float diversity = 0;
  bool dpp = false;
  std::uint32_t pool = Reranking{}.pool;
  float explore = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> context;  ///< "name=value"

  void declare(CLI::App& app);

  /// Looks everything up in the model; ids that it does not know are left out. `request` points
  /// into `held`. An attribute or context that it does not know, or a range that is none, is an
  /// error.
  Status resolve(const Model& model, HeldRequest& held) const;

 private:
  Status resolve_order(const Model& model, HeldRequest& held) const;
};

}  // namespace palate::tools

#endif  // PALATE_TOOLS_REQUEST_FLAGS_H_
