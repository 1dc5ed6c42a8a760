// A model file as JSON for scripts.
#ifndef PALATE_TOOLS_MODEL_JSON_H_
#define PALATE_TOOLS_MODEL_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "palate/model.h"

namespace palate::tools {

/// Kind, items, dimension, bytes of each section, SHA-256 of the whole file, training facts with
/// metrics and recipe, attributes.
nlohmann::ordered_json model_json(const Model& model);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_MODEL_JSON_H_
