// Rankers whose structure is sound and whose meaning is not.
#include <catch_amalgamated.hpp>
#include <utility>

#include "contradictions.h"
#include "golden_models.h"

namespace palate::testing {
namespace model_meaning_ranker_test {

TEST_CASE("A ranker that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"ranker has no encoder", [](ModelContents& c) { c.fold_in.reset(); }},
      {"ranker has not 1 to 8 layers", [](ModelContents& c) { c.ranker->layers.clear(); }},
      {"ranker has not 1 to 8 layers",
       [](ModelContents& c) { c.ranker->layers.resize(9, c.ranker->layers[1]); }},
      {"not as many inputs as it is given",
       [](ModelContents& c) { c.ranker->features.pop_back(); }},
      {"not as many inputs as it is given", [](ModelContents& c) { ++c.ranker->layers[1].inputs; }},
      {"has a width outside", [](ModelContents& c) { c.ranker->layers[0].outputs = 0; }},
      {"has a width outside", [](ModelContents& c) { c.ranker->layers[0].outputs = 0x80000000; }},
      {"has not one output", [](ModelContents& c) { c.ranker->layers.pop_back(); }},
      {"a layer of the ranker has another length",
       [](ModelContents& c) { c.ranker->layers[0].weights.pop_back(); }},
      {"a layer of the ranker has another length",
       [](ModelContents& c) { c.ranker->layers[0].bias.push_back(0); }},
      {"a layer of the ranker has a number that is not finite",
       [](ModelContents& c) { c.ranker->layers[0].weights[1] = kInfinity; }},
      {"the ranker could overflow",
       [](ModelContents& c) { c.ranker->features[2].mean = c.ranker->features[2].scale = 1e20F; }},
      {"number of candidates outside", [](ModelContents& c) { c.ranker->candidates = 0; }},
      {"names an attribute that the catalogue lacks",
       [](ModelContents& c) { c.ranker->features[2].attribute = 2; }},
      {"is of another kind than its attribute",
       [](ModelContents& c) { c.ranker->features[2].attribute = 0; }},
      {"is of another kind than its attribute",
       [](ModelContents& c) { c.ranker->features[4].attribute = 1; }},
      {"names a category that its attribute lacks",
       [](ModelContents& c) { c.ranker->features[4].category = 4; }},
      {"a mean or a scale that is not finite",
       [](ModelContents& c) { c.ranker->features[0].mean = kNoValue; }},
  };
  check_refused(contradictions);
}

TEST_CASE("A ranker that lacks the recency of items is refused") {
  const Contradiction contradictions[] = {
      {"reads the items' recency, which the ranker lacks",
       [](ModelContents& c) { c.ranker->recency.clear(); }},
      {"the ranker has not one recency an item",
       [](ModelContents& c) { c.ranker->recency.pop_back(); }},
  };
  check_refused(contradictions, golden::recency_model());
}

TEST_CASE("A ranker's context that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[5].attribute = 2; }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->context.clear(); }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[5].attribute = 1; }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[7].attribute = 0; }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[7].category = 2; }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[8].mean = 0.5F; }},
      {"a feature does not fit the ranker's context",
       [](ModelContents& c) { c.ranker->features[5].scale = 2; }},
      {"column of the ranker's context has a scale that is not finite",
       [](ModelContents& c) { c.ranker->context[0].scale.mean = kInfinity; }},
      {"column of the ranker's context has its range turned round",
       [](ModelContents& c) { c.ranker->context[0].scale.maximum = -1; }},
      {"column of the ranker's context has categories that do not ascend",
       [](ModelContents& c) { c.ranker->context[1].categories[1] = "a"; }},
      {"column of the ranker's context has a name",
       [](ModelContents& c) { c.ranker->context[1].name = ""; }},
      {"the ranker's context has two columns of one name",
       [](ModelContents& c) { c.ranker->context[1].name = "hour"; }},
      {"the ranker's context has not 1 to 256 columns",
       [](ModelContents& c) { c.ranker->context.resize(257, c.ranker->context[0]); }},
      {"the ranker could overflow",
       [](ModelContents& c) {
         c.ranker->context[0].scale.maximum = c.ranker->context[0].scale.scale = 1e20F;
       }},
  };
  check_refused(contradictions, golden::context_model());
}

TEST_CASE("A ranker in bytes that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"a layer of the ranker has other weights than floats",
       [](ModelContents& c) { std::swap(c.ranker->layers[0], c.ranker->layers[1]); }},
      {"a layer of the ranker has a step of its inputs outside",
       [](ModelContents& c) { c.ranker->layers[1].input_step = 0; }},
      {"a layer of the ranker has a step of its inputs outside",
       [](ModelContents& c) { c.ranker->layers[1].input_step = kNoValue; }},
      {"a layer of the ranker has a step of its inputs outside",
       [](ModelContents& c) { c.ranker->layers[1].input_step = 2e20F; }},
      {"a layer of the ranker is of another shape",
       [](ModelContents& c) { c.ranker->layers[1].quantized.scales.pop_back(); }},
      {"a layer of the ranker has another length",
       [](ModelContents& c) { c.ranker->layers[1].quantized.codes.resize(48); }},
      {"a layer of the ranker has a scale that is negative",
       [](ModelContents& c) { c.ranker->layers[1].quantized.scales[2] = -1; }},
      {"a layer of the ranker has another length",
       [](ModelContents& c) { c.ranker->layers[1].bias.pop_back(); }},
  };
  check_refused(contradictions, golden::byte_ranker_model());
}

TEST_CASE("A ranker's retrievers and features of the visitor that contradict it are refused") {
  const Contradiction contradictions[] = {
      {"over 8 further retrievers",
       [](ModelContents& c) { c.ranker->retrievers.resize(9, c.ranker->retrievers[0]); }},
      {"has a retriever whose score it does not read",
       [](ModelContents& c) { c.ranker->features[1].retriever = 0; }},
      {"names a retriever that the ranker lacks",
       [](ModelContents& c) { c.ranker->features[1].retriever = 2; }},
      {"item weights name an item that the catalogue lacks",
       [](ModelContents& c) { c.ranker->retrievers[1].columns.back() = 12; }},
      {"an exponent of its weights outside",
       [](ModelContents& c) { c.ranker->retrievers[1].weights.length_exponent = 2; }},
      {"a gain outside", [](ModelContents& c) { c.ranker->features[2].gain = -1; }},
      {"a gain outside", [](ModelContents& c) { c.ranker->features[2].gain = kNoValue; }},
      {"a gain for the score by vectors", [](ModelContents& c) { c.ranker->features[0].gain = 1; }},
      {"a decay outside", [](ModelContents& c) { c.ranker->features[3].decay = 0; }},
      {"a decay outside", [](ModelContents& c) { c.ranker->features[3].decay = 1.5F; }},
      {"is of another kind than its attribute",
       [](ModelContents& c) { c.ranker->features[3].attribute = 1; }},
      {"is of another kind than its attribute",
       [](ModelContents& c) { c.ranker->features[4].attribute = 0; }},
      {"the ranker reads nothing",
       [](ModelContents& c) {
         c.ranker->features.clear(), c.ranker->retrievers.clear();
         c.ranker->layers = {{0, 1, {}, {0.0F}}};
       }},
  };
  check_refused(contradictions, golden::retrievers_model());
}

}  // namespace model_meaning_ranker_test
}  // namespace palate::testing
