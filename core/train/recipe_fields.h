// Every field of a recipe: its name, where it is kept, and the values it takes.
#ifndef PALATE_TRAIN_RECIPE_FIELDS_H_
#define PALATE_TRAIN_RECIPE_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "palate/recipe.h"

namespace palate::internal {

struct Range {
  double minimum = 0;
  double maximum = 0;
  bool above_minimum = false;  ///< the minimum itself is out
  bool nan = false;            ///< nan stands for "none"
};

/// One field, bound to a recipe.
struct Field {
  std::string_view table;
  std::string_view name;
  std::variant<std::uint32_t*, float*, bool*, std::vector<std::uint32_t>*, Solver*, ItemItemSolver*,
               Score*, Loss*, HybridEncoder*, HoldOut*, RankerLoss*, OptimizerKind*, Schedule*,
               Mixer*, RatingModel*, RatingScore*, ClickTarget*, Scaling*>
      target;
  Range range;  ///< of a list: of each member

  std::string path() const { return std::string(table) + "." + std::string(name); }
};

/// A value as it was read, before its field judged it.
using RawValue = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>>;

/// The fields that a recipe of this kind has, in canonical order. They point into `recipe`.
std::vector<Field> fields_of(Recipe& recipe);

/// Sets the field; the error text (empty: none) says what the field takes.
std::string assign(const Field& field, const RawValue& value);

/// The value as TOML.
std::string to_toml(const Field& field);

/// "popular", "ials", ...
std::string_view kind_name(RecipeKind kind);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RECIPE_FIELDS_H_
