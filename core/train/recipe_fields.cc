// Every field of a recipe: its name, where it is kept, and the values it takes.
#include "train/recipe_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "factor/recipe_text.h"
#include "model/limits.h"

namespace palate::internal {
namespace {

constexpr std::size_t kMaxHidden = kMaxLayers - 1;  // the output is a layer too
constexpr double kMaxCount = 4294967295.0;

std::string number_text(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

std::string range_text(const Range& range) {
  std::string text = range.above_minimum ? "above " : "from ";
  text += number_text(range.minimum) + " to " + number_text(range.maximum);
  if (range.nan) text += ", or nan for none";
  return text;
}

bool contains(const Range& range, double value) {
  if (std::isnan(value)) return range.nan;
  const bool low = range.above_minimum ? value > range.minimum : value >= range.minimum;
  return low && value <= range.maximum;
}

/// What the members of an enumeration are called, in their order.
template <class Choice>
constexpr std::array<std::string_view, 0> kNames = {};
template <>
constexpr std::array<std::string_view, 2> kNames<Solver> = {"exact", "cg"};
template <>
constexpr std::array<std::string_view, 3> kNames<ItemItemSolver> = {"auto", "dense", "sparse"};
template <>
constexpr std::array<std::string_view, 5> kNames<HybridEncoder> = {"ials", "two-tower", "sequence",
                                                                   "item-item", "transitions"};
template <>
constexpr std::array<std::string_view, 2> kNames<HoldOut> = {"newest", "last"};
template <>
constexpr std::array<std::string_view, 2> kNames<RankerLoss> = {"softmax", "bce"};
template <>
constexpr std::array<std::string_view, 2> kNames<Score> = {"cosine", "dot"};
template <>
constexpr std::array<std::string_view, 2> kNames<RatingModel> = {"factors", "network"};
template <>
constexpr std::array<std::string_view, 2> kNames<RatingScore> = {"value", "cosine"};
template <>
constexpr std::array<std::string_view, 2> kNames<Loss> = {"softmax", "contrastive"};
template <>
constexpr std::array<std::string_view, 3> kNames<OptimizerKind> = {"adam", "adamw", "adagrad"};
template <>
constexpr std::array<std::string_view, 3> kNames<Schedule> = {"constant", "linear", "cosine"};

template <>
constexpr std::array<std::string_view, 2> kNames<Mixer> = {"attention", "recurrence"};

template <>
constexpr std::array<std::string_view, 3> kNames<ClickTarget> = {"auto", "probability", "value"};
template <>
constexpr std::array<std::string_view, 3> kNames<Scaling> = {"auto", "standard", "log"};

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

/// `"a", "b" or "c"`.
std::string alternatives(std::span<const std::string_view> names) {
  std::string text = quoted(names.front());
  for (std::size_t k = 1; k < names.size(); ++k) {
    text += (k + 1 < names.size() ? ", " : " or ") + quoted(names[k]);
  }
  return text;
}

/// Assigns a raw value to each type of field.
struct Assign {
  const Range& range;
  const RawValue& raw;

  std::string operator()(std::uint32_t* target) const {
    const auto* value = std::get_if<std::int64_t>(&raw);
    if (value == nullptr || !contains(range, static_cast<double>(*value))) {
      return "takes a whole number " + range_text(range);
    }
    *target = static_cast<std::uint32_t>(*value);
    return {};
  }

  std::string operator()(float* target) const {
    double value = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&raw)) {
      value = static_cast<double>(*whole);
    } else if (const auto* real = std::get_if<double>(&raw)) {
      value = *real;
    } else {
      return "takes a number " + range_text(range);
    }
    if (!contains(range, value)) return "takes a number " + range_text(range);
    *target = static_cast<float>(value);
    return {};
  }

  std::string operator()(bool* target) const {
    const auto* value = std::get_if<bool>(&raw);
    if (value == nullptr) return "takes true or false";
    *target = *value;
    return {};
  }

  template <class Choice>
  std::string operator()(Choice* target) const {
    const auto* text = std::get_if<std::string>(&raw);
    for (std::size_t k = 0; text != nullptr && k < kNames<Choice>.size(); ++k) {
      if (*text != kNames<Choice>[k]) continue;
      *target = static_cast<Choice>(k);
      return {};
    }
    return "takes " + alternatives(kNames<Choice>);
  }

