// A model file as text for people.
#ifndef PALATE_TOOLS_MODEL_REPORT_H_
#define PALATE_TOOLS_MODEL_REPORT_H_

#include <ostream>

#include "palate/model.h"

namespace palate::tools {

/// Says what `model_json` has.
void print_model(const Model& model, std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_MODEL_REPORT_H_
