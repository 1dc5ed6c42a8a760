// The recipe `ials` as the model file keeps it.
#ifndef PALATE_FACTOR_RECIPE_TEXT_H_
#define PALATE_FACTOR_RECIPE_TEXT_H_

#include <string>

#include "palate/factor.h"

namespace palate::internal {

/// A number as TOML: the shortest text that reads as the same float, "nan" for none.
std::string toml_text(float value);

/// All fields in canonical order, as `Recipe::toml` of the same recipe.
std::string recipe_text(const FactorRecipe& recipe);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_RECIPE_TEXT_H_
