// What a page hands over to be trained on, as one piece of memory.
#ifndef PALATE_WASM_TRAIN_REQUEST_H_
#define PALATE_WASM_TRAIN_REQUEST_H_

#include <cstddef>
#include <span>

#include "palate/factor.h"
#include "palate/interactions.h"
#include "palate/model_writer.h"
#include "palate/result.h"

namespace palate {

struct TrainRequest {
  InteractionLog log;
  Catalogue items;
  FactorRecipe recipe;
};

/// Sections (sections.h), in this order, as js/src/train_rows.ts writes them:
///   settings: numbers (double), in the order of `kSettings` in the .cc
///   users, items: texts each
///   user, item (uint32), value (float), time in ms (double): one a row; the last two may be empty
///   the catalogue
/// Ids and categories must be different ones.
/// `kRequestInvalid` where sections contradict each other.
Result<TrainRequest> read_train_request(std::span<const std::byte> bytes);

}  // namespace palate

#endif  // PALATE_WASM_TRAIN_REQUEST_H_
