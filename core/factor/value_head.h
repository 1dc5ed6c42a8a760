// The prediction of values (ratings), where the log has them.
#ifndef PALATE_FACTOR_VALUE_HEAD_H_
#define PALATE_FACTOR_VALUE_HEAD_H_

#include <cstdint>

#include "factor/kernels/factor_kernels.h"
#include "log/chunks.h"
#include "palate/factor.h"
#include "palate/interactions.h"
#include "palate/model_writer.h"

namespace palate::internal {

/// Whether any event has a value.
bool has_values(const Dataset& dataset);

/// The terms of `ValueHeadView` but the slope: mean, damped item biases, and the range of the
/// values. The dataset must hold a value.
ValueHead train_biases(const Dataset& dataset, const ValuesRecipe& recipe);

/// Adds the prediction of values where the log has any and there is none yet; where `contents` fold
/// in, by `ials`, with the slope.
void add_value_head(const Dataset& dataset, const ValuesRecipe& recipe, const IalsRecipe& ials,
                    std::uint64_t seed, const FactorKernels& kernels, Workers& workers,
                    ModelContents& contents);

}  // namespace palate::internal

#endif  // PALATE_FACTOR_VALUE_HEAD_H_
