// The recipe `ials` as the model file keeps it.
#include "factor/recipe_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace palate::internal {
namespace {

/// Lines of TOML.
class Lines {
 public:
  void table(std::string_view name) { text_.append("\n[").append(name).append("]\n"); }
  void field(std::string_view name, std::string_view value) {
    text_.append(name).append(" = ").append(value).append("\n");
  }
  void field(std::string_view name, std::uint32_t value) { field(name, std::to_string(value)); }
  void field(std::string_view name, float value) { field(name, toml_text(value)); }

  std::string text() && { return std::move(text_); }

 private:
  std::string text_ = "kind = \"ials\"\n";
};

}  // namespace

std::string toml_text(float value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  std::string digits(text.data(), end.ptr);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  return digits;
}

std::string recipe_text(const FactorRecipe& recipe) {
  Lines lines;
  lines.table("data");
  lines.field("min_user", recipe.data.min_user);
  lines.field("min_item", recipe.data.min_item);
  lines.field("max_user", recipe.data.max_user);
  lines.field("min_value", recipe.data.min_value);
  lines.field("repeats", recipe.data.repeats ? "true" : "false");
  lines.table("ials");
  const IalsRecipe& ials = recipe.ials;
  lines.field("dimension", ials.dimension);
  lines.field("epochs", ials.epochs);
  lines.field("momentum", ials.momentum);
  lines.field("unobserved_ratio", ials.unobserved_ratio);
  lines.field("regularization", ials.regularization);
  lines.field("exponent", ials.exponent);
  lines.field("initial_stddev", ials.initial_stddev);
  lines.field("solver", ials.solver == Solver::kExact ? "\"exact\"" : "\"cg\"");
  lines.field("cg_steps", ials.cg_steps);
  lines.table("values");
  lines.field("item_damping", recipe.values.item_damping);
  lines.field("visitor_damping", recipe.values.visitor_damping);
  return std::move(lines).text();
}

}  // namespace palate::internal
