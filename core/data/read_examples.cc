// Rows of a table -> labelled examples.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "data/cells.h"
#include "data/columns.h"
#include "data/feature_cells.h"
#include "data/id_fault.h"
#include "data/parse.h"
#include "data/table.h"
#include "log/text_index.h"
#include "palate/examples.h"

namespace palate {
namespace {

using internal::FeatureCells;
using internal::Table;
using internal::TextIndex;
using internal::Use;

/// What each column of a file is for.
struct Plan {
  std::optional<std::size_t> label;
  std::optional<std::size_t> time;
  std::optional<std::size_t> user;
  std::vector<Use> uses;  ///< one a column
};

/// Marks the columns that a flag names.
Status mark(const std::vector<std::string>& names, std::span<const std::string> columns, Use use,
            Plan& plan) {
  for (const std::string& name : names) {
    const std::optional<std::size_t> column = internal::find_column(columns, name);
    if (!column) {
      return Error{
          ErrorCode::kDataMalformed,
          "there is no column '" + name + "'; the columns are " + internal::listed(columns)};
    }
    plan.uses[*column] = use;
  }
  return Done{};
}

/// Whether a flag says of what kind a feature is.
bool is_named(const ExampleOptions& options, const std::string& column) {
  const auto names = [&](const std::vector<std::string>& flag) {
    return std::ranges::find(flag, column) != flag.end();
  };
  return names(options.numeric) || names(options.categorical);
}

Result<Plan> plan_for(const Table& table, const ExampleOptions& options, ReadReport& report) {
  const std::span<const std::string> columns = table.columns();
  std::vector<internal::Role> roles(internal::example_roles().begin(),
                                    internal::example_roles().end());
  roles.front().required = options.labelled;
  // Roles have no order here, so a file without a header has to have them given.
  const auto assigned = internal::assign_roles(columns, true, roles, options.table.columns);
  if (!assigned) return assigned.error();
  Plan plan;
  plan.uses.assign(columns.size(), Use::kFeature);
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (internal::is_item_name(columns[column])) plan.uses[column] = Use::kCategories;
  }
  for (const auto& [names, use] : {std::pair(&options.numeric, Use::kNumbers),
                                   std::pair(&options.categorical, Use::kCategories),
                                   std::pair(&options.ignored, Use::kNone)}) {
    if (Status marked = mark(*names, columns, use, plan); !marked) return marked.error();
  }
  for (const auto& [role, column] : *assigned) {
    // What a flag calls a feature has no other part unless a flag says that too.
    if (is_named(options, columns[column]) && !options.table.columns.contains(role)) continue;
    if (role == "label" && !options.labelled) {
      plan.uses[column] = Use::kNone;
      continue;
    }
    report.columns.emplace(role, columns[column]);
    (role == "label" ? plan.label : role == "timestamp" ? plan.time : plan.user) = column;
    plan.uses[column] = Use::kNone;
  }
  return plan;
}

/// A file whose first row holds one of the names that are given has a header.
std::map<std::string, std::string> names_of(const ExampleOptions& options) {
  std::map<std::string, std::string> names = options.table.columns;
  for (const auto* flag : {&options.numeric, &options.categorical, &options.ignored}) {
    for (const std::string& name : *flag) names.emplace("feature " + name, name);
  }
  return names;
}

/// Collects the rows that can be used.
class ExampleBuilder {
 public:
  ExampleBuilder(Table& table, Plan plan) : table_(table), plan_(std::move(plan)) {
    for (std::size_t column = 0; column < plan_.uses.size(); ++column) {
      cells_.add_column(column, table_.columns()[column], column + 1, plan_.uses[column]);
    }
  }

  void add_row();
  ExampleLog finish(ReadReport& report) &&;

 private:
  bool reject(std::size_t column, const std::string& reason) {
    table_.reject(table_.columns()[column], reason);
    return false;
  }
  bool read_label(float& label);
  bool read_time(std::int64_t& time_ms);

  Table& table_;
  Plan plan_;
  ExampleLog log_;
  TextIndex users_;
  FeatureCells cells_;
};

bool ExampleBuilder::read_label(float& label) {
  const std::string_view text = internal::trimmed(table_.fields()[*plan_.label]);
  const bool yes = text == "true" || text == "True" || text == "TRUE";
  const bool no = text == "false" || text == "False" || text == "FALSE";
  if (yes || no) {
    label = yes ? 1.0F : 0.0F;
    return true;
  }
  if (internal::is_missing(text)) return reject(*plan_.label, "the label is missing");
  const Result<float> number = internal::number_in(text);
  if (!number) return reject(*plan_.label, number.error().message);
  label = *number;
  return true;
}

bool ExampleBuilder::read_time(std::int64_t& time_ms) {
  const Result<std::int64_t> time = internal::time_in(table_.fields()[*plan_.time]);
  if (!time) return reject(*plan_.time, time.error().message);
  time_ms = *time;
  return true;
}

void ExampleBuilder::add_row() {
  const std::span<const std::string_view> fields = table_.fields();
  float label = 0;
  std::int64_t time_ms = 0;
  if (plan_.label && !read_label(label)) return;
  if (plan_.time && !read_time(time_ms)) return;
  if (plan_.user) {
    if (const char* fault = internal::id_fault(fields[*plan_.user])) {
      reject(*plan_.user, fault);
      return;
    }
  }
  if (const auto fault = cells_.fault_of(fields))
    return table_.reject(fault->column, fault->reason);
  if (plan_.label) log_.labels.push_back(label);
  if (plan_.time) log_.time_ms.push_back(time_ms);
  if (plan_.user) log_.user.push_back(users_.number_of(fields[*plan_.user]));
  cells_.add_row(fields);
  ++log_.rows;
}

ExampleLog ExampleBuilder::finish(ReadReport& report) && {
  log_.users = static_cast<std::uint32_t>(users_.size());
  if (plan_.label) log_.label_name = table_.columns()[*plan_.label];
  log_.columns = std::move(cells_).finish(report.left_out);
  return std::move(log_);
}

}  // namespace

Result<std::vector<std::string>> column_names(const std::filesystem::path& path,
                                              const ExampleOptions& options) {
  const Result<std::unique_ptr<Table>> table =
      internal::open_table(path, internal::example_roles(), names_of(options));
  if (!table) return table.error();
  return (*table)->columns();
}

Result<ExampleLog> read_examples(const std::filesystem::path& path, const ExampleOptions& options,
                                 ReadReport& report) {
  Result<std::unique_ptr<Table>> table =
      internal::open_table(path, internal::example_roles(), names_of(options));
  if (!table) return table.error();
  Table& rows = **table;
  report = {};
  Result<Plan> plan = plan_for(rows, options, report);
  if (!plan) return Error{plan.error().code, path.string() + ": " + plan.error().message};
  std::vector<std::size_t> all(rows.columns().size());
  for (std::size_t column = 0; column < all.size(); ++column) all[column] = column;
  if (Status selected = rows.select(all); !selected) return selected.error();
  ExampleBuilder builder(rows, std::move(*plan));
  for (;;) {
    const Result<bool> found = rows.next();
    if (!found) return found.error();
    if (!*found) break;
    builder.add_row();
  }
  if (Status finished = rows.finish(options.table.max_bad, report); !finished) {
    return finished.error();
  }
  return std::move(builder).finish(report);
}

}  // namespace palate
