// A recipe: a training configuration, read from TOML and checked field by field.
#ifndef PALATE_RECIPE_H_
#define PALATE_RECIPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "palate/dataset.h"
#include "palate/examples.h"
#include "palate/factor.h"
#include "palate/model.h"
#include "palate/result.h"

namespace palate {

// The files in models/recipes say what every field does and which values it takes.

/// Which items follow which within a few steps.
struct TransitionsRecipe {
  std::uint32_t window = 10;
  float decay = 0.7F;
  float half_life_days = 0.0F;
  float shrinkage = 50.0F;
  float popularity_damping = 0.0F;
  std::uint32_t neighbours = 64;
  std::uint32_t history_window = 10;
  float history_decay = 0.7F;
};

enum class ItemItemSolver : std::uint8_t { kAuto, kDense, kSparse };

/// Each item regressed on all others: EASE (Steck 2019, 2020).
struct ItemItemRecipe {
  float regularization = 20.0F;
  float dropout = 0.5F;
  float user_damping = 0.5F;
  std::uint32_t neighbours = 80;
  std::uint32_t refit_passes = 2;
  ItemItemSolver solver = ItemItemSolver::kAuto;
  float max_memory_gib = 4.0F;
  std::uint32_t support = 256;
};

/// What finds a hybrid's candidates: one encoder, and item weights beside it.
enum class HybridEncoder : std::uint8_t { kIals, kTwoTower, kSequence, kItemItem, kTransitions };
struct HybridRecipe {
  HybridEncoder encoder = HybridEncoder::kIals;
  bool item_item = false;
  bool transitions = false;
};

enum class RankerLoss : std::uint8_t { kSoftmax, kBce };

/// The MLP on vectors and features: Adam on the loss of candidates that retrieval returns.
struct RankerRecipe {
  std::vector<std::uint32_t> hidden = {64, 32};
  bool vectors = true;
  bool history_features = true;
  bool recency = true;
  std::uint32_t candidates = 200;
  std::uint32_t epochs = 30;
  std::uint32_t patience = 5;
  std::uint32_t max_users = 20000;
  std::uint32_t batch = 512;
  float target_share = 0.2F;
  std::uint32_t max_targets = 16;
  RankerLoss loss = RankerLoss::kSoftmax;
  std::uint32_t negatives = 50;
  float popularity_correction = 0.0F;
  float short_share = 0.5F;
  float learning_rate = 0.0005F;
  float l2 = 0.001F;
  float dropout = 0.0F;
  float validation_share = 0.1F;
  std::uint32_t refit_epochs = 2;
  std::uint32_t min_category_items = 10;
  std::uint32_t max_categories = 64;
  bool context = true;
  float unknown_context = 0.1F;
  float new_share = 0.1F;
  std::uint32_t min_context_rows = 10;
  std::uint32_t max_context_categories = 64;
};

enum class Loss : std::uint8_t { kSoftmax, kContrastive };
enum class Score : std::uint8_t { kCosine, kDot };
enum class OptimizerKind : std::uint8_t { kAdam, kAdamW, kAdagrad };
enum class Schedule : std::uint8_t { kConstant, kLinear, kCosine };

/// History and items as vectors of one space, without user ids: sampled softmax (Bengio, Senecal
/// 2008; Yi et al. 2019) or the cosine-contrastive loss (Mao et al. 2021).
struct TwoTowerRecipe {
  std::uint32_t dimension = 64;
  bool shared_vectors = true;
  bool attributes = false;
  float popularity_damping = 0.5F;
  float popularity_boost = 0.1F;
  float length_exponent = 0.5F;
  Score score = Score::kCosine;
  Loss loss = Loss::kSoftmax;
  float temperature = 0.1F;
  float margin = 0.4F;
  float negative_weight = 300.0F;
  std::uint32_t negatives = 1024;
  float negative_popularity = 0.0F;
  float popularity_correction = 1.0F;
  std::uint32_t targets = 4;
  std::uint32_t batch = 2048;
  std::uint32_t epochs = 30;
  std::uint32_t patience = 5;
  float validation_share = 0.03F;
  OptimizerKind optimizer = OptimizerKind::kAdam;
  float learning_rate = 0.005F;
  float weight_decay = 0.0F;
  Schedule schedule = Schedule::kCosine;
  float warm_up = 0.0F;
  float initial_stddev = 0.1F;
};

/// A network over the events in their order: causal attention (Kang, McAuley 2018) or a gated
/// linear recurrence (Feng et al. 2024), learned by telling the next item from all or many others.
struct SequenceRecipe {
  Mixer mixer = Mixer::kAttention;
  std::uint32_t dimension = 64;
  std::uint32_t blocks = 2;
  std::uint32_t heads = 2;
  std::uint32_t state = 128;
  std::uint32_t hidden = 128;
  std::uint32_t window = 200;
  bool gaps = true;
  bool types = true;
  bool attributes = true;
  float dropout = 0.2F;
  std::uint32_t negatives = 4096;
  float negative_popularity = 0.0F;
  float popularity_correction = 1.0F;
  std::uint32_t batch = 4096;
  std::uint32_t epochs = 40;
  std::uint32_t patience = 10;
  float validation_share = 0.03F;
  OptimizerKind optimizer = OptimizerKind::kAdamW;
  float learning_rate = 0.002F;
  float weight_decay = 0.01F;
  Schedule schedule = Schedule::kCosine;
  float warm_up = 0.02F;
  float initial_stddev = 0.02F;
};

enum class RatingModel : std::uint8_t { kFactors, kNetwork };
enum class RatingScore : std::uint8_t { kValue, kCosine };

/// Explicit values: a linear Gaussian model of who rates what how, and a network on top of it.
struct RatingRecipe {
  RatingModel model = RatingModel::kFactors;
  RatingScore score = RatingScore::kValue;
  std::uint32_t dimension = 16;
  std::uint32_t epochs = 30;
  float noise = 0.7F;
  float regularization = 200.0F;
  bool implicit = true;
  float implicit_regularization = 4.0F;
  float audience_regularization = 2.0F;
  float initial_stddev = 0.1F;
};

enum class ClickTarget : std::uint8_t { kAuto, kProbability, kValue };

/// A tabular model of a behaviour log: what its columns tell of a label.
struct ClickRecipe {
  ClickTarget target = ClickTarget::kAuto;
  FeatureOptions features;
  std::uint32_t embedding = 8;
  std::vector<std::uint32_t> hidden = {64, 32};
  std::uint32_t epochs = 30;
  std::uint32_t patience = 3;
  std::uint32_t batch = 512;
  float learning_rate = 0.001F;
  float dropout = 0.0F;
  float l1 = 0.0F;
  float l2 = 0.00001F;
  float embedding_l2 = 0.00001F;
  float validation_share = 0.1F;
};

/// What of a log with times recipes are judged by.
enum class HoldOut : std::uint8_t {
  kNewest,  ///< what is newest in the log: what visitors take up from then on
  kLast     ///< each user's last interaction: what comes next
};

/// What a choice may go by, and how much it may cost.
struct AutoRecipe {
  bool ordered_rows = false;
  HoldOut hold_out = HoldOut::kNewest;
  std::uint32_t interactions = 2'000'000;
  std::uint32_t users = 5000;
  std::uint32_t item_item_items = 25000;
  std::uint32_t sequence_interactions = 1'000'000;
};

enum class RecipeKind : std::uint8_t {
  kPopular,
  kTransitions,
  kItemItem,
  kIals,
  kHybrid,
  kTwoTower,
  kSequence,
  kRating,
  kClick,
  kAuto  ///< chooses one of the others: `choose_recipe`
};

struct Recipe {
  std::string name;  ///< the built-in name, or the file's without its folder and .toml
  RecipeKind kind = RecipeKind::kPopular;
  CleanOptions data;
  TransitionsRecipe transitions;
  ItemItemRecipe item_item;
  IalsRecipe ials;
  HybridRecipe hybrid;  ///< whose retrievers read the tables above and below
  RankerRecipe ranker;  ///< read by `hybrid` and `rating`
  TwoTowerRecipe two_tower;
  SequenceRecipe sequence;
  RatingRecipe rating;
  ClickRecipe click;
  AutoRecipe automatic;
  ValuesRecipe values;
  std::string
      toml;  ///< the recipe in full after overrides, in canonical order; goes into the model file
};

/// Reads a recipe by name (those of models/recipes, built in) or by path (ends in .toml), then
/// applies overrides of the form "ials.dimension=32". A field that is left out has the default
/// given above. An unknown field or a value out of its range is `kRecipeInvalid`, with line, the
/// range and the nearest known name.
Result<Recipe> load_recipe(std::string_view name_or_path, std::span<const std::string> overrides);

/// The names that `load_recipe` knows.
std::vector<std::string_view> recipe_names();

}  // namespace palate

#endif  // PALATE_RECIPE_H_
