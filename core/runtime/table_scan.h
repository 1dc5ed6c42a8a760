// The products of a table's rows with one vector: exactly for a row, quickly for many.
#ifndef PALATE_RUNTIME_TABLE_SCAN_H_
#define PALATE_RUNTIME_TABLE_SCAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/limits.h"
#include "palate/model.h"
#include "runtime/scan/choice.h"

namespace palate::internal {

/// row . vector, the row read as floats; the same to the last bit wherever it is asked for.
float row_product(const TableView& table, std::size_t row, std::span<const float> vector);

/// The sum of each row's codes, of an int8 table. `sums` has a place for each row.
void add_up_codes(const TableView& table, std::span<std::int32_t> sums,
                  const ScanKernels& kernels = scan_kernels());

/// One pass over a table. A quantised one is met by the vector rounded to 7 or 8 bits, in whole
/// numbers, and what rounding may have hidden is added: so a row whose bound is too small for a
/// list need not be looked at again. Borrows what it is given.
class TableScan {
 public:
  /// `code_sums`: what `add_up_codes` found, so that an int8 table is read once and not twice.
  TableScan(const TableView& table, std::span<const float> vector,
            std::span<const std::int32_t> code_sums, const ScanKernels& kernels = scan_kernels());

  /// Whether the bounds are the products themselves.
  bool is_exact() const { return table_.precision == Precision::kFloat32; }

  /// Whether bounds that are not the products are finite whatever the row: not where the vector's
  /// numbers are not, or too large.
  bool is_finite() const;

  /// Writes a bound for each row from `first` on that no product exceeds, `bounds.size()` of them,
  /// at most kBlock.
  void write_bounds(std::size_t first, std::span<float> bounds) const;

  /// How far below its bound a quantised row's product may lie: the slack to either side, and a
  /// part of it for what floats round in both, of which it holds several times as much.
  float spread(std::size_t row) const { return 2.25F * (table_.scales[row] * slack_); }

  float product(std::size_t row) const { return row_product(table_, row, vector_); }

  static constexpr std::size_t kBlock = 256;  ///< rows

 private:
  void round_vector();
  void write_products(std::size_t first, std::span<std::int32_t> products) const;

  const TableView& table_;
  std::span<const float> vector_;
  std::span<const std::int32_t> code_sums_;
  const ScanKernels& kernels_;
  float step_ = 0;           // of the rounded vector
  float slack_ = 0;          // how far codes . vector may be from step_ * codes . rounded
  std::int32_t offset_ = 0;  // of a sum of codes as they are stored
  alignas(16) std::array<std::int8_t, kMaxDimension> rounded_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_TABLE_SCAN_H_
