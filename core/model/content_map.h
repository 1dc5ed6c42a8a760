// How wide a content map is.
#ifndef PALATE_MODEL_CONTENT_MAP_H_
#define PALATE_MODEL_CONTENT_MAP_H_

#include <cstddef>

#include "palate/model.h"

namespace palate::internal {

/// How many numbers the model has of an item that training has found: the outputs of a content map.
std::size_t content_outputs(const Model& model);

}  // namespace palate::internal

#endif  // PALATE_MODEL_CONTENT_MAP_H_
