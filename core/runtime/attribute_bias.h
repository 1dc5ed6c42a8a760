// What a visitor has asked for, more of this and less of that, as an amount an item.
#ifndef PALATE_RUNTIME_ATTRIBUTE_BIAS_H_
#define PALATE_RUNTIME_ATTRIBUTE_BIAS_H_

#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate::internal {

/// The sum of `Adjustment`s, in units of the scores' deviation. Borrows the model.
class AttributeBias {
 public:
  explicit AttributeBias(const Model& model) : model_(&model) {}

  /// Takes the place of what was set before; on an error that stays.
  Status set(std::span<const Adjustment> adjustments);

  bool empty() const { return terms_.empty(); }
  float of(ItemIndex item) const;

  /// Whether there is one for this category.
  bool is_for(std::uint32_t attribute, std::uint32_t category) const;

  /// Appends what each adjustment adds to a score of this deviation, where that is not 0.
  void append(ItemIndex item, float unit, std::vector<AttributeContribution>& amounts) const;

 private:
  struct Term {
    Adjustment adjustment;
    float mean = 0;    // of a number attribute
    float factor = 0;  // 1 / its deviation
  };

  Result<Term> term_of(const Adjustment& adjustment) const;
  float amount(const Term& term, ItemIndex item) const;

  const Model* model_;
  std::vector<Term> terms_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_ATTRIBUTE_BIAS_H_
