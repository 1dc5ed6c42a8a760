// The cells of columns that are features, gathered row after row, and what they are taken for.
#include "data/feature_cells.h"

#include <utility>

#include "data/parse.h"

namespace palate::internal {

void FeatureCells::add_column(std::size_t field, std::string name, std::size_t number, Use use) {
  if (use != Use::kNone) columns_.push_back({field, std::move(name), number, use, {}});
}

std::optional<FeatureCells::Fault> FeatureCells::fault_of(
    std::span<const std::string_view> fields) const {
  for (const Column& column : columns_) {
    const std::string_view text = trimmed(fields[column.field]);
    if (is_missing(text)) continue;
    if (text.find('\0') != std::string_view::npos) {
      return Fault{column.name, "the text holds a NUL byte"};
    }
    if (column.use != Use::kNumbers) continue;
    const Result<float> number = number_in(text);
    if (!number) return Fault{column.name, number.error().message};
  }
  return std::nullopt;
}

void FeatureCells::add_row(std::span<const std::string_view> fields) {
  for (auto& [field, name, number, use, cells] : columns_) {
    cells.rows.push_back(cells.texts.number_of(fields[field]));
  }
}

std::vector<Attribute> FeatureCells::finish(std::vector<std::string>& left_out) && {
  std::vector<Attribute> result;
  for (auto& [field, name, number, use, cells] : columns_) {
    const char* fault = is_empty(cells) ? "empty" : name_fault(name, result);
    if (fault != nullptr) {
      left_out.push_back("column " + std::to_string(number) + ", " + name + " (" + fault + ")");
      continue;
    }
    std::optional<Attribute> numbers;
    if (use != Use::kCategories) numbers = as_numbers(cells);
    result.push_back(numbers ? std::move(*numbers) : as_categories(cells));
    result.back().name = std::move(name);
    cells = {};
  }
  return result;
}

}  // namespace palate::internal
