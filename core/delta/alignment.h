// Which bytes of the base foretell which of the result.
#ifndef PALATE_DELTA_ALIGNMENT_H_
#define PALATE_DELTA_ALIGNMENT_H_

#include <cstddef>
#include <vector>

#include "palate/model.h"

namespace palate::internal {

/// The instructions that predict `result` from `base` section by section, item by item.
std::vector<std::byte> align(const Model& base, const Model& result);

}  // namespace palate::internal

#endif  // PALATE_DELTA_ALIGNMENT_H_
