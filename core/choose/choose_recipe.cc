// The recipe `auto`: which recipe fits a log.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
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
/// tried; with categories to learn from it was so with fewer. Else a trial tells.
constexpr double kManyPerItem = 50;
constexpr double kEnoughPerItem = 5;
/// Share of the best recipe's worth from which `transitions` comes near it.
constexpr double kNear = 0.75;
/// With fewer a network asks for more dropout; with so many a recurrence is as good as attention in
/// a third of the time.
constexpr std::array kSparseSequence = {"sequence.dropout=0.5", "sequence.epochs=20"};
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

std::string text_of(Held held) {
  switch (held) {
    case Held::kNewest:
      return "the newest interactions";
    case Held::kLast:
      return "each user's last interaction";
    case Held::kAny:
      return "one interaction of each user";
  }
  return {};
}

std::string text_of(const Trial& trial) {
  return trial.recipe + " " + rounded(trial.ndcg) + " " + rounded(trial.recall);
}

std::string text_of(std::span<const Trial> trials, Held held) {
  std::string text = "NDCG@20 and recall@20 of " + text_of(held) + ":";
  for (const Trial& trial : trials) {
    text += (&trial == trials.data() ? " " : ", ") + text_of(trial);
  }
  return text;
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

/// Finds the recipe for a log; asks trials where facts do not tell.
class Chooser {
 public:
  Chooser(const Recipe& automatic, const LogFacts& facts, const TrialGround& ground)
      : automatic_(automatic), facts_(facts), ground_(ground) {}

  Result<Finding> find() const {
    std::vector<Candidate> candidates = {candidate("popular"), candidate("ials"),
                                         candidate("two-tower")};
    if (has_few_items()) candidates.push_back(candidate("item-item"));
    if (facts_.order != Order::kNone) candidates.push_back(candidate("transitions"));
    const Result<std::vector<Trial>> trials = ground_.try_all("trials", candidates);
    if (!trials) return trials.error();
    std::string text = text_of(*trials, facts_.held);
    if (trials->front().recipe == "transitions") {
      if (std::optional<Finding> known = known_of_order(text)) return std::move(*known);
    }
    return comes_near(*trials) ? try_sequence(trials->front(), std::move(text))
                               : Finding{trials->front().recipe, {}, std::move(text)};
  }

 private:
  template <class Overrides = std::array<const char*, 0>>
  Candidate candidate(const std::string& recipe, const Overrides& overrides = {}) const {
    Candidate own{recipe, shared_fields(automatic_, recipe)};
    own.overrides.insert(own.overrides.end(), overrides.begin(), overrides.end());
    return own;
  }

  bool has_few_items() const { return facts_.items <= automatic_.automatic.item_item_items; }

  bool is_dense() const { return facts_.per_item() >= kManyPerItem; }

  /// Where the order tells most: what needs no trial of its own.
  std::optional<Finding> known_of_order(const std::string& text) const {
    if (is_dense()) {
      return sequence_of(kDenseSequence, text,
                         "the order tells most, and there is enough of it for a network");
    }
    if (facts_.has_categories && facts_.per_item() >= kEnoughPerItem) {
      return sequence_of(kSparseSequence, text,
                         "the order tells most, and the items' categories let a network learn it");
    }
    return std::nullopt;
  }

  /// Whether the order tells so much that `sequence` may tell more than the best, and the log is
  /// small enough to try it.
  bool comes_near(const std::vector<Trial>& trials) const {
    const auto transitions = std::ranges::find(trials, "transitions", &Trial::recipe);
    return transitions != trials.end() && !is_dense() &&
           facts_.interactions <= automatic_.automatic.sequence_interactions &&
           transitions->worth() >= kNear * trials.front().worth();
  }

  Result<Finding> try_sequence(const Trial& best, std::string text) const {
    const Result<std::vector<Trial>> trials =
        ground_.try_all("last trial", {candidate("sequence", kSparseSequence)});
    if (!trials) return trials.error();
    const Trial& sequence = trials->front();
    text += ", " + text_of(sequence);
    if (sequence.worth() > best.worth()) {
      return sequence_of(kSparseSequence, text, "a network that reads the order finds most");
    }
    return Finding{best.recipe, {}, std::move(text)};
  }

  /// `sequence`, under a ranker where items have categories.
  template <class Overrides>
  Finding sequence_of(const Overrides& overrides, const std::string& trials,
                      const std::string& why) const {
    Finding finding{"sequence", {overrides.begin(), overrides.end()}, trials + "; " + why};
    if (!facts_.has_categories) return finding;
    finding.recipe = "hybrid";
    finding.reason += ", under a ranker that reads them and what simpler recipes say";
    finding.overrides.insert(finding.overrides.end(), kRankedSequence.begin(),
                             kRankedSequence.end());
    if (has_few_items()) finding.overrides.emplace_back("hybrid.item_item=true");
    return finding;
  }

  const Recipe& automatic_;
  const LogFacts& facts_;
  const TrialGround& ground_;
};

Result<Finding> find(const InteractionLog& log, const Catalogue& items, const Recipe& automatic,
                     const LogFacts& facts, const ChooseOptions& options) {
  if (facts.has_values && facts.density() >= kDenseValues) {
    return Finding{"rating",
                   {},
                   "users have valued " + std::to_string(std::lround(100 * facts.density())) +
                       " of 100 items each: how, not which, tells their taste"};
  }
  const Result<TrialGround> ground =
      TrialGround::prepare(log, items, facts.held, automatic, options);
  if (!ground) return ground.error();
  return Chooser(automatic, facts, *ground).find();
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
