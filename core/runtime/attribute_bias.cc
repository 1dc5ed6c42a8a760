// Indicators of categories, and numbers brought to mean 0 and deviation 1.
#include "runtime/attribute_bias.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/sentence.h"
#include "palate/words.h"

namespace palate::internal {
namespace {

constexpr float kLargestDeviation = 3;

Error refused(const char* why) {
  return {ErrorCode::kRequestInvalid, sentence({"an adjustment "_words, why})};
}

}  // namespace

Status AttributeBias::set(std::span<const Adjustment> adjustments) {
  std::vector<Term> terms;
  for (const Adjustment& adjustment : adjustments) {
    Result<Term> term = term_of(adjustment);
    if (!term) return term.error();
    terms.push_back(*term);
  }
  terms_ = std::move(terms);
  return Done{};
}

Result<AttributeBias::Term> AttributeBias::term_of(const Adjustment& adjustment) const {
  if (adjustment.attribute >= model_->attributes().size()) {
    return refused("names an attribute that the model lacks"_words);
  }
  if (!(std::abs(adjustment.weight) <= kMaxAdjustment)) {
    return refused("has a weight that is not one of -10 to 10"_words);
  }
  const AttributeView& attribute = model_->attributes()[adjustment.attribute];
  Term term{.adjustment = adjustment};
  if (attribute.kind == AttributeKind::kCategory) {
    if (adjustment.category < attribute.categories.size()) return term;
    return refused("names a category that the model lacks"_words);
  }
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (const double number : attribute.numbers) {
    if (std::isnan(number)) continue;
    ++count;
    sum += number;
    squares += number * number;
  }
  const double mean = sum / std::max(count, 1.0);
  const double variance = squares / std::max(count, 1.0) - mean * mean;
  term.mean = static_cast<float>(mean);
  term.factor = variance > 0 ? static_cast<float>(1 / std::sqrt(variance)) : 0;
  return term;
}

float AttributeBias::amount(const Term& term, ItemIndex item) const {
  const auto& [index, category, weight] = term.adjustment;
  const AttributeView& attribute = model_->attributes()[index];
  if (attribute.kind == AttributeKind::kCategory) {
    const std::span<const std::uint32_t> own = attribute.entries_of(item);
    return std::find(own.begin(), own.end(), category) == own.end() ? 0 : weight;
  }
  const float number = attribute.numbers[to_row(item)];
  if (std::isnan(number)) return 0;
  return weight *
         std::clamp((number - term.mean) * term.factor, -kLargestDeviation, kLargestDeviation);
}

bool AttributeBias::is_for(std::uint32_t attribute, std::uint32_t category) const {
  return std::any_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    return term.adjustment.attribute == attribute && term.adjustment.category == category;
  });
}

float AttributeBias::of(ItemIndex item) const {
  float sum = 0;
  for (const Term& term : terms_) sum += amount(term, item);
  return sum;
}

void AttributeBias::append(ItemIndex item, float unit,
                           std::vector<AttributeContribution>& amounts) const {
  for (const Term& term : terms_) {
    const float moved = unit * amount(term, item);
    if (moved == 0) continue;
    amounts.push_back({term.adjustment.attribute, term.adjustment.category, moved});
  }
}

}  // namespace palate::internal
