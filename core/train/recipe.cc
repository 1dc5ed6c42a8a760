// Reads recipes: TOML, then overrides, then the canonical text.
#include "palate/recipe.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "train/builtin_recipes.h"
#include "train/nearest_name.h"
#include "train/recipe_fields.h"

namespace palate {
namespace {

using internal::Field;
using internal::RawValue;

constexpr RecipeKind kKinds[] = {
    RecipeKind::kPopular, RecipeKind::kTransitions, RecipeKind::kItemItem, RecipeKind::kIals,
    RecipeKind::kHybrid,  RecipeKind::kTwoTower,    RecipeKind::kSequence, RecipeKind::kRating,
    RecipeKind::kClick,   RecipeKind::kAuto};

Error invalid(const std::string& where, const std::string& what) {
  return {ErrorCode::kRecipeInvalid, where + ": " + what};
}

/// "recipe.toml:12", or "--set ials.dimension=0".
std::string place(std::string_view source, const toml::node& node) {
  return std::string(source) + ":" + std::to_string(node.source().begin.line);
}

std::optional<RawValue> raw_value(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return RawValue(whole->get());
  if (const auto* real = node.as_floating_point()) return RawValue(real->get());
  if (const auto* truth = node.as_boolean()) return RawValue(truth->get());
  if (const auto* text = node.as_string()) return RawValue(text->get());
  const toml::array* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::int64_t> list;
  for (const toml::node& member : *array) {
    if (!member.is_integer()) return std::nullopt;
    list.push_back(member.as_integer()->get());
  }
  return RawValue(std::move(list));
}

/// Finds a field by its path and sets it. `where` begins the message of an error.
Status set_field(std::span<const Field> fields, const std::string& path, const toml::node& node,
                 const std::string& where) {
  const auto field = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& known) { return known.path() == path; });
  if (field == fields.end()) {
    std::vector<std::string> paths;
    for (const Field& known : fields) paths.push_back(known.path());
    const std::vector<std::string_view> names(paths.begin(), paths.end());
    return invalid(where, "unknown field '" + path + "'; did you mean '" +
                              std::string(internal::nearest_name(path, names)) + "'?");
  }
  // A value of a foreign type is an empty list to every field: each refuses that.
  const RawValue raw = raw_value(node).value_or(std::vector<std::int64_t>{});
  const std::string refusal = internal::assign(*field, raw);
  if (!refusal.empty()) return invalid(where, path + " " + refusal);
  return Done{};
}

/// Every kind in quotes: `"popular", ... or "hybrid"`.
std::string kind_names() {
  std::string text;
  for (const RecipeKind kind : kKinds) {
    if (kind != std::begin(kKinds)[0]) text += kind == std::end(kKinds)[-1] ? " or " : ", ";
    text.append(1, '"').append(internal::kind_name(kind)).append(1, '"');
  }
  return text;
}

Status read_kind(const toml::table& root, std::string_view source, RecipeKind& kind) {
  const toml::node* node = root.get("kind");
  if (node == nullptr) {
    return invalid(std::string(source), "no kind is given; say kind = " + kind_names());
  }
  for (const RecipeKind known : kKinds) {
    if (node->value<std::string_view>() != internal::kind_name(known)) continue;
    kind = known;
    return Done{};
  }
  return invalid(place(source, *node), "kind takes " + kind_names());
}

Status read_fields(const toml::table& root, std::string_view source,
                   std::span<const Field> fields) {
  for (const auto& [key, node] : root) {
    if (key.str() == "kind") continue;
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      const Status unknown = set_field(fields, std::string(key.str()), node, place(source, node));
      if (!unknown) return unknown;
      continue;
    }
    for (const auto& [name, value] : *table) {
      const std::string path = std::string(key.str()) + "." + std::string(name.str());
      const Status set = set_field(fields, path, value, place(source, value));
      if (!set) return set;
    }
  }
  return Done{};
}

/// "ials.solver=cg": a value that is no TOML is taken as a text, so that quotes may be left out.
Status read_override(const std::string& text, std::span<const Field> fields) {
  const std::string where = "--set " + text;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return invalid(where, "an override looks like ials.dimension=32");
  }
  const toml::parse_result parsed = toml::parse("value = " + text.substr(equals + 1));
  const toml::node* node = parsed ? parsed.table().get("value") : nullptr;
  const toml::value<std::string> plain(text.substr(equals + 1));
  return set_field(fields, text.substr(0, equals), node == nullptr ? plain : *node, where);
}

std::string canonical(const Recipe& recipe, std::span<const Field> fields) {
  std::string text = "kind = \"" + std::string(internal::kind_name(recipe.kind)) + "\"\n";
  std::string_view table;
  for (const Field& field : fields) {
    if (field.table != table) text += "\n[" + std::string(field.table) + "]\n";
    table = field.table;
    text += std::string(field.name) + " = " + internal::to_toml(field) + "\n";
  }
  return text;
}

/// The text of a recipe, and what it is called in messages.
struct Source {
  std::string name;
  std::string place;
  std::string text;
};

Result<Source> find_source(std::string_view name_or_path) {
  if (name_or_path.ends_with(".toml")) {
    const std::filesystem::path path(name_or_path);
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::kFileOpen, path.string() + ": cannot be opened"};
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) return Error{ErrorCode::kFileOpen, path.string() + ": cannot be read"};
    return Source{path.stem().string(), path.string(), std::move(text)};
  }
  for (const internal::BuiltinRecipe& recipe : internal::builtin_recipes()) {
    if (recipe.name != name_or_path) continue;
    return Source{std::string(recipe.name), std::string(recipe.name) + ".toml",
                  std::string(recipe.toml)};
  }
  const std::vector<std::string_view> names = recipe_names();
  return Error{ErrorCode::kRecipeInvalid,
               "there is no recipe '" + std::string(name_or_path) + "'; did you mean '" +
                   std::string(internal::nearest_name(name_or_path, names)) +
                   "'? A recipe of your own is given by a path that ends in .toml"};
}

}  // namespace

Result<Recipe> load_recipe(std::string_view name_or_path, std::span<const std::string> overrides) {
  const Result<Source> source = find_source(name_or_path);
  if (!source) return source.error();
  const toml::parse_result parsed = toml::parse(source->text);
  if (!parsed) {
    const toml::source_position at = parsed.error().source().begin;
    return invalid(source->place + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                   std::string(parsed.error().description()));
  }
  Recipe recipe;
  recipe.name = source->name;
  if (const Status read = read_kind(parsed.table(), source->place, recipe.kind); !read) {
    return read.error();
  }
  const std::vector<Field> fields = internal::fields_of(recipe);
  if (const Status read = read_fields(parsed.table(), source->place, fields); !read) {
    return read.error();
  }
  for (const std::string& text : overrides) {
    if (const Status read = read_override(text, fields); !read) return read.error();
  }
  recipe.toml = canonical(recipe, fields);
  return recipe;
}

std::vector<std::string_view> recipe_names() {
  std::vector<std::string_view> names;
  for (const internal::BuiltinRecipe& recipe : internal::builtin_recipes()) {
    names.push_back(recipe.name);
  }
  return names;
}

}  // namespace palate
