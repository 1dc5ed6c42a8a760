// Rows and a vector, each brought to length 1.
#include "runtime/cosines.h"

#include <algorithm>
#include <new>

#include "palate/words.h"
#include "runtime/dot.h"
#include "runtime/table_scan.h"

namespace palate::internal {

Result<std::unique_ptr<Cosines>> Cosines::create(const TableView& table, std::size_t telling) {
  std::unique_ptr<Cosines> made(new (std::nothrow) Cosines(table, telling));
  if (made == nullptr) return Error{ErrorCode::kMemory, "no memory for cosines"_words};
  Status status = made->unit_.reserve(table.columns);
  if (status) status = made->row_.reserve(table.columns);
  if (status) status = made->inverse_lengths_.reserve(table.rows);
  if (!status) return status.error();
  const std::span<float> vector = made->row_.first(table.columns);
  for (std::size_t row = 0; row < table.rows; ++row) {
    table.read(row, vector);
    made->inverse_lengths_[row] = static_cast<float>(inverse_norm(vector.first(telling)));
  }
  return made;
}

void Cosines::set(std::span<const float> vector) {
  inverse_length_ = inverse_norm(vector.first(telling_));
  const auto factor = static_cast<float>(inverse_length_);
  for (std::size_t k = 0; k < telling_; ++k) unit_[k] = factor * vector[k];
}

void Cosines::set_row(std::size_t row) {
  const std::span<float> vector = row_.first(table_.columns);
  table_.read(row, vector);
  set(vector);
}

void Cosines::score(std::span<const ItemIndex> items, std::span<float> scores) const {
  std::transform(items.begin(), items.end(), scores.begin(), [this](ItemIndex item) {
    return inverse_lengths_[to_row(item)] * row_product(table_, to_row(item), unit());
  });
}

void Cosines::write_gradient(ItemIndex item, std::span<double> gradient) {
  const std::span<float> vector = row_.first(table_.columns);
  table_.read(to_row(item), vector);
  const double factor = inverse_length_ * inverse_lengths_[to_row(item)];
  for (std::size_t k = 0; k < telling_; ++k) gradient[k] = factor * vector[k];
  std::fill(gradient.begin() + telling_, gradient.end(), 0.0);
}

}  // namespace palate::internal
