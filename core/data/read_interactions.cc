// Rows of a table -> a log of interactions.
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "data/cells.h"
#include "data/columns.h"
#include "data/feature_cells.h"
#include "data/id_fault.h"
#include "data/parse.h"
#include "data/table.h"
#include "log/text_index.h"
#include "palate/dataset.h"

namespace palate {
namespace {

using internal::Table;
using internal::TextIndex;

constexpr std::size_t kAbsent = std::numeric_limits<std::size_t>::max();

/// Where each role stands among the fields of a row.
struct Fields {
  std::size_t user = kAbsent;
  std::size_t item = kAbsent;
  std::size_t value = kAbsent;
  std::size_t time = kAbsent;
  std::size_t type = kAbsent;
};

/// Collects the rows that can be used.
class LogBuilder {
 public:
  /// `names` are the columns behind the fields, for messages.
  LogBuilder(Table& table, const Fields& fields, std::vector<std::string> names)
      : table_(table), fields_(fields), names_(std::move(names)) {}

  /// A column of context, which is number `number` of the file.
  void add_context(std::size_t field, std::size_t number, internal::Use use) {
    context_.add_column(field, names_[field], number, use);
  }
  void add_row();
  /// Says in `report` what was not used.
  InteractionLog finish(ReadReport& report) &&;

 private:
  std::string_view field(std::size_t index) const { return table_.fields()[index]; }
  void reject(std::size_t index, std::string reason) {
    table_.reject(names_[index], std::move(reason));
  }
  bool read_value(float& value);
  bool read_time(std::int64_t& time_ms);
  bool read_type(std::uint32_t& type);

