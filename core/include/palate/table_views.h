// Numbers, texts and tables as they lie in a model file: what the larger views are made of.
#ifndef PALATE_TABLE_VIEWS_H_
#define PALATE_TABLE_VIEWS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "palate/types.h"

namespace palate {

/// `rows` x `columns` numbers, row after row. Borrowed from the file; 16-byte aligned.
struct MatrixView {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  std::span<const float> values;

  std::span<const float> row(std::size_t index) const {
    return values.subspan(index * columns, columns);
  }
};

/// How the numbers of a table are stored.
enum class Precision : std::uint8_t { kFloat32, kInt8, kInt4 };

/// The bytes that a row of `columns` quantised numbers takes.
std::size_t quantized_row_bytes(std::size_t columns, Precision precision);

/// A vector an item, in the precision that the file has it in: what an item vector is for every
/// encoder, for retrieval and for the ranker. Borrowed from the file; 16-byte aligned.
///
/// Quantised, number k of row r is scales[r] * code, the code a whole number of -128 to 127 in 8
/// bits, or of -8 to 7 in 4. Rows take whole blocks of 16 bytes. In 8 bits byte k of a row is the
/// code k in two's complement. In 4 bits a block holds 32 codes, each plus 8: byte b of it has code
/// b in its lower half and code 16 + b in its upper half.
struct TableView {
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  Precision precision = Precision::kFloat32;
  std::span<const float> values;        ///< kFloat32: rows x columns; else empty
  std::span<const float> scales;        ///< quantised: one a row, >= 0; else empty
  std::span<const std::uint8_t> codes;  ///< quantised: rows x row_bytes(); else empty

  std::size_t row_bytes() const { return quantized_row_bytes(columns, precision); }
  std::size_t size_bytes() const {
    return values.size_bytes() + scales.size_bytes() + codes.size_bytes();
  }
  /// Whether it is no table of its own but `other`.
  bool is(const TableView& other) const {
    return values.data() == other.values.data() && codes.data() == other.codes.data();
  }
  /// The vector of a row as floats, `columns` numbers.
  void read(std::size_t row, std::span<float> vector) const;
};

/// Texts laid end to end. Borrowed from the file; each is valid UTF-8.
struct TextsView {
  std::span<const std::uint32_t> offsets;  ///< size() + 1, or none
  std::span<const char> bytes;

  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  bool empty() const { return size() == 0; }
  std::string_view operator[](std::size_t index) const {
    return {bytes.data() + offsets[index], offsets[index + 1] - offsets[index]};
  }
};

/// Rows of items, in 16 bits each or in 32. Borrowed from the file.
class ColumnsView {
 public:
  ColumnsView() = default;
  explicit ColumnsView(std::span<const std::uint16_t> columns) : short_(columns) {}
  explicit ColumnsView(std::span<const std::uint32_t> columns) : long_(columns) {}

  std::size_t size() const { return short_.size() + long_.size(); }
  std::size_t size_bytes() const { return short_.size_bytes() + long_.size_bytes(); }
  std::uint32_t operator[](std::size_t index) const {
    return short_.empty() ? long_[index] : short_[index];
  }
  ColumnsView subview(std::size_t first, std::size_t count) const {
    return short_.empty() ? ColumnsView(long_.subspan(first, count))
                          : ColumnsView(short_.subspan(first, count));
  }

 private:
  std::span<const std::uint16_t> short_;  // one of the two is empty
  std::span<const std::uint32_t> long_;
};

/// The entries of one row that are not zero.
struct SparseRowView {
  ColumnsView columns;            ///< ascending
  std::span<const float> values;  ///< one a column

  std::size_t size() const { return values.size(); }
};

enum class AttributeKind : std::uint8_t { kCategory, kNumber };

/// One named property of every item: a set of categories (genres) or a number (year).
struct AttributeView {
  std::string_view name;
  AttributeKind kind{};
  std::span<const float> numbers;          ///< kNumber: one an item, NaN where missing; else empty
  TextsView categories;                    ///< kCategory: the distinct texts
  std::span<const std::uint32_t> offsets;  ///< kCategory: items + 1 positions in `entries`
  std::span<const std::uint32_t> entries;  ///< kCategory: rows of `categories`, item after item

  /// The categories of one item; empty for a missing value and for numbers.
  std::span<const std::uint32_t> entries_of(ItemIndex item) const;
  /// The row of a category.
  std::optional<std::uint32_t> find(std::string_view category) const;
};

/// The cells of one column, row after row. Borrowed.
struct CellsView {
  std::span<const float> numbers;          ///< kNumber: one a row, NaN where missing; else empty
  std::span<const std::uint32_t> offsets;  ///< kCategory: rows + 1 positions in `entries`
  std::span<const std::uint32_t> entries;  ///< rows of vectors, each once in a cell, at least one

  std::span<const std::uint32_t> entries_of(std::size_t row) const {
    return entries.subspan(offsets[row], offsets[row + 1] - offsets[row]);
  }
};

/// One fully connected layer: y = W x + b, with W of `outputs` x `inputs`, row after row.
///
/// Quantised, W is what `quantized` reads as, kInt8, and each of the inputs, which are not below 0,
/// is rounded to a multiple of `input_step` first, 127 of them at most.
struct DenseLayerView {
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::span<const float> weights;  ///< empty where quantised
  std::span<const float> bias;
  TableView quantized;   ///< no rows: not
  float input_step = 0;  ///< > 0 where quantised

  bool is_quantized() const { return quantized.rows > 0; }
};

}  // namespace palate

#endif  // PALATE_TABLE_VIEWS_H_
