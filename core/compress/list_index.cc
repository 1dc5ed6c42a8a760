// Lists of items, then as few of them as a recall asks for.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "compress/item_lists.h"
#include "compress/list_depths.h"
#include "data/parallel.h"
#include "palate/compress.h"

namespace palate {
namespace {

using internal::ListDepths;

constexpr std::size_t kHistoriesEach = 500;  // that choose, and that measure
constexpr std::uint32_t kLength = 200;       // what learning from choices asks for
constexpr std::uint32_t kMostLists = 65'536;

Status check(const Model& model, const ListIndexOptions& options) {
  if (model.item_vectors().rows == 0 || model.encoder() == EncoderKind::kItemWeights ||
      model.encoder() == EncoderKind::kPopularity) {
    return Error{ErrorCode::kModelUnsupported,
                 "an index is of item vectors, and the model finds no items by such"};
  }
  if (model.encoder() == EncoderKind::kValueFoldIn) {
    return Error{ErrorCode::kModelUnsupported,
                 "an index is for scores that are products of vectors alone, and a model of values "
                 "adds what every item starts from"};
  }
  if (model.item_count() < kFewestIndexed) {
    return Error{ErrorCode::kRequestInvalid, "an index is for " + std::to_string(kFewestIndexed) +
                                                 " items or more; the model's " +
                                                 std::to_string(model.item_count()) +
                                                 " are all looked at as soon"};
  }
  if (options.lists > kMostLists || options.lists > model.item_count()) {
    return Error{ErrorCode::kRequestInvalid, "there can be 65,536 lists, and no more than items"};
  }
  if (!(options.recall > 0 && options.recall <= 1)) {
    return Error{ErrorCode::kRequestInvalid, "a recall is above 0 and at most 1"};
  }
  return Done{};
}

std::uint32_t list_count(const Model& model, const ListIndexOptions& options) {
  if (options.lists > 0) return options.lists;
  const double items = static_cast<double>(model.item_count());
  return static_cast<std::uint32_t>(std::lround(2 * std::sqrt(items)));
}

std::uint32_t fewest_probes(const ListDepths& depths, double recall) {
  std::uint32_t probes = 1;
  while (probes < depths.found.size() && depths.recall(probes) < recall) ++probes;
  return probes;
}

}  // namespace

Result<MadeListIndex> make_list_index(const Model& model,
                                      const std::vector<std::vector<Event>>& histories,
                                      const ListIndexOptions& options) {
  if (Status status = check(model, options); !status) return status.error();
  internal::ThreadPool threads(options.threads);
  internal::ItemLists lists = internal::make_item_lists(
      model.item_vectors(), list_count(model, options), options.seed, threads);
  MadeListIndex made;
  made.index.length = std::max(kLength, model.ranker() == nullptr ? 0 : model.ranker()->candidates);
  const std::size_t stride =
      std::max<std::size_t>((histories.size() + kHistoriesEach - 1) / kHistoriesEach, 2);
  const auto measure = [&](std::size_t first) {
    return measure_list_depths(model, lists, histories, first, stride, made.index.length, threads);
  };
  const Result<ListDepths> chosen_by = measure(0);
  if (!chosen_by) return chosen_by.error();
  const Result<ListDepths> measured = measure(stride / 2);
  if (!measured) return measured.error();
  if (chosen_by->sought == 0 || measured->sought == 0) {
    return Error{ErrorCode::kRequestInvalid,
                 "fewer than two histories have items that the model knows: an index is measured "
                 "on histories of the model's own items"};
  }
  made.index.probes = options.probes > 0 ? std::min(options.probes, list_count(model, options))
                                         : fewest_probes(*chosen_by, options.recall);
  made.index.recall = static_cast<float>(measured->recall(made.index.probes));
  made.share = measured->share(made.index.probes, model.item_count());
  made.index.centroids = std::move(lists.centroids);
  made.index.lists = std::move(lists.lists);
  return made;
}

}  // namespace palate