  Table& table_;
  Fields fields_;
  std::vector<std::string> names_;
  TextIndex users_;
  TextIndex items_;
  TextIndex types_;
  internal::FeatureCells context_;
  InteractionLog log_;
};

bool LogBuilder::read_value(float& value) {
  if (internal::trimmed(field(fields_.value)).empty()) return true;
  const Result<float> number = internal::number_in(field(fields_.value));
  if (number) value = *number;
  if (!number) reject(fields_.value, number.error().message);
  return number.ok();
}

bool LogBuilder::read_time(std::int64_t& time_ms) {
  const Result<std::int64_t> time = internal::time_in(field(fields_.time));
  if (time) time_ms = *time;
  if (!time) reject(fields_.time, time.error().message);
  return time.ok();
}

bool LogBuilder::read_type(std::uint32_t& type) {
  const std::string_view text = internal::trimmed(field(fields_.type));
  if (text.empty()) return true;
  if (const char* fault = internal::id_fault(text)) {
    reject(fields_.type, fault);
    return false;
  }
  type = types_.number_of(text) + 1;
  return true;
}

void LogBuilder::add_row() {
  const std::string_view user = field(fields_.user);
  const std::string_view item = field(fields_.item);
  if (const char* fault = internal::id_fault(user)) return reject(fields_.user, fault);
  if (const char* fault = internal::id_fault(item)) return reject(fields_.item, fault);
  float value = kNoValue;
  if (fields_.value != kAbsent && !read_value(value)) return;
  std::int64_t time_ms = 0;
  if (fields_.time != kAbsent && !read_time(time_ms)) return;
  std::uint32_t type = 0;
  if (fields_.type != kAbsent && !read_type(type)) return;
  if (const auto fault = context_.fault_of(table_.fields())) {
    return table_.reject(fault->column, fault->reason);
  }
  log_.user.push_back(users_.number_of(user));
  log_.item.push_back(items_.number_of(item));
  if (fields_.value != kAbsent) log_.value.push_back(value);
  if (fields_.time != kAbsent) log_.time_ms.push_back(time_ms);
  if (fields_.type != kAbsent) log_.type.push_back(type);
  context_.add_row(table_.fields());
}

InteractionLog LogBuilder::finish(ReadReport& report) && {
  log_.users = std::move(users_).release();
  log_.items = std::move(items_).release();
  log_.types = std::move(types_).release();
  if (log_.types.size() > kMaxEventTypes) {
    report.left_out.push_back(names_[fields_.type] + ": more than " +
                              std::to_string(kMaxEventTypes) + " types of events");
    log_.types.clear();
    log_.type.clear();
  }
  log_.context = std::move(context_).finish(report.left_out);
  return std::move(log_);
}

/// A file whose first row holds one of the names that are given has a header.
std::map<std::string, std::string> names_of(const ReadOptions& options) {
  std::map<std::string, std::string> names = options.columns;
  for (const std::string& name : options.context.columns) names.emplace("context " + name, name);
  return names;
}

struct ContextColumn {
  std::size_t column = 0;
  internal::Use use{};
};

/// The file's columns of context.
Result<std::vector<ContextColumn>> context_of(const Table& table,
                                              const std::map<std::string, std::size_t>& roles,
                                              const ContextOptions& options, ReadReport& report) {
  std::vector<ContextColumn> found;
  const auto names = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  for (const std::string& name : options.columns) {
    const auto column = internal::find_column(table.columns(), name);
    if (!column && options.may_lack) {
      report.left_out.push_back(name + ": not in the file, so missing in every row");
      continue;
    }
    if (!column) {
      return Error{ErrorCode::kDataMalformed, "there is no column '" + name +
                                                  "' for the context; the columns are " +
                                                  internal::listed(table.columns())};
    }
    const auto role =
        std::ranges::find(roles, *column, &std::pair<const std::string, std::size_t>::second);
    if (role != roles.end()) {
      return Error{ErrorCode::kDataMalformed, "the column '" + name + "' is the " + role->first +
                                                  " already, so it is no context"};
    }
    found.push_back({*column, names(options.numeric, name)       ? internal::Use::kNumbers
                              : names(options.categorical, name) ? internal::Use::kCategories
                                                                 : internal::Use::kFeature});
  }
  return found;
}

}  // namespace

Result<InteractionLog> read_interactions(const std::filesystem::path& path,
                                         const ReadOptions& options, ReadReport& report) {
  Result<std::unique_ptr<Table>> table =
      internal::open_table(path, internal::interaction_roles(), names_of(options));
  if (!table) return table.error();
  Table& rows = **table;
  const auto roles = internal::assign_roles(rows.columns(), rows.has_header(),
                                            internal::interaction_roles(), options.columns);
  if (!roles) return Error{roles.error().code, path.string() + ": " + roles.error().message};
  report = {};
  Fields fields;
  std::vector<std::size_t> wanted;
  std::vector<std::string> names;
  for (const auto& [role, column] : *roles) {
    report.columns.emplace(role, rows.columns()[column]);
    (role == "user"    ? fields.user
     : role == "item"  ? fields.item
     : role == "value" ? fields.value
     : role == "type"  ? fields.type
                       : fields.time) = wanted.size();
    wanted.push_back(column);
    names.push_back(rows.columns()[column]);
  }
  const auto context = context_of(rows, *roles, options.context, report);
  if (!context) return Error{context.error().code, path.string() + ": " + context.error().message};
  const std::size_t first_context = wanted.size();
  for (const ContextColumn& one : *context) {
    wanted.push_back(one.column);
    names.push_back(rows.columns()[one.column]);
  }
  if (Status selected = rows.select(wanted); !selected) return selected.error();
  LogBuilder builder(rows, fields, std::move(names));
  for (std::size_t k = 0; k < context->size(); ++k) {
    builder.add_context(first_context + k, (*context)[k].column + 1, (*context)[k].use);
  }
  for (;;) {
    const Result<bool> found = rows.next();
    if (!found) return found.error();
    if (!*found) break;
    builder.add_row();
  }
  if (Status finished = rows.finish(options.max_bad, report); !finished) return finished.error();
  return std::move(builder).finish(report);
}

}  // namespace palate
