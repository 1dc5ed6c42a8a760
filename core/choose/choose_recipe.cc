// The recipe `auto`: which recipe fits a log.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "choose/log_facts.h"
#include "choose/trials.h"
#include "palate/choose.h"
#include "train/recipe_fields.h"

namespace palate {
namespace internal {
namespace {

/// Where users have valued so many of all items, what they touched says nothing of their taste.
constexpr double kDenseValues = 0.5;
/// Interactions an item from which `sequence` was better than `transitions` on every log that was
/// tried; with categories to learn from it was so with fewer.
constexpr double kManyPerItem = 50;
constexpr double kEnoughPerItem = 5;
/// With fewer a network asks for more dropout; with so many a recurrence is as good as attention in
/// a third of the time.
constexpr std::array kSparseSequence = {"sequence.dropout=0.5"};
constexpr std::array kDenseSequence = {"sequence.mixer=recurrence", "sequence.epochs=16"};
/// A ranker over `sequence` was better than it on every log with categories that was tried.
constexpr std::array kRankedSequence = {"hybrid.encoder=sequence", "hybrid.transitions=true",
                                        "ranker.max_targets=4"};

/// A recipe's name, fields that depart from it, and why.
struct Finding {
  std::string recipe;
  std::vector<std::string> overrides;
  std::string reason;
};

std::string rounded(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4f", number);
  return text;
}

std::string what_is_held_out(Order order) {
  switch (order) {
    case Order::kTimes:
      return "the newest interactions";
    case Order::kRows:
      return "each user's last interaction";
    case Order::kNone:
      return "one interaction of each user";
  }
  return {};
}

std::string text_of(std::span<const Trial> trials, Order order) {
  std::string text = "NDCG@20 and recall@20 of " + what_is_held_out(order) + ":";
  for (const Trial& trial : trials) {
    text += (&trial == trials.data() ? " " : ", ") + trial.recipe + " " + rounded(trial.ndcg) +
            " " + rounded(trial.recall);
  }
  return text;
}

std::vector<std::string> candidates(const LogFacts& facts, const AutoRecipe& limits) {
  std::vector<std::string> names = {"popular", "ials", "two-tower"};
  if (facts.items <= limits.item_item_items) names.emplace_back("item-item");
  if (facts.order != Order::kNone) names.emplace_back("transitions");
  return names;
}

/// `transitions` is what `sequence` has to beat, which it does where there is enough to learn from.
Finding after_transitions(const LogFacts& facts, const AutoRecipe& limits, std::string trials) {
  const bool is_dense = facts.per_item() >= kManyPerItem;
  if (!is_dense && !(facts.has_categories && facts.per_item() >= kEnoughPerItem)) {
    return {"transitions", {}, trials + "; what was touched last tells most"};
  }
  Finding finding{"sequence", {}, trials + "; the order tells most, and "};
  const auto set = [&](const auto& overrides) {
    finding.overrides.insert(finding.overrides.end(), overrides.begin(), overrides.end());
  };
  if (is_dense) {
    finding.reason += "there is enough of it for a network";
    set(kDenseSequence);
  } else {
    finding.reason += "the items' categories let a network learn it";
    set(kSparseSequence);
  }
  if (!facts.has_categories) return finding;
  finding.recipe = "hybrid";
  finding.reason += ", under a ranker that reads them and what simpler recipes say";
  set(kRankedSequence);
  if (facts.items <= limits.item_item_items)
    finding.overrides.emplace_back("hybrid.item_item=true");
  return finding;
}

Result<Finding> find(const InteractionLog& log, const Catalogue& items, const Recipe& automatic,
                     const LogFacts& facts, const ChooseOptions& options) {
  if (facts.has_values && facts.density() >= kDenseValues) {
    return Finding{"rating",
                   {},
                   "users have valued " + std::to_string(std::lround(100 * facts.density())) +
                       " of 100 items each: how, not which, tells their taste"};
  }
  const Result<std::vector<Trial>> trials = try_recipes(candidates(facts, automatic.automatic), log,
                                                        items, facts.order, automatic, options);
  if (!trials) return trials.error();
  std::string text = text_of(*trials, facts.order);
  const std::string& best = trials->front().recipe;
  if (best == "transitions") return after_transitions(facts, automatic.automatic, std::move(text));
  return Finding{best, {}, std::move(text)};
}

/// What the chosen recipe takes over: how the log was cleaned, and how values are predicted.
std::vector<std::string> shared_fields(Recipe automatic, const std::string& name) {
  Result<Recipe> chosen = load_recipe(name, {});
  std::vector<std::string> overrides;
  if (!chosen) return overrides;
  const std::vector<Field> known = fields_of(*chosen);
  for (const Field& field : fields_of(automatic)) {
    const auto is_same = [&](const Field& other) {
      return other.table == field.table && other.name == field.name;
    };
    if (std::ranges::none_of(known, is_same)) continue;
    overrides.push_back(std::string(field.table) + "." + std::string(field.name) + "=" +
                        to_toml(field));
  }
  return overrides;
}

}  // namespace
}  // namespace internal

Result<Choice> choose_recipe(const InteractionLog& log, const Catalogue& items,
                             const Recipe& automatic, const ChooseOptions& options) {
  const internal::LogFacts facts = internal::facts_of(log, items, automatic.automatic);
  const Result<internal::Finding> finding = internal::find(log, items, automatic, facts, options);
  if (!finding) return finding.error();
  std::vector<std::string> overrides = internal::shared_fields(automatic, finding->recipe);
  overrides.insert(overrides.end(), finding->overrides.begin(), finding->overrides.end());
  Result<Recipe> recipe = load_recipe(finding->recipe, overrides);
  if (!recipe) return recipe.error();
  return Choice{std::move(*recipe), facts.text(), finding->reason};
}

}  // namespace palate
