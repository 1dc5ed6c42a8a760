// Rows of a table -> a catalogue: ids, titles, attributes.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "data/columns.h"
#include "data/id_fault.h"
#include "data/parse.h"
#include "data/table.h"
#include "data/text_index.h"
#include "model/limits.h"
#include "palate/dataset.h"

namespace palate {
namespace {

using internal::Table;
using internal::TextIndex;

/// The cells of one column: each distinct text once, and its number for every row.
struct Cells {
  TextIndex texts;
  std::vector<std::uint32_t> rows;
};

bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 7> kMissing = {
      "", "null", "NULL", "nan", "NaN", "\\N", "(no genres listed)"};
  return std::ranges::find(kMissing, text) != kMissing.end();
}

/// The column as numbers, if all that is not missing is one (and something is there).
std::optional<Attribute> as_numbers(const Cells& cells) {
  std::vector<float> distinct;
  bool any = false;
  for (const std::string& text : cells.texts.texts()) {
    if (is_missing(internal::trimmed(text))) {
      distinct.push_back(kNoValue);
      continue;
    }
    const std::optional<double> number = internal::parse_number(text);
    if (!number || !(std::abs(*number) <= internal::kLargestNumber)) return std::nullopt;
    distinct.push_back(static_cast<float>(*number));
    any = true;
  }
  if (!any) return std::nullopt;
  Attribute attribute;
  attribute.kind = AttributeKind::kNumber;
  attribute.numbers.reserve(cells.rows.size());
  for (const std::uint32_t cell : cells.rows) attribute.numbers.push_back(distinct[cell]);
  return attribute;
}

/// The categories in one cell, each once.
std::vector<std::uint32_t> categories_of(std::string_view text, TextIndex& categories) {
  std::vector<std::uint32_t> result;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('|', start), text.size());
    const std::string_view category = internal::trimmed(text.substr(start, end - start));
    start = end + 1;
    if (is_missing(category)) continue;
    const std::uint32_t number = categories.number_of(category);
    if (std::ranges::find(result, number) == result.end()) result.push_back(number);
  }
  return result;
}

bool is_empty(const Cells& cells) {
  return std::ranges::all_of(cells.texts.texts(), [](std::string_view text) {
    return is_missing(internal::trimmed(text));
  });
}

/// The column as sets of categories, unless it is free text or empty.
std::optional<Attribute> as_categories(const Cells& cells) {
  constexpr std::size_t kAlwaysTaken = 100;
  TextIndex categories;
  std::vector<std::vector<std::uint32_t>> distinct;
  for (const std::string& text : cells.texts.texts()) {
    distinct.push_back(categories_of(text, categories));
  }
  Attribute attribute;
  attribute.kind = AttributeKind::kCategory;
  attribute.offsets.push_back(0);
  for (const std::uint32_t cell : cells.rows) {
    attribute.entries.insert(attribute.entries.end(), distinct[cell].begin(), distinct[cell].end());
    attribute.offsets.push_back(static_cast<std::uint32_t>(attribute.entries.size()));
  }
  const bool is_free_text =
      (categories.size() > kAlwaysTaken && categories.size() * 2 > attribute.entries.size()) ||
      std::ranges::any_of(categories.texts(), [](const std::string& category) {
        return category.size() > internal::kMaxTextBytes;
      });
  if (is_free_text || attribute.entries.empty()) return std::nullopt;
  attribute.categories = std::move(categories).release();
  return attribute;
}

/// Why the model file could not hold a further attribute of this name, or nothing.
const char* name_fault(std::string_view name, std::span<const Attribute> attributes) {
  if (internal::trimmed(name).empty()) return "no name";
  if (name.size() > internal::kMaxIdBytes) return "a name over 1024 bytes";
  if (name.find('\0') != std::string_view::npos) return "a NUL byte in the name";
  if (std::ranges::find(attributes, name, &Attribute::name) != attributes.end()) {
    return "the name stands twice";
  }
  if (attributes.size() == internal::kMaxAttributes) return "over 256 attributes";
  return nullptr;
}

/// Collects the rows that can be used.
class CatalogueBuilder {
 public:
  CatalogueBuilder(Table& table, std::size_t item, std::optional<std::size_t> title)
      : table_(table), item_(item), title_(title), cells_(table.columns().size()) {}

