// What a page hands over to be trained on, as one piece of memory.
#include "request.h"

#include <cstdint>
#include <vector>

#include "sections.h"

namespace palate {
namespace {

/// The order of the settings.
enum Setting : std::uint8_t {
  kSeed,
  kDimension,
  kEpochs,
  kRegularization,
  kUnobservedRatio,
  kMinUser,
  kMinItem,
  kMinValue,
  kSettings
};

FactorRecipe recipe_of(const std::vector<double>& settings) {
  const auto whole = [&](Setting setting) { return static_cast<std::uint32_t>(settings[setting]); };
  FactorRecipe recipe;
  recipe.seed = static_cast<std::uint64_t>(settings[kSeed]);
  recipe.ials.dimension = whole(kDimension);
  recipe.ials.epochs = whole(kEpochs);
  recipe.ials.regularization = static_cast<float>(settings[kRegularization]);
  recipe.ials.unobserved_ratio = static_cast<float>(settings[kUnobservedRatio]);
  recipe.data.min_user = whole(kMinUser);
  recipe.data.min_item = whole(kMinItem);
  recipe.data.min_value = static_cast<float>(settings[kMinValue]);
  return recipe;
}

bool fits(const InteractionLog& log) {
  const std::size_t rows = log.size();
  return log.item.size() == rows && (log.value.empty() || log.value.size() == rows) &&
         (log.time_ms.empty() || log.time_ms.size() == rows) && below(log.user, log.users.size()) &&
         below(log.item, log.items.size());
}

}  // namespace

Result<TrainRequest> read_train_request(std::span<const std::byte> bytes) {
  Sections sections(bytes);
  const std::vector<double> settings = sections.take<double>();
  TrainRequest request;
  InteractionLog& log = request.log;
  log.users = sections.take_texts();
  log.items = sections.take_texts();
  log.user = sections.take<std::uint32_t>();
  log.item = sections.take<std::uint32_t>();
  log.value = sections.take<float>();
  for (const double time : sections.take<double>()) {
    log.time_ms.push_back(static_cast<std::int64_t>(time));
  }
  request.items = take_catalogue(sections);
  if (sections.damaged() || settings.size() != kSettings || !fits(log) || !fits(request.items)) {
    return Error{ErrorCode::kRequestInvalid, "the rows to train on are not as Palate packs them"};
  }
  request.recipe = recipe_of(settings);
  return request;
}

}  // namespace palate
