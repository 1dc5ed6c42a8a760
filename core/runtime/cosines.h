// Cosines of an item table's rows with a vector: nearness of items, and scores of models that ask
// for it.
#ifndef PALATE_RUNTIME_COSINES_H_
#define PALATE_RUNTIME_COSINES_H_

#include <cstddef>
#include <memory>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "palate/types.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Only the first `telling` numbers of a row count. The cosine with a vector of zeros is 0. Its
/// functions are virtual so that a page whose model lacks them need not load them (wasm/split.py).
class Cosines {
 public:
  /// Measures all rows. Borrows the model's file.
  static Result<std::unique_ptr<Cosines>> create(const TableView& table, std::size_t telling);
  Cosines(const Cosines&) = delete;
  Cosines& operator=(const Cosines&) = delete;
  virtual ~Cosines() = default;

  /// Takes the vector that rows are compared with.
  virtual void set(std::span<const float> vector);

  /// The same, a row of the table.
  virtual void set_row(std::size_t row);

  virtual void score(std::span<const ItemIndex> items, std::span<float> scores) const;

  /// What that vector is multiplied by for the score of an item, its length taken as given.
  virtual void write_gradient(ItemIndex item, std::span<double> gradient);

  /// A row's product with `unit` times its inverse length is its cosine.
  std::span<const float> unit() const { return unit_.first(table_.columns); }
  std::span<const float> inverse_lengths() const { return inverse_lengths_.first(table_.rows); }

 private:
  Cosines(const TableView& table, std::size_t telling) : table_(table), telling_(telling) {}

  TableView table_;
  std::size_t telling_;
  double inverse_length_ = 0;  ///< of the vector
  Buffer<float> unit_;         ///< the vector, of length 1, with zeros behind what tells
  Buffer<float> inverse_lengths_;
  Buffer<float> row_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_COSINES_H_
