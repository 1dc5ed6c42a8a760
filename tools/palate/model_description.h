// A model file as text for people and as JSON for scripts.
#ifndef PALATE_TOOLS_MODEL_DESCRIPTION_H_
#define PALATE_TOOLS_MODEL_DESCRIPTION_H_

#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "palate/model.h"

namespace palate::tools {

/// Kind, items, dimension, bytes of each section, SHA-256 of the whole file, training facts with
/// metrics and recipe, attributes.
nlohmann::ordered_json description_json(const Model& model);

/// The same for people.
void print_description(const Model& model, std::ostream& out);

}  // namespace palate::tools

#endif  // PALATE_TOOLS_MODEL_DESCRIPTION_H_
