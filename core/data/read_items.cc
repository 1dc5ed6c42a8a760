// Rows of a table -> a catalogue: ids, titles, attributes.
#include <algorithm>
#include <optional>
#include <utility>

#include "data/cells.h"
#include "data/columns.h"
#include "data/id_fault.h"
#include "data/parse.h"
#include "data/table.h"
#include "log/text_index.h"
#include "model/limits.h"
#include "palate/dataset.h"

namespace palate {
namespace {

using internal::Cells;
using internal::Table;
using internal::TextIndex;

/// The column as sets of categories, unless it is free text or empty.
std::optional<Attribute> as_attribute_of_categories(const Cells& cells) {
  constexpr std::size_t kAlwaysTaken = 100;
  Attribute attribute = internal::as_categories(cells);
  const std::size_t count = attribute.categories.size();
  const bool is_free_text =
      (count > kAlwaysTaken && count * 2 > attribute.entries.size()) ||
      std::ranges::any_of(attribute.categories, [](const std::string& category) {
        return category.size() > internal::kMaxTextBytes;
      });
  if (is_free_text || attribute.entries.empty()) return std::nullopt;
  return attribute;
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
    std::optional<Attribute> attribute = internal::as_numbers(cells_[column]);
    if (!attribute) attribute = as_attribute_of_categories(cells_[column]);
    if (!attribute) {
      left_out.push_back(
          left_out_text(column, internal::is_empty(cells_[column]) ? "empty" : "free text"));
      continue;
    }
    attribute->name = attribute_name(column);
    if (const char* fault = internal::name_fault(attribute->name, catalogue.attributes)) {
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
