// Columns as features: scales of numbers, vocabularies of categories, both learned from given rows.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <string_view>

#include "model/limits.h"
#include "palate/examples.h"

namespace palate {
namespace {

/// Mean, deviation and skewness.
struct Moments {
  double mean = 0;
  double deviation = 0;
  double skewness = 0;
};

Moments moments_of(std::span<const float> numbers) {
  Moments moments;
  const auto count = static_cast<double>(numbers.size());
  for (const float x : numbers) moments.mean += x;
  moments.mean /= count;
  double squares = 0;
  double cubes = 0;
  for (const float x : numbers) {
    const double off = x - moments.mean;
    squares += off * off;
    cubes += off * off * off;
  }
  moments.deviation = std::sqrt(squares / count);
  const double cubed = moments.deviation * moments.deviation * moments.deviation;
  moments.skewness = cubed > 0 ? cubes / count / cubed : 0;
  return moments;
}

/// What `scaled` makes of the numbers before it shifts and stretches them.
std::vector<float> unscaled(std::span<const float> numbers, const NumberScale& range) {
  NumberScale plain = range;
  plain.mean = 0;
  plain.scale = 1;
  std::vector<float> result(numbers.size());
  std::ranges::transform(numbers, result.begin(), [&](float x) { return scaled(plain, x); });
  return result;
}

NumberScale scale_of(std::span<const float> numbers, Scaling scaling) {
  NumberScale scale;
  const auto [least, most] = std::ranges::minmax(numbers);
  scale.minimum = least;
  scale.maximum = most;
  Moments moments = moments_of(numbers);
  scale.logarithmic = scaling != Scaling::kStandard;
  if (scale.logarithmic) {
    const Moments of_logs = moments_of(unscaled(numbers, scale));
    const double skewness = std::abs(moments.skewness);
    scale.logarithmic =
        scaling == Scaling::kLog || (skewness > 1 && std::abs(of_logs.skewness) < skewness);
    if (scale.logarithmic) moments = of_logs;
  }
  scale.mean = static_cast<float>(moments.mean);
  scale.scale = moments.deviation > 0 ? static_cast<float>(1 / moments.deviation) : 0;
  // Numbers next to each other at the end of their range are one number.
  if (!(std::abs(scale.scale) <= internal::kMaxNumber)) scale.scale = 0;
  return scale;
}

/// Nothing where all cells are one number.
std::optional<TabularColumn> fit_numbers(const Attribute& column,
                                         std::span<const std::uint32_t> rows, Scaling scaling) {
  std::vector<float> numbers;
  for (const std::uint32_t row : rows) {
    if (!std::isnan(column.numbers[row])) numbers.push_back(column.numbers[row]);
  }
  TabularColumn fitted;
  fitted.name = column.name;
  fitted.kind = AttributeKind::kNumber;
  fitted.has_missing = numbers.size() < rows.size();
  if (!numbers.empty()) fitted.scale = scale_of(numbers, scaling);
  const bool varies = !numbers.empty() && fitted.scale.scale > 0;
  if (!varies && (numbers.empty() || !fitted.has_missing)) return std::nullopt;
  return fitted;
}

/// Nothing where no category stands in rows enough.
std::optional<TabularColumn> fit_categories(const Attribute& column,
                                            std::span<const std::uint32_t> rows,
                                            const FeatureOptions& options) {
  std::vector<std::uint32_t> counts(column.categories.size(), 0);
  for (const std::uint32_t row : rows) {
    for (std::uint32_t k = column.offsets[row]; k < column.offsets[row + 1]; ++k) {
      ++counts[column.entries[k]];
    }
  }
  std::vector<std::uint32_t> kept;
  for (std::uint32_t k = 0; k < counts.size(); ++k) {
    const bool fits = column.categories[k].size() <= internal::kMaxIdBytes;
    if (counts[k] >= options.min_count && fits) kept.push_back(k);
  }
  std::ranges::sort(kept, [&](std::uint32_t a, std::uint32_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b]
                                  : column.categories[a] < column.categories[b];
  });
  if (kept.size() > options.max_categories) kept.resize(options.max_categories);
  if (kept.empty()) return std::nullopt;
  TabularColumn fitted;
  fitted.name = column.name;
  fitted.kind = AttributeKind::kCategory;
  for (const std::uint32_t k : kept) fitted.categories.push_back(column.categories[k]);
  std::ranges::sort(fitted.categories);
  return fitted;
}

/// A model's column: what encoding needs of it, wherever it is kept.
struct Target {
  std::string_view name;
  AttributeKind kind{};
  std::uint32_t other = 0;
  std::function<std::uint32_t(const std::string&)> row_of;
};

EncodedColumn all_missing(const Target& target, std::size_t rows) {
  if (target.kind == AttributeKind::kNumber) return {std::vector<float>(rows, kNoValue), {}, {}};
  EncodedColumn encoded{
      {}, std::vector<std::uint32_t>(rows + 1), std::vector<std::uint32_t>(rows, target.other + 1)};
  std::iota(encoded.offsets.begin(), encoded.offsets.end(), 0U);
  return encoded;
}

EncodedColumn encode_categories(const Attribute& column, const Target& target) {
  std::vector<std::uint32_t> rows;
  for (const std::string& category : column.categories) rows.push_back(target.row_of(category));
  EncodedColumn encoded;
  encoded.offsets.push_back(0);
  for (std::size_t row = 0; row + 1 < column.offsets.size(); ++row) {
    const std::size_t first = encoded.entries.size();
    for (std::uint32_t k = column.offsets[row]; k < column.offsets[row + 1]; ++k) {
      const std::uint32_t entry = rows[column.entries[k]];
      const auto cell = std::span(encoded.entries).subspan(first);
      // Several that the model does not know are one: any other.
      if (std::ranges::find(cell, entry) == cell.end()) encoded.entries.push_back(entry);
    }
    if (encoded.entries.size() == first) encoded.entries.push_back(target.other + 1);
    encoded.offsets.push_back(static_cast<std::uint32_t>(encoded.entries.size()));
  }
  return encoded;
}

EncodedColumn encode_column(std::span<const Attribute> log, std::size_t rows,
                            const Target& target) {
  const auto column = std::ranges::find_if(log, [&](const Attribute& one) {
    return one.name == target.name && one.kind == target.kind;
  });
  if (column == log.end()) return all_missing(target, rows);
  if (target.kind == AttributeKind::kNumber) return {column->numbers, {}, {}};
  return encode_categories(*column, target);
}

}  // namespace

