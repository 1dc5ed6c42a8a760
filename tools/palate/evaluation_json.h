// An evaluation as JSON for scripts.
#ifndef PALATE_TOOLS_EVALUATION_JSON_H_
#define PALATE_TOOLS_EVALUATION_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "evaluation.h"

namespace palate::tools {

/// All numbers in full; null stands for what the model or the data do not give.
nlohmann::ordered_json evaluation_json(const Evaluation& evaluation);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_EVALUATION_JSON_H_
