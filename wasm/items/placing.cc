// The module that adds items: plain functions over its memory, one placing an instance.
#include <emscripten/emscripten.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <span>
#include <utility>

#include "palate/new_items.h"
#include "sections.h"
#include "standalone.h"

namespace palate {
namespace {

constexpr std::size_t kAlignment = 16;  // what Model::open asks for

/// Lives as long as the instance.
struct Placing {
  std::span<std::byte> model;
  std::span<std::byte> request;
  PlacedItems placed;
};

Placing& placing() {
  static Placing& one = *new Placing;
  return one;
}

/// The vectors, as `NewItems` has them, and then the catalogue; none that is damaged.
Result<NewItems> read_items() {
  Sections sections(placing().request);
  NewItems items;
  items.vectors = sections.take<float>();
  items.catalogue = take_catalogue(sections);
  const std::size_t count = items.catalogue.ids.size();
  if (sections.damaged() || count == 0 || items.vectors.size() % count != 0 ||
      !fits(items.catalogue)) {
    return Error{ErrorCode::kRequestInvalid, "the items to add are not as Palate packs them"};
  }
  items.dimension = items.vectors.size() / count;
  return items;
}

}  // namespace

extern "C" {

/// The address of so many bytes for the model's file; the request's follow at the next multiple of
/// 16.
EMSCRIPTEN_KEEPALIVE std::byte* allocate(std::size_t model_size, std::size_t request_size) {
  Placing& one = placing();
  std::set_new_handler(run_out_of_memory);
  const std::size_t behind = (model_size / kAlignment + 1) * kAlignment;
  const std::size_t size = behind + (request_size / kAlignment + 1) * kAlignment;
  auto* bytes = static_cast<std::byte*>(std::aligned_alloc(kAlignment, size));
  if (bytes == nullptr) run_out_of_memory();
  one.model = {bytes, model_size};
  one.request = {bytes + behind, request_size};
  return bytes;
}

EMSCRIPTEN_KEEPALIVE std::byte* request() { return placing().request.data(); }

/// Places the items; 0: failed.
EMSCRIPTEN_KEEPALIVE int place() {
  const Result<NewItems> items = read_items();
  if (!items) return failed(items.error());
  const Result<Model> model = Model::open(placing().model);
  if (!model) return failed(model.error());
  Result<PlacedItems> placed = place_new_items(*model, *items);
  if (!placed) return failed(placed.error());
  placing().placed = std::move(*placed);
  return 1;
}

/// One byte an item.
EMSCRIPTEN_KEEPALIVE const Placement* placements() {
  static_assert(sizeof(Placement) == 1);
  return placing().placed.placements.data();
}

/// The grown file; of size 0 where no item is placed.
EMSCRIPTEN_KEEPALIVE const std::byte* model() { return placing().placed.model.data(); }
EMSCRIPTEN_KEEPALIVE std::size_t modelSize() { return placing().placed.model.size(); }

}  // extern "C"
}  // namespace palate
