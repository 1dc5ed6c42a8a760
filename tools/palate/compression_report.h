// What a step of a compression changes, and whether that is too much.
#ifndef PALATE_TOOLS_COMPRESSION_REPORT_H_
#define PALATE_TOOLS_COMPRESSION_REPORT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "palate/compress.h"
#include "palate/evaluate.h"
#include "palate/model.h"

namespace palate::tools {

/// What of a model becomes what, such as "items" from "f32" to "int8".
struct Change {
  std::string what;
  std::string before;
  std::string after;

  std::string name() const { return after + " " + what; }
};

/// One measure of the model as it was and as it would be.
struct Quality {
  std::string name;
  double before = 0;
  double after = 0;
  bool is_error = false;  ///< the smaller the better

  /// The share that is lost; below 0 where something is won.
  double loss() const;
};

/// Recall and NDCG at `k`, and RMSE where values are predicted.
std::vector<Quality> compare(const EvaluationReport& before, const EvaluationReport& after,
                             std::uint32_t k);

void print_change(const Change& change, const Model& before, const Model& after,
                  const std::vector<Quality>& list, std::ostream& out);

/// A sentence on an index that was made.
std::string index_text(const MadeListIndex& made);

/// `kRequestInvalid` where one of the list loses more than `max_loss`; `changes` are named in it.
Status check_losses(double max_loss, const std::string& changes, const std::vector<Quality>& list);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_COMPRESSION_REPORT_H_
