// Recipes: what is read, what is refused, and what the model file keeps.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "data_samples.h"
#include "palate/recipe.h"
#include "train_samples.h"

namespace palate::testing {
namespace train_recipe_test {

using Catch::Matchers::ContainsSubstring;

/// A recipe file that is gone after the test.
class RecipeFile {
 public:
  explicit RecipeFile(const std::string& text)
      : path_(folder_.write("palate_recipe_test.toml", text)) {}
  std::string path() const { return path_.string(); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

std::string refusal(const std::string& name, const std::vector<std::string>& overrides = {}) {
  const Result<Recipe> recipe = load_recipe(name, overrides);
  REQUIRE_FALSE(recipe.ok());
  CHECK(recipe.error().code == ErrorCode::kRecipeInvalid);
  return recipe.error().message;
}

std::string refusal_of_text(const std::string& text) { return refusal(RecipeFile(text).path()); }

TEST_CASE("Every built-in recipe loads under its own name") {
  CHECK(recipe_names() == std::vector<std::string_view>{"auto", "click", "hybrid", "ials",
                                                        "item-item", "popular", "rating",
                                                        "sequence", "transitions", "two-tower"});
  for (const std::string_view name : recipe_names()) {
    CHECK(recipe_with(std::string(name), {}).name == name);
  }
}

TEST_CASE("Overrides reach fields of every type") {
  const Recipe recipe =
      recipe_with("hybrid", {"ials.dimension=32", "ials.unobserved_ratio=1", "ials.solver=cg",
                             "ranker.hidden=[128, 64]", "data.min_user=5", "data.min_value=3.5"});
  CHECK(recipe.ials.dimension == 32);
  CHECK(recipe.ials.unobserved_ratio == 1.0F);
  CHECK(recipe.ials.solver == Solver::kConjugateGradient);
  CHECK(recipe.ranker.hidden == std::vector<std::uint32_t>{128, 64});
  CHECK(recipe.data.min_user == 5);
  CHECK(recipe.data.min_value == 3.5F);
}

TEST_CASE("The canonical text of a recipe is a recipe that reads back the same") {
  for (const std::string_view name : recipe_names()) {
    const bool has_items = name != "click";
    const Recipe recipe =
        recipe_with(std::string(name), {has_items ? "data.min_item=3" : "click.scaling=log"});
    const RecipeFile file(recipe.toml);
    CHECK(recipe_with(file.path(), {}).toml == recipe.toml);
  }
  CHECK_THAT(recipe_with("ials", {"ials.regularization=0.01", "ials.epochs=7"}).toml,
             ContainsSubstring("epochs = 7\n") && ContainsSubstring("regularization = 0.01\n") &&
                 ContainsSubstring("min_value = nan\n"));
}

TEST_CASE("A recipe file takes its name from its path and leaves the rest to the defaults") {
  const RecipeFile file("kind = \"ials\"\n[ials]\nepochs = 3\n");
  const Recipe recipe = recipe_with(file.path(), {"ials.dimension=8"});
  CHECK(recipe.name == "palate_recipe_test");
  CHECK(recipe.ials.epochs == 3);
  CHECK(recipe.ials.dimension == 8);
  CHECK(recipe.ials.solver == IalsRecipe().solver);
  CHECK(std::isnan(recipe.data.min_value));
}

TEST_CASE("An unknown field is refused with its line and the nearest name") {
  CHECK_THAT(refusal_of_text("kind = \"ials\"\n[ials]\ndimensoin = 3\n"),
             ContainsSubstring(".toml:3: ") && ContainsSubstring("'ials.dimensoin'") &&
                 ContainsSubstring("'ials.dimension'"));
  CHECK_THAT(refusal_of_text("kind = \"ials\"\nepochs = 3\n"), ContainsSubstring(".toml:2: "));
  CHECK_THAT(refusal("ials", {"ials.epoch=3"}),
             ContainsSubstring("--set ials.epoch=3") && ContainsSubstring("'ials.epochs'"));
  CHECK_THAT(refusal("popular", {"ials.epochs=3"}), ContainsSubstring("unknown field"));
}

TEST_CASE("A value out of its range is refused with the range") {
  CHECK_THAT(refusal_of_text("kind = \"ials\"\n\n[ials]\ndimension = 0\n"),
             ContainsSubstring(".toml:4: ") && ContainsSubstring("from 1 to 1024"));
  CHECK_THAT(refusal("ials", {"ials.regularization=0"}), ContainsSubstring("above 0 to 1000"));
  CHECK_THAT(refusal("ials", {"ials.exponent=nan"}), ContainsSubstring("from 0 to 1"));
  CHECK_THAT(refusal("ials", {"ials.epochs=2.5"}), ContainsSubstring("whole number"));
  CHECK_THAT(refusal("ials", {"ials.solver=lu"}), ContainsSubstring("\"exact\" or \"cg\""));
  CHECK_THAT(refusal("transitions", {"transitions.window=0"}), ContainsSubstring("from 1 to 4095"));
  CHECK_THAT(refusal("transitions", {"transitions.decay=0"}), ContainsSubstring("above 0 to 1"));
  CHECK_THAT(refusal("item-item", {"item_item.regularization=0"}), ContainsSubstring("above 0"));
  CHECK_THAT(refusal("item-item", {"item_item.dropout=1"}), ContainsSubstring("from 0 to 0.95"));
  CHECK_THAT(refusal("item-item", {"item_item.solver=exact"}),
             ContainsSubstring("\"auto\", \"dense\" or \"sparse\""));
  CHECK_THAT(refusal("hybrid", {"ranker.hidden=[64, 1]"}), ContainsSubstring("from 2 to 1024"));
  CHECK_THAT(refusal("hybrid", {"ranker.hidden=[]"}), ContainsSubstring("1 to 7"));
  CHECK_THAT(refusal("hybrid", {"ranker.hidden=[2, 2, 2, 2, 2, 2, 2, 2]"}),
             ContainsSubstring("1 to 7"));
  CHECK_THAT(refusal("hybrid", {"ranker.hidden=true"}), ContainsSubstring("a list"));
}

TEST_CASE("A text that is no recipe is refused with the reason") {
  CHECK_THAT(refusal_of_text("kind = \"ials\"\n[ials\n"), ContainsSubstring(".toml:2:"));
  CHECK_THAT(refusal_of_text("[ials]\n"), ContainsSubstring("no kind"));
  CHECK_THAT(
      refusal_of_text("kind = \"svd\"\n"),
      ContainsSubstring("\"popular\", \"transitions\"") && ContainsSubstring(" or \"auto\""));
  CHECK_THAT(refusal("ials", {"ials.epochs"}), ContainsSubstring("looks like"));
  CHECK_THAT(refusal("hybird"), ContainsSubstring("'hybrid'"));
}

TEST_CASE("A recipe file that is not there is a file error") {
  const Result<Recipe> recipe = load_recipe("no/such/recipe.toml", {});
  REQUIRE_FALSE(recipe.ok());
  CHECK(recipe.error().code == ErrorCode::kFileOpen);
  CHECK_THAT(recipe.error().message, ContainsSubstring("no/such/recipe.toml"));
}

}  // namespace train_recipe_test
}  // namespace palate::testing
