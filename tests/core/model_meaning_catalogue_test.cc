// Catalogues, and what is said about a model, whose structure is sound and whose meaning is not.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <string>

#include "contradictions.h"
#include "golden_models.h"

namespace palate::testing {
namespace model_meaning_catalogue_test {

TEST_CASE("A catalogue that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"the catalogue has no item", [](ModelContents& c) { c = {}; }},
      {"ids are not one a row", [](ModelContents& c) { c.catalogue.ids.pop_back(); }},
      {"ids have an empty text", [](ModelContents& c) { c.catalogue.ids[1] = ""; }},
      {"ids have a text that is too long",
       [](ModelContents& c) { c.catalogue.ids[1] = std::string(1025, 'x'); }},
      {"ids are not unique, see row 11",
       [](ModelContents& c) { c.catalogue.ids[11] = c.catalogue.ids[3]; }},
      {"ids are not UTF-8", [](ModelContents& c) { c.catalogue.ids[1] = "\xC3("; }},
      {"ids have a text that begins inside a character",
       [](ModelContents& c) { c.catalogue.ids[0] = "\xC3", c.catalogue.ids[1] = "\xA9"; }},
      {"titles are not one a row", [](ModelContents& c) { c.catalogue.titles.pop_back(); }},
      {"is not ordered by popularity",
       [](ModelContents& c) { ++c.catalogue.popularity[11] *= 99; }},
      {"two attributes of one name",
       [](ModelContents& c) { c.catalogue.attributes[1].name = "kind"; }},
      {"an attribute has a name that is empty",
       [](ModelContents& c) { c.catalogue.attributes[1].name = ""; }},
      {"over 256 attributes",
       [](ModelContents& c) { c.catalogue.attributes.resize(257, c.catalogue.attributes[1]); }},
  };
  check_refused(contradictions);
}

TEST_CASE("An attribute that contradicts the catalogue is refused") {
  const Contradiction contradictions[] = {
      {"has not one number an item",
       [](ModelContents& c) { c.catalogue.attributes[1].numbers.pop_back(); }},
      {"has a number above 1e20",
       [](ModelContents& c) { c.catalogue.attributes[1].numbers[0] = -kInfinity; }},
      {"has a number above 1e20",
       [](ModelContents& c) { c.catalogue.attributes[1].numbers[0] = 2e20F; }},
      {"names a category that it lacks",
       [](ModelContents& c) { c.catalogue.attributes[0].entries[2] = 4; }},
      {"names a category that it lacks",
       [](ModelContents& c) { c.catalogue.attributes[0].entries[2] = 0x80000000; }},
      {"categories are not unique",
       [](ModelContents& c) { c.catalogue.attributes[0].categories[1] = "odd"; }},
      {"has offsets that do not ascend",
       [](ModelContents& c) { c.catalogue.attributes[0].offsets[2] = 0xFFFFFFFF; }},
      {"has offsets that do not ascend",
       [](ModelContents& c) { c.catalogue.attributes[0].offsets.pop_back(); }},
      {"has offsets that do not ascend",
       [](ModelContents& c) { c.catalogue.attributes[0].entries.push_back(0); }},
  };
  check_refused(contradictions);
}

TEST_CASE("Types of events that contradict themselves are refused") {
  const Contradiction contradictions[] = {
      {"has another length", [](ModelContents& c) { c.event_types.emplace_back("cart"); }},
      {"has another length", [](ModelContents& c) { c.sequence->type_vectors.pop_back(); }},
      {"types of events are not unique", [](ModelContents& c) { c.event_types[1] = "view"; }},
      {"types of events have an empty text", [](ModelContents& c) { c.event_types[1] = ""; }},
      {"types of events are not UTF-8", [](ModelContents& c) { c.event_types[0] = "\xFF"; }},
      {"over 64 types of events",
       [](ModelContents& c) {
         for (int k = 0; k < 63; ++k) c.event_types.push_back(std::to_string(k));
       }},
  };
  check_refused(contradictions, golden::recurrence_model());
}

TEST_CASE("A value head and facts that make no sense are refused") {
  const Contradiction contradictions[] = {
      {"has not one bias an item", [](ModelContents& c) { c.value_head->item_bias.pop_back(); }},
      {"a number that is not finite", [](ModelContents& c) { c.value_head->mean = kNoValue; }},
      {"a number that is not finite",
       [](ModelContents& c) { c.value_head->item_bias[0] = -kInfinity; }},
      {"has no damping", [](ModelContents& c) { c.value_head->visitor_damping = 0; }},
      {"a minimum above its maximum", [](ModelContents& c) { c.value_head->minimum = 6; }},
      {"a text too long or not UTF-8", [](ModelContents& c) { c.facts.recipe = "\xFF"; }},
      {"a metric has no readable name", [](ModelContents& c) { c.facts.metrics[0].value = NAN; }},
  };
  check_refused(contradictions);
}

TEST_CASE("A content map that contradicts its model is refused") {
  const Contradiction contradictions[] = {
      {"the content map has no item table",
       [](ModelContents& c) { c.item_vectors.clear(), c.fold_in.reset(), c.ranker.reset(); }},
      {"the content map has not one entry an attribute",
       [](ModelContents& c) { c.content_map->columns.pop_back(); }},
      {"the content map has not one entry an attribute",
       [](ModelContents& c) { c.content_map->means.push_back(0); }},
      {"the content map has not one entry an attribute",
       [](ModelContents& c) { c.content_map->scales.clear(); }},
      {"has columns that its attributes lack",
       [](ModelContents& c) { c.content_map->columns[0] = 5; }},
      {"has columns that its attributes lack",
       [](ModelContents& c) { c.content_map->columns[0] = 0xFFFFFFFF; }},
      {"has columns that its attributes lack",
       [](ModelContents& c) { c.content_map->columns[1] = 2; }},
      {"has columns that its attributes lack",
       [](ModelContents& c) { c.content_map->columns[1] = 0; }},
      {"the content map has a number that is not finite or above 1e20",
       [](ModelContents& c) { c.content_map->means[1] = kNoValue; }},
      {"the content map has a number that is not finite or above 1e20",
       [](ModelContents& c) { c.content_map->scales[1] = kInfinity; }},
      {"the content map has another length",
       [](ModelContents& c) { c.content_map->base.pop_back(); }},
      {"the content map has another length", [](ModelContents& c) { c.value_head.reset(); }},
      {"the content map has another length",
       [](ModelContents& c) { c.content_map->coefficients.pop_back(); }},
      {"the content map has another length",
       [](ModelContents& c) { c.content_map->columns[0] = 4; }},
      {"the content map has a number that is not finite or above a million",
       [](ModelContents& c) { c.content_map->base[0] = -kInfinity; }},
      {"the content map has a number that is not finite or above a million",
       [](ModelContents& c) { c.content_map->coefficients[3] = 2e6F; }},
  };
  check_refused(contradictions, golden::content_map_model());
}

}  // namespace model_meaning_catalogue_test
}  // namespace palate::testing
