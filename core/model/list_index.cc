// The index of a model file: checked, then mapped, when somebody asks for it.
#include "model/check.h"
#include "model/file_header.h"
#include "model/limits.h"
#include "palate/words.h"

namespace palate {
namespace internal {
namespace {

const format::ListIndex* index_in(std::span<const std::byte> file) {
  return format::GetModel(file.subspan(kHeaderBytes).data())->list_index();
}

Verdict check_list_index(const format::ListIndex& index, const MappedModel& mapped,
                         ListIndexView& view) {
  constexpr const char* kIndex = "the index"_words;
  const TableView& table = mapped.item_vectors;
  if (table.rows == 0 || mapped.value_fold_in) {
    return meaning_error(kIndex, "is of a model whose scores are no products of vectors"_words);
  }
  view.centroids.rows = index.centroids()->rows();
  view.centroids.columns = table.columns;
  if (view.centroids.rows == 0 || view.centroids.rows > kMaxLists ||
      index.centroids()->columns() != table.columns) {
    return meaning_error(kIndex, "has not 1 to 65536 centroids of the items' dimension"_words);
  }
  view.lists = span_of(index.lists());
  if (view.lists.size() != mapped.items())
    return meaning_error(kIndex, "has not one list an item"_words);
  for (const std::uint16_t list : view.lists) {
    if (list >= view.centroids.rows)
      return meaning_error(kIndex, "names a list that is not there"_words);
  }
  view.probes = index.probes();
  view.length = index.length();
  view.recall = index.recall();
  if (view.probes == 0 || view.probes > view.centroids.rows || view.length == 0 ||
      !(view.recall >= 0 && view.recall <= 1)) {
    return meaning_error(kIndex, "has probes, a length or a recall that cannot be"_words);
  }
  return check_parameters(*index.centroids()->values(),
                          std::uint64_t{view.centroids.rows} * table.columns, kIndex,
                          view.centroids.values);
}

}  // namespace
}  // namespace internal

bool Model::has_list_index() const { return internal::index_in(mapped_->file) != nullptr; }

Result<ListIndexView> Model::list_index() const {
  const format::ListIndex* index = internal::index_in(mapped_->file);
  if (index == nullptr) return Error{ErrorCode::kModelMeaning, "the model has no index"_words};
  ListIndexView view;
  const internal::Verdict verdict = internal::check_list_index(*index, *mapped_, view);
  if (!verdict) return internal::error_of(verdict);
  return view;
}

}  // namespace palate