std::vector<TabularColumn> fit_columns(std::span<const Attribute> columns,
                                       std::span<const std::uint32_t> rows,
                                       const FeatureOptions& options,
                                       std::vector<std::string>& left_out) {
  std::vector<TabularColumn> result;
  for (const Attribute& column : columns) {
    const bool number = column.kind == AttributeKind::kNumber;
    std::optional<TabularColumn> fitted =
        number ? fit_numbers(column, rows, options.scaling) : fit_categories(column, rows, options);
    if (fitted) {
      result.push_back(std::move(*fitted));
    } else {
      left_out.push_back(column.name + (number ? " (always the same)"
                                               : " (no category stands in " +
                                                     std::to_string(options.min_count) + " rows)"));
    }
  }
  return result;
}

std::vector<EncodedColumn> encode(std::span<const Attribute> log, std::size_t rows,
                                  std::span<const TabularColumn> columns) {
  std::vector<EncodedColumn> encoded;
  for (const TabularColumn& column : columns) {
    const auto other = static_cast<std::uint32_t>(column.categories.size());
    encoded.push_back(encode_column(
        log, rows, {column.name, column.kind, other, [&](const std::string& category) {
                      const auto found = std::ranges::lower_bound(column.categories, category);
                      const bool known = found != column.categories.end() && *found == category;
                      return known ? static_cast<std::uint32_t>(found - column.categories.begin())
                                   : other;
                    }}));
  }
  return encoded;
}

std::vector<EncodedColumn> encode(std::span<const Attribute> log, std::size_t rows,
                                  std::span<const TabularColumnView> columns) {
  std::vector<EncodedColumn> encoded;
  for (const TabularColumnView& column : columns) {
    encoded.push_back(encode_column(
        log, rows, {column.name, column.kind, column.other_row(), [&](const std::string& category) {
                      return column.row_of(category);
                    }}));
  }
  return encoded;
}

std::vector<CellsView> views_of(std::span<const EncodedColumn> columns) {
  std::vector<CellsView> views;
  for (const EncodedColumn& column : columns) views.push_back(column.view());
  return views;
}

}  // namespace palate
