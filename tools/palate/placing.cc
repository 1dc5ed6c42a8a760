// Placing items that nobody has touched.
#include "placing.h"

#include <algorithm>
#include <utility>

#include "format.h"
#include "palate/new_items.h"
#include "palate/train.h"

namespace palate::tools {
namespace {

Result<PlacedItems> place(std::span<const std::byte> file, const Catalogue& items,
                          ContentMapStays stays) {
  const Result<FileBytes> bytes = FileBytes::copy_of(file);
  if (!bytes) return bytes.error();
  const Result<Model> model = Model::open(bytes->bytes());
  if (!model) return model.error();
  return place_new_items(*model, {.catalogue = items}, stays);
}

Status check_file(std::span<const std::byte> file) {
  const Result<FileBytes> bytes = FileBytes::copy_of(file);
  if (!bytes) return bytes.error();
  const Result<Model> model = Model::open(bytes->bytes());
  if (!model) return model.error();
  return Done{};
}

}  // namespace

Status add_content_map(const TrainingRequest& request, ModelContents& contents) {
  if (!request.content_map && !request.new_items) return Done{};
  Result<ContentMap> map = fit_content_map(contents);
  if (!map) return map.error();
  contents.content_map = std::move(*map);
  return Done{};
}

Result<TrainedModel> write_with_new_items(const Catalogue& items, const TrainingRequest& request,
                                          ModelContents& contents, std::ostream& out) {
  Result<std::vector<std::byte>> file = write_model(contents);
  if (!file) return file.error();
  Result<PlacedItems> found =
      place(*file, items, request.content_map ? ContentMapStays::kYes : ContentMapStays::kNo);
  if (!found) return found.error();
  const auto count = [&](Placement placement) {
    return static_cast<std::size_t>(std::ranges::count(found->placements, placement));
  };
  const std::size_t placed = count(Placement::kPlaced);
  out << "new items  " << with_commas(placed)
      << " placed by their attributes, left out as nothing is known of them: "
      << with_commas(found->placements.size() - count(Placement::kKnown) - placed) << '\n';
  if (placed > 0) {
    file = std::move(found->model);
    if (Status readable = check_file(*file); !readable) return readable.error();
  } else if (!request.content_map) {
    contents.content_map.reset();
    file = write_model(contents);
    if (!file) return file.error();
  }
  return TrainedModel{std::move(*file), contents.catalogue.ids.size() + placed};
}

}  // namespace palate::tools