  void add_row();
  Catalogue finish(std::vector<std::string>& left_out) &&;

 private:
  std::string attribute_name(std::size_t column) const {
    // MovieLens's layout, see `item_roles`.
    if (!table_.has_header() && column == 2) return "genres";
    return table_.columns()[column];
  }

  /// "plot (free text)", "column 3 (no name)".
  std::string left_out_text(std::size_t column, std::string_view reason) const {
    const std::string name(internal::trimmed(table_.columns()[column]));
    const bool is_shown = !name.empty() && name.size() <= internal::kMaxIdBytes;
    return (is_shown ? name : "column " + std::to_string(column + 1)) + " (" + std::string(reason) +
           ")";
  }

  Table& table_;
  std::size_t item_;
  std::optional<std::size_t> title_;
  TextIndex ids_;
  std::vector<std::string> titles_;
  std::vector<Cells> cells_;
};

void CatalogueBuilder::add_row() {
  const std::span<const std::string_view> fields = table_.fields();
  const std::string& id_column = table_.columns()[item_];
  if (const char* fault = internal::id_fault(fields[item_])) {
    return table_.reject(id_column, fault);
  }
  if (ids_.find(fields[item_])) return table_.reject(id_column, "the id stands in a row before");
  for (std::size_t column = 0; column < fields.size(); ++column) {
    if (fields[column].find('\0') != std::string_view::npos) {
      return table_.reject(table_.columns()[column], "the text holds a NUL byte");
    }
  }
  if (title_ && fields[*title_].size() > internal::kMaxTextBytes) {
    return table_.reject(table_.columns()[*title_], "the title is longer than 65536 bytes");
  }
  ids_.number_of(fields[item_]);
  if (title_) titles_.emplace_back(internal::trimmed(fields[*title_]));
  for (std::size_t column = 0; column < fields.size(); ++column) {
    if (column == item_ || column == title_) continue;
    Cells& cells = cells_[column];
    cells.rows.push_back(cells.texts.number_of(fields[column]));
  }
}

Catalogue CatalogueBuilder::finish(std::vector<std::string>& left_out) && {
  Catalogue catalogue;
  catalogue.ids = std::move(ids_).release();
  catalogue.titles = std::move(titles_);
  catalogue.popularity.assign(catalogue.ids.size(), 0);
  for (std::size_t column = 0; column < cells_.size(); ++column) {
    if (column == item_ || column == title_) continue;
    std::optional<Attribute> attribute = as_numbers(cells_[column]);
    if (!attribute) attribute = as_categories(cells_[column]);
    if (!attribute) {
      left_out.push_back(left_out_text(column, is_empty(cells_[column]) ? "empty" : "free text"));
      continue;
    }
    attribute->name = attribute_name(column);
    if (const char* fault = name_fault(attribute->name, catalogue.attributes)) {
      left_out.push_back(left_out_text(column, fault));
    } else {
      catalogue.attributes.push_back(std::move(*attribute));
    }
  }
  return catalogue;
}

}  // namespace

Result<Catalogue> read_items(const std::filesystem::path& path, const ReadOptions& options,
                             ReadReport& report) {
  Result<std::unique_ptr<Table>> table =
      internal::open_table(path, internal::item_roles(), options.columns);
  if (!table) return table.error();
  Table& rows = **table;
  const auto roles = internal::assign_roles(rows.columns(), rows.has_header(),
                                            internal::item_roles(), options.columns);
  if (!roles) return Error{roles.error().code, path.string() + ": " + roles.error().message};
  report = {};
  for (const auto& [role, column] : *roles) report.columns.emplace(role, rows.columns()[column]);
  std::vector<std::size_t> all(rows.columns().size());
  for (std::size_t column = 0; column < all.size(); ++column) all[column] = column;
  if (Status selected = rows.select(all); !selected) return selected.error();

  const auto title = roles->find("title");
  CatalogueBuilder builder(rows, roles->at("item"),
                           title == roles->end() ? std::nullopt : std::optional(title->second));
  for (;;) {
    const Result<bool> found = rows.next();
    if (!found) return found.error();
    if (!*found) break;
    builder.add_row();
  }
  if (Status finished = rows.finish(options.max_bad, report); !finished) return finished.error();
  return std::move(builder).finish(report.left_out);
}

}  // namespace palate
