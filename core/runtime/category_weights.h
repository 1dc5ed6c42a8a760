// How much it says that two items share a category: the rarer, the more.
#ifndef PALATE_RUNTIME_CATEGORY_WEIGHTS_H_
#define PALATE_RUNTIME_CATEGORY_WEIGHTS_H_

#include <cstddef>
#include <span>

#include "palate/model.h"

namespace palate::internal {

/// Writes log(1 + items / items of the category), one a category of the attribute.
void weigh_categories(const AttributeView& attribute, std::size_t items, std::span<float> weights);

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_CATEGORY_WEIGHTS_H_
