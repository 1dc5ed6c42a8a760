// What a log is like, as far as a recipe depends on it.
#ifndef PALATE_CHOOSE_LOG_FACTS_H_
#define PALATE_CHOOSE_LOG_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "palate/dataset.h"
#include "palate/recipe.h"

namespace palate::internal {

/// What is known of the order of a user's interactions.
enum class Order : std::uint8_t {
  kTimes,  ///< the log has times
  kRows,   ///< it has none, but was said to have its rows in order
  kNone,   ///< it has none
};

/// What recipes are tried on.
enum class Held : std::uint8_t {
  kNewest,  ///< what is newest in the log
  kLast,    ///< each user's last interaction
  kAny      ///< any interaction of each user
};

struct LogFacts {
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t interactions = 0;
  Order order = Order::kTimes;
  Held held = Held::kNewest;
  bool has_values = false;
  bool has_categories = false;  ///< of items

  double per_item() const { return static_cast<double>(interactions) / static_cast<double>(items); }
  /// The share of all pairs of a user and an item that the log holds.
  double density() const { return per_item() / static_cast<double>(users); }

  /// In a line.
  std::string text() const;
};

/// `items`: what is known of items, may be empty; `told`: what is said of the log.
LogFacts facts_of(const InteractionLog& log, const Catalogue& items, const AutoRecipe& told);

}  // namespace palate::internal

#endif  // PALATE_CHOOSE_LOG_FACTS_H_
