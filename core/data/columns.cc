// Which column of a table plays which role: recognised by name, or given.
#include "data/columns.h"

#include <algorithm>
#include <array>
#include <optional>

#include "data/parse.h"

namespace palate::internal {
namespace {

constexpr std::array<std::string_view, 14> kUserNames = {
    "userid",   "user",       "uid",    "visitorid",  "visitor",  "customerid", "customer",
    "memberid", "reviewerid", "member", "reviewerno", "readerid", "sessionid",  "session"};
constexpr std::array<std::string_view, 17> kItemNames = {
    "itemid", "item", "iid",     "movieid", "movie",   "productid", "product",  "asin",  "sku",
    "bookid", "isbn", "trackid", "songid",  "videoid", "articleid", "courseid", "newsid"};
constexpr std::array<std::string_view, 18> kItemTableNames = {
    "itemid", "item", "iid",     "movieid", "movie",   "productid", "product",  "asin",   "sku",
    "bookid", "isbn", "trackid", "songid",  "videoid", "articleid", "courseid", "newsid", "id"};
constexpr std::array<std::string_view, 7> kValueNames = {"rating",  "value", "score",    "stars",
                                                         "overall", "count", "playcount"};
constexpr std::array<std::string_view, 9> kTimeNames = {"timestamp", "time",      "ts",
                                                        "datetime",  "eventtime", "unixreviewtime",
                                                        "createdat", "date",      "reviewtime"};
constexpr std::array<std::string_view, 6> kTypeNames = {"type",     "event",     "eventtype",
                                                        "behavior", "behaviour", "action"};
constexpr std::array<std::string_view, 5> kTitleNames = {"title", "name", "itemname", "movietitle",
                                                         "producttitle"};

constexpr std::array<std::string_view, 10> kLabelNames = {
    "label",     "target",     "clicked",   "click",     "isclick",
    "converted", "conversion", "purchased", "isclicked", "outcome"};

constexpr std::array<Role, 3> kExampleRoles = {
    {{"label", true, kLabelNames}, {"timestamp", false, kTimeNames}, {"user", false, kUserNames}}};
constexpr std::array<Role, 5> kInteractionRoles = {{{"user", true, kUserNames},
                                                    {"item", true, kItemNames},
                                                    {"value", false, kValueNames},
                                                    {"timestamp", false, kTimeNames},
                                                    {"type", false, kTypeNames}}};
constexpr std::array<Role, 2> kItemRoles = {
    {{"item", true, kItemTableNames}, {"title", false, kTitleNames}}};

std::string normalized(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      result += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      result += c;
    }
  }
  return result;
}

std::optional<std::size_t> recognise(std::span<const std::string> columns, const Role& role) {
  for (const std::string_view known : role.known_names) {
    const auto found = std::ranges::find_if(
        columns, [&](const std::string& name) { return normalized(name) == known; });
    if (found != columns.end()) return found - columns.begin();
  }
  return std::nullopt;
}

/// "--columns user=COLUMN,item=COLUMN": what a person may type.
std::string columns_flag(std::span<const Role> roles) {
  std::string flag = "--columns ";
  for (const Role& role : roles) {
    if (!role.required) continue;
    flag += (flag.back() == ' ' ? "" : ",") + std::string(role.name) + "=COLUMN";
  }
  return flag;
}

Status check_role_names(std::span<const Role> roles,
                        const std::map<std::string, std::string>& given) {
  for (const auto& [name, column] : given) {
    if (std::ranges::find(roles, name, &Role::name) != roles.end()) continue;
    std::string known;
    for (const Role& role : roles) known += (known.empty() ? "" : ", ") + std::string(role.name);
    return Error{ErrorCode::kRequestInvalid,
                 "there is no role '" + name + "' for a column here; the roles are " + known};
  }
  return Done{};
}

}  // namespace

std::string listed(std::span<const std::string> names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return result;
}

std::optional<std::size_t> find_column(std::span<const std::string> columns,
                                       std::string_view wanted) {
  const auto exact = std::ranges::find(columns, wanted);
  if (exact != columns.end()) return exact - columns.begin();
  const auto close = std::ranges::find_if(
      columns, [&](const std::string& name) { return normalized(name) == normalized(wanted); });
  if (close != columns.end() && !normalized(wanted).empty()) return close - columns.begin();
  const std::optional<double> number = parse_number(wanted);
  if (number && *number >= 1 && *number <= static_cast<double>(columns.size())) {
    return static_cast<std::size_t>(*number) - 1;
  }
  return std::nullopt;
}

std::span<const Role> example_roles() { return kExampleRoles; }

bool is_item_name(std::string_view column) {
  return std::ranges::find(kItemNames, normalized(column)) != kItemNames.end();
}

std::span<const Role> interaction_roles() { return kInteractionRoles; }
std::span<const Role> item_roles() { return kItemRoles; }

Result<bool> is_header(std::span<const std::string_view> first_row, std::span<const Role> roles,
                       const std::map<std::string, std::string>& given) {
  const std::vector<std::string> names(first_row.begin(), first_row.end());
  for (const Role& role : roles) {
    if (recognise(names, role)) return true;
  }
  bool numbered = false;
  for (const auto& [role, column] : given) {
    if (std::ranges::find(names, column) != names.end()) return true;
    numbered |= parse_number(column).has_value();
  }
  const auto is_number = [](std::string_view field) { return parse_number(field).has_value(); };
  if (numbered || std::ranges::any_of(first_row, is_number)) return false;
  return Error{ErrorCode::kDataMalformed,
               "line 1 is neither a header with known names nor a row with a number: " +
                   listed(names) + "; name the columns: " + columns_flag(roles) +
                   " (in a file without a header, COLUMN is a number from 1)"};
}

std::vector<std::string> numbered_columns(std::size_t count) {
  std::vector<std::string> names(count);
  for (std::size_t column = 0; column < count; ++column) {
    names[column] = "column " + std::to_string(column + 1);
  }
  return names;
}

Result<std::map<std::string, std::size_t>> assign_roles(
    std::span<const std::string> columns, bool has_header, std::span<const Role> roles,
    const std::map<std::string, std::string>& given) {
  if (Status checked = check_role_names(roles, given); !checked) return checked.error();
  std::map<std::string, std::size_t> assigned;
  for (std::size_t position = 0; position < roles.size(); ++position) {
    const Role& role = roles[position];
    const auto wanted = given.find(std::string(role.name));
    std::optional<std::size_t> column;
    if (wanted != given.end()) {
      column = find_column(columns, wanted->second);
      if (!column) {
        return Error{ErrorCode::kDataMalformed, "there is no column '" + wanted->second +
                                                    "'; the columns are " + listed(columns)};
      }
    } else if (has_header) {
      column = recognise(columns, role);
    } else if (given.empty() && position < columns.size()) {
      column = position;
    }
    if (column) assigned.emplace(role.name, *column);
    if (!column && role.required) {
      return Error{ErrorCode::kDataMalformed,
                   "no column is known as the " + std::string(role.name) + "; the columns are " +
                       listed(columns) + "; name them: " + columns_flag(roles)};
    }
  }
  return assigned;
}

}  // namespace palate::internal
