// The cells of columns that are features, gathered row after row, and what they are taken for.
#ifndef PALATE_DATA_FEATURE_CELLS_H_
#define PALATE_DATA_FEATURE_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/cells.h"
#include "palate/dataset.h"

namespace palate::internal {

/// What is done with a column.
enum class Use : std::uint8_t {
  kFeature,     ///< numbers if all that is not missing is one, else categories
  kNumbers,     ///< a cell that is none rejects its row
  kCategories,  ///< such as codes in digits
  kNone,
};

class FeatureCells {
 public:
  /// Why a row cannot be taken.
  struct Fault {
    std::string column;
    std::string reason;
  };

  /// The column stands at `field` of each row and is number `number` of its file, from 1. One of
  /// kNone is passed over.
  void add_column(std::size_t field, std::string name, std::size_t number, Use use);

  std::optional<Fault> fault_of(std::span<const std::string_view> fields) const;

  /// Takes a row that has no fault.
  void add_row(std::span<const std::string_view> fields);

  /// The columns, and in `left_out` those that the model file could not hold.
  std::vector<Attribute> finish(std::vector<std::string>& left_out) &&;

 private:
  struct Column {
    std::size_t field = 0;
    std::string name;
    std::size_t number = 0;
    Use use{};
    Cells cells;
  };
  std::vector<Column> columns_;
};

}  // namespace palate::internal

#endif  // PALATE_DATA_FEATURE_CELLS_H_