  std::string operator()(std::vector<std::uint32_t>* target) const {
    const auto* list = std::get_if<std::vector<std::int64_t>>(&raw);
    bool valid = list != nullptr && !list->empty() && list->size() <= kMaxHidden;
    for (std::size_t k = 0; valid && k < list->size(); ++k) {
      valid = contains(range, static_cast<double>((*list)[k]));
    }
    if (!valid) {
      return "takes a list of 1 to " + number_text(kMaxHidden) + " whole numbers " +
             range_text(range);
    }
    target->assign(list->begin(), list->end());
    return {};
  }
};

/// Writes each type of field.
struct Write {
  std::string operator()(const std::uint32_t* value) const { return std::to_string(*value); }
  std::string operator()(const float* value) const { return toml_text(*value); }
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  template <class Choice>
  std::string operator()(const Choice* value) const {
    return quoted(kNames<Choice>[static_cast<std::size_t>(*value)]);
  }
  std::string operator()(const std::vector<std::uint32_t>* values) const {
    std::string text = "[";
    for (const std::uint32_t value : *values) {
      if (text.size() > 1) text += ", ";
      text += std::to_string(value);
    }
    return text + "]";
  }
};

std::vector<Field> ials_fields(IalsRecipe& ials) {
  return {{"ials", "dimension", &ials.dimension, {1, 1024}},
          {"ials", "epochs", &ials.epochs, {1, 1000}},
          {"ials", "momentum", &ials.momentum, {0, 0.95}},
          {"ials", "unobserved_ratio", &ials.unobserved_ratio, {0, 1000}},
          {"ials", "regularization", &ials.regularization, {0, 1000, true}},
          {"ials", "exponent", &ials.exponent, {0, 1}},
          {"ials", "initial_stddev", &ials.initial_stddev, {0, 10, true}},
          {"ials", "solver", &ials.solver, {}},
          {"ials", "cg_steps", &ials.cg_steps, {1, 100}}};
}

std::vector<Field> ranker_fields(RankerRecipe& ranker) {
  return {{"ranker", "hidden", &ranker.hidden, {2, 1024}},
          {"ranker", "vectors", &ranker.vectors, {}},
          {"ranker", "history_features", &ranker.history_features, {}},
          {"ranker", "recency", &ranker.recency, {}},
          {"ranker", "candidates", &ranker.candidates, {1, 100000}},
          {"ranker", "epochs", &ranker.epochs, {1, 1000}},
          {"ranker", "patience", &ranker.patience, {1, 1000}},
          {"ranker", "max_users", &ranker.max_users, {1, kMaxCount}},
          {"ranker", "batch", &ranker.batch, {1, 65536}},
          {"ranker", "target_share", &ranker.target_share, {0, 0.9, true}},
          {"ranker", "max_targets", &ranker.max_targets, {1, 1000}},
          {"ranker", "loss", &ranker.loss, {}},
          {"ranker", "negatives", &ranker.negatives, {1, 100000}},
          {"ranker", "popularity_correction", &ranker.popularity_correction, {0, 1}},
          {"ranker", "short_share", &ranker.short_share, {0, 1}},
          {"ranker", "learning_rate", &ranker.learning_rate, {0, 1, true}},
          {"ranker", "l2", &ranker.l2, {0, 1}},
          {"ranker", "dropout", &ranker.dropout, {0, 0.95}},
          {"ranker", "validation_share", &ranker.validation_share, {0, 0.5, true}},
          {"ranker", "refit_epochs", &ranker.refit_epochs, {1, 1000}},
          {"ranker", "min_category_items", &ranker.min_category_items, {1, kMaxCount}},
          {"ranker", "max_categories", &ranker.max_categories, {0, 1024}},
          {"ranker", "context", &ranker.context, {}},
          {"ranker", "unknown_context", &ranker.unknown_context, {0, 0.9}},
          {"ranker", "new_share", &ranker.new_share, {0, 0.9}},
          {"ranker", "min_context_rows", &ranker.min_context_rows, {1, kMaxCount}},
          {"ranker", "max_context_categories", &ranker.max_context_categories, {1, 256}}};
}

std::vector<Field> transitions_fields(TransitionsRecipe& transitions) {
  return {{"transitions", "window", &transitions.window, {1, 4095}},
          {"transitions", "decay", &transitions.decay, {0, 1, true}},
          {"transitions", "half_life_days", &transitions.half_life_days, {0, 1e6}},
          {"transitions", "shrinkage", &transitions.shrinkage, {0, 1e6}},
          {"transitions", "popularity_damping", &transitions.popularity_damping, {0, 1}},
          {"transitions", "neighbours", &transitions.neighbours, {1, kMaxItems}},
          {"transitions", "history_window", &transitions.history_window, {1, 4095}},
          {"transitions", "history_decay", &transitions.history_decay, {0, 1, true}}};
}

std::vector<Field> item_item_fields(ItemItemRecipe& item_item) {
  return {{"item_item", "regularization", &item_item.regularization, {0, 1e6, true}},
          {"item_item", "dropout", &item_item.dropout, {0, 0.95}},
          {"item_item", "user_damping", &item_item.user_damping, {0, 1}},
          {"item_item", "neighbours", &item_item.neighbours, {1, kMaxItems}},
          {"item_item", "refit_passes", &item_item.refit_passes, {0, 100}},
          {"item_item", "solver", &item_item.solver, {}},
          {"item_item", "max_memory_gib", &item_item.max_memory_gib, {0, 1e6, true}},
          {"item_item", "support", &item_item.support, {1, 4096}}};
}

std::vector<Field> two_tower_fields(TwoTowerRecipe& tower) {
  return {{"two_tower", "dimension", &tower.dimension, {1, 1024}},
          {"two_tower", "shared_vectors", &tower.shared_vectors, {}},
          {"two_tower", "attributes", &tower.attributes, {}},
          {"two_tower", "popularity_damping", &tower.popularity_damping, {0, 1}},
          {"two_tower", "popularity_boost", &tower.popularity_boost, {0, 1}},
          {"two_tower", "length_exponent", &tower.length_exponent, {0, 1}},
          {"two_tower", "score", &tower.score, {}},
          {"two_tower", "loss", &tower.loss, {}},
          {"two_tower", "temperature", &tower.temperature, {0.01, 100}},
          {"two_tower", "margin", &tower.margin, {-1, 1}},
          {"two_tower", "negative_weight", &tower.negative_weight, {0, 1e6, true}},
          {"two_tower", "negatives", &tower.negatives, {1, 65536}},
          {"two_tower", "negative_popularity", &tower.negative_popularity, {0, 1}},
          {"two_tower", "popularity_correction", &tower.popularity_correction, {0, 1}},
          {"two_tower", "targets", &tower.targets, {1, 1000}},
          {"two_tower", "batch", &tower.batch, {1, 65536}},
          {"two_tower", "epochs", &tower.epochs, {1, 1000}},
          {"two_tower", "patience", &tower.patience, {1, 1000}},
          {"two_tower", "validation_share", &tower.validation_share, {0, 0.5}},
          {"two_tower", "optimizer", &tower.optimizer, {}},
          {"two_tower", "learning_rate", &tower.learning_rate, {0, 10, true}},
          {"two_tower", "weight_decay", &tower.weight_decay, {0, 1}},
          {"two_tower", "schedule", &tower.schedule, {}},
          {"two_tower", "warm_up", &tower.warm_up, {0, 0.9}},
          {"two_tower", "initial_stddev", &tower.initial_stddev, {0, 10, true}}};
}

std::vector<Field> sequence_fields(SequenceRecipe& sequence) {
  return {{"sequence", "mixer", &sequence.mixer, {}},
          {"sequence", "dimension", &sequence.dimension, {1, 1024}},
          {"sequence", "blocks", &sequence.blocks, {1, kMaxLayers}},
          {"sequence", "heads", &sequence.heads, {1, 64}},
          {"sequence", "state", &sequence.state, {1, 1024}},
          {"sequence", "hidden", &sequence.hidden, {1, kMaxLayerWidth}},
          {"sequence", "window", &sequence.window, {1, kMaxPlaces}},
          {"sequence", "gaps", &sequence.gaps, {}},
          {"sequence", "types", &sequence.types, {}},
          {"sequence", "attributes", &sequence.attributes, {}},
          {"sequence", "dropout", &sequence.dropout, {0, 0.95}},
          {"sequence", "negatives", &sequence.negatives, {1, 65536}},
          {"sequence", "negative_popularity", &sequence.negative_popularity, {0, 1}},
          {"sequence", "popularity_correction", &sequence.popularity_correction, {0, 1}},
          {"sequence", "batch", &sequence.batch, {1, 65536}},
          {"sequence", "epochs", &sequence.epochs, {1, 1000}},
          {"sequence", "patience", &sequence.patience, {1, 1000}},
          {"sequence", "validation_share", &sequence.validation_share, {0, 0.5}},
          {"sequence", "optimizer", &sequence.optimizer, {}},
          {"sequence", "learning_rate", &sequence.learning_rate, {0, 10, true}},
          {"sequence", "weight_decay", &sequence.weight_decay, {0, 1}},
          {"sequence", "schedule", &sequence.schedule, {}},
          {"sequence", "warm_up", &sequence.warm_up, {0, 0.9}},
          {"sequence", "initial_stddev", &sequence.initial_stddev, {0, 10, true}}};
}

std::vector<Field> rating_fields(RatingRecipe& rating) {
  return {{"rating", "model", &rating.model, {}},
          {"rating", "score", &rating.score, {}},
          {"rating", "dimension", &rating.dimension, {2, 1024}},
          {"rating", "epochs", &rating.epochs, {1, 1000}},
          {"rating", "noise", &rating.noise, {0, 1000, true}},
          {"rating", "regularization", &rating.regularization, {0, 1e6, true}},
          {"rating", "implicit", &rating.implicit, {}},
          {"rating", "implicit_regularization", &rating.implicit_regularization, {0, 1e6, true}},
          {"rating", "audience_regularization", &rating.audience_regularization, {0, 1e6, true}},
          {"rating", "initial_stddev", &rating.initial_stddev, {0, 10, true}}};
}

std::vector<Field> click_fields(ClickRecipe& click) {
  return {{"click", "target", &click.target, {}},
          {"click", "scaling", &click.features.scaling, {}},
          {"click", "min_count", &click.features.min_count, {1, kMaxCount}},
          {"click", "max_categories", &click.features.max_categories, {1, 10'000'000}},
          {"click", "embedding", &click.embedding, {1, 64}},
          {"click", "hidden", &click.hidden, {1, 1024}},
          {"click", "epochs", &click.epochs, {1, 1000}},
          {"click", "patience", &click.patience, {1, 1000}},
          {"click", "batch", &click.batch, {1, 65536}},
          {"click", "learning_rate", &click.learning_rate, {0, 1, true}},
          {"click", "dropout", &click.dropout, {0, 0.95}},
          {"click", "l1", &click.l1, {0, 1}},
          {"click", "l2", &click.l2, {0, 1}},
          {"click", "embedding_l2", &click.embedding_l2, {0, 1}},
          {"click", "validation_share", &click.validation_share, {0, 0.5, true}}};
}

std::vector<Field> auto_fields(AutoRecipe& automatic) {
  return {{"auto", "ordered_rows", &automatic.ordered_rows, {}},
          {"auto", "hold_out", &automatic.hold_out, {}},
          {"auto", "interactions", &automatic.interactions, {1000, kMaxCount}},
          {"auto", "users", &automatic.users, {100, kMaxCount}},
          {"auto", "item_item_items", &automatic.item_item_items, {1, kMaxCount}},
          {"auto", "sequence_interactions", &automatic.sequence_interactions, {1, kMaxCount}}};
}

/// All retrievers' tables, whichever the recipe takes: a field may be set before its retriever is.
std::vector<Field> hybrid_fields(Recipe& recipe) {
  HybridRecipe& hybrid = recipe.hybrid;
  std::vector<Field> fields = {{"hybrid", "encoder", &hybrid.encoder, {}},
                               {"hybrid", "item_item", &hybrid.item_item, {}},
                               {"hybrid", "transitions", &hybrid.transitions, {}}};
  for (const std::vector<Field>& more :
       {ials_fields(recipe.ials), two_tower_fields(recipe.two_tower),
        sequence_fields(recipe.sequence), item_item_fields(recipe.item_item),
        transitions_fields(recipe.transitions), ranker_fields(recipe.ranker)}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

/// Those of a ranker that learns values: it has no candidates to choose among.
std::vector<Field> network_fields(RankerRecipe& ranker) {
  constexpr std::string_view kForeign[] = {
      "vectors",          "history_features",      "recency",
      "max_users",        "max_targets",           "loss",
      "negatives",        "popularity_correction", "short_share",
      "context",          "unknown_context",       "new_share",
      "min_context_rows", "max_context_categories"};
  std::vector<Field> fields = ranker_fields(ranker);
  std::erase_if(fields, [&](const Field& field) {
    return std::find(std::begin(kForeign), std::end(kForeign), field.name) != std::end(kForeign);
  });
  return fields;
}

/// The table that the recipe's kind adds to those that all have.
std::vector<Field> own_fields(Recipe& recipe) {
  switch (recipe.kind) {
    case RecipeKind::kPopular:
      return {};
    case RecipeKind::kTransitions:
      return transitions_fields(recipe.transitions);
    case RecipeKind::kItemItem:
      return item_item_fields(recipe.item_item);
    case RecipeKind::kIals:
      return ials_fields(recipe.ials);
    case RecipeKind::kHybrid:
      return hybrid_fields(recipe);
    case RecipeKind::kTwoTower:
      return two_tower_fields(recipe.two_tower);
    case RecipeKind::kSequence:
      return sequence_fields(recipe.sequence);
    case RecipeKind::kRating:
      return rating_fields(recipe.rating);
    case RecipeKind::kClick:
      return click_fields(recipe.click);
    case RecipeKind::kAuto:
      return auto_fields(recipe.automatic);
  }
  return {};
}

void append(const std::vector<Field>& more, std::vector<Field>& fields) {
  for (const Field& field : more) fields.push_back(field);
}

}  // namespace

std::vector<Field> fields_of(Recipe& recipe) {
  // Its rows are examples, not interactions of users with items.
  if (recipe.kind == RecipeKind::kClick) return own_fields(recipe);
  CleanOptions& data = recipe.data;
  std::vector<Field> fields = {
      {"data", "min_user", &data.min_user, {1, kMaxCount}},
      {"data", "min_item", &data.min_item, {1, kMaxCount}},
      {"data", "max_user", &data.max_user, {0, kMaxCount}},
      {"data", "min_value", &data.min_value, {-1e30, 1e30, false, true}},
  };
  // Who rates an item again has changed his mind.
  if (recipe.kind != RecipeKind::kRating) {
    fields.push_back({"data", "repeats", &data.repeats, {}});
  }
  append(own_fields(recipe), fields);
  if (recipe.kind == RecipeKind::kRating) append(network_fields(recipe.ranker), fields);
  fields.push_back({"values", "item_damping", &recipe.values.item_damping, {0, 1e6}});
  fields.push_back({"values", "visitor_damping", &recipe.values.visitor_damping, {0, 1e6, true}});
  return fields;
}

std::string assign(const Field& field, const RawValue& value) {
  return std::visit(Assign{field.range, value}, field.target);
}

std::string to_toml(const Field& field) { return std::visit(Write{}, field.target); }

std::string_view kind_name(RecipeKind kind) {
  switch (kind) {
    case RecipeKind::kPopular:
      return "popular";
    case RecipeKind::kTransitions:
      return "transitions";
    case RecipeKind::kItemItem:
      return "item-item";
    case RecipeKind::kIals:
      return "ials";
    case RecipeKind::kHybrid:
      return "hybrid";
    case RecipeKind::kTwoTower:
      return "two-tower";
    case RecipeKind::kSequence:
      return "sequence";
    case RecipeKind::kRating:
      return "rating";
    case RecipeKind::kClick:
      return "click";
    case RecipeKind::kAuto:
      return "auto";
  }
  return {};
}

}  // namespace palate::internal
