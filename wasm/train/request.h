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

/// Sections, one after another: how many bytes as uint32, 4 bytes that are not read, then the
/// bytes, up to the next multiple of 8. In this order, as js/src/train_rows.ts writes them:
///   settings: numbers (double), in the order of `kSettings` in the .cc
///   users, items: two sections each, of texts: where each begins and the last ends (uint32), UTF-8
///   user, item (uint32), value (float), time in ms (double): one a row; the last two may be empty
///   ids and titles of the catalogue: texts; the titles may be none
///   an attribute: its name (UTF-8); numbers (float), one an item, or none; categories: texts;
///     where an item's entries begin (uint32); entries (uint32)
/// with as many attributes as there are sections left. Ids and categories must be different ones.
/// `kRequestInvalid` where sections contradict each other.
Result<TrainRequest> read_train_request(std::span<const std::byte> bytes);

}  // namespace palate

#endif  // PALATE_WASM_TRAIN_REQUEST_H_
