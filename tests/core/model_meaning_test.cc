// Files whose structure is sound and whose meaning is not: each contradiction has its sentence.
#include <catch_amalgamated.hpp>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "golden_models.h"

namespace palate {
namespace model_meaning_test {

using Catch::Matchers::ContainsSubstring;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Contradiction {
  const char* says;  // a part of the error's sentence
  void (*change)(ModelContents& contents);
};

void check_refused(const Contradiction& contradiction,
                   ModelContents contents = golden::hybrid_model()) {
  contradiction.change(contents);
  const Result<std::vector<std::byte>> file = write_model(contents);
  INFO(contradiction.says);
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().code == ErrorCode::kModelMeaning);
  CHECK_THAT(file.error().message, ContainsSubstring(contradiction.says));
}

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
  for (const Contradiction& contradiction : contradictions) check_refused(contradiction);
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
  for (const Contradiction& contradiction : contradictions) check_refused(contradiction);
}

TEST_CASE("Item vectors and encoders that contradict each other are refused") {
  const Contradiction contradictions[] = {
      {"item table has a number that is not finite",
       [](ModelContents& c) { c.item_vectors[5] = kNoValue; }},
      {"item table has a number that is not finite",
       [](ModelContents& c) { c.item_vectors[5] = -kInfinity; }},
      {"item table has a number that is not finite or above a million",
       [](ModelContents& c) { c.item_vectors[5] = 1.5e6F; }},
      {"item table has another length", [](ModelContents& c) { c.item_vectors.pop_back(); }},
      {"dimension outside 1 to 1024", [](ModelContents& c) { c.dimension = 0; }},
      {"dimension outside 1 to 1024", [](ModelContents& c) { c.dimension = 0x7FFFFFFF; }},
      {"dimension outside 1 to 1024", [](ModelContents& c) { c.dimension = 0xFFFFFFFF; }},
      {"fold-in encoder has no item table", [](ModelContents& c) { c.item_vectors.clear(); }},
      {"Gramian has another dimension", [](ModelContents& c) { c.fold_in->gramian.pop_back(); }},
      {"Gramian has a number that is not finite",
       [](ModelContents& c) { c.fold_in->gramian[3] = kNoValue; }},
      {"Gramian has a negative diagonal", [](ModelContents& c) { c.fold_in->gramian[5] = -1; }},
      {"an unobserved weight outside",
       [](ModelContents& c) { c.fold_in->unobserved_weight = -0.5F; }},
      {"a regularization outside", [](ModelContents& c) { c.fold_in->regularization = 0; }},
      {"a regularization outside", [](ModelContents& c) { c.fold_in->regularization = kNoValue; }},
      {"an exponent outside", [](ModelContents& c) { c.fold_in->exponent = 1.5F; }},
  };
  for (const Contradiction& contradiction : contradictions) check_refused(contradiction);
}

TEST_CASE("Quantised tables that contradict each other are refused") {
  const Contradiction contradictions[] = {
      {"the item table has a scale that is negative, not finite",
       [](ModelContents& c) { c.item_vectors[5] = kNoValue; }},
      {"the item table has a scale that is negative, not finite",
       [](ModelContents& c) { c.item_vectors[5] = kInfinity; }},
      {"the item table has a scale that is negative, not finite or above a million",
       [](ModelContents& c) { c.item_vectors[5] = 1.5e6F; }},
      {"the item table has not one row an item",
       [](ModelContents& c) { c.item_vectors.resize(c.item_vectors.size() - c.dimension); }},
      {"the table of the history has a scale that is negative, not finite",
       [](ModelContents& c) { c.weighted_mean->history_vectors[5] = kNoValue; }},
      {"the table of the history is of another shape",
       [](ModelContents& c) { c.weighted_mean->history_vectors.resize(8); }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::int4_model());
  }
}

TEST_CASE("An index that contradicts its items is refused") {
  const Contradiction contradictions[] = {
      {"the index is of a model whose scores are no products of vectors",
       [](ModelContents& c) {
         c.list_index->centroids.resize(3 * 4);
         c.fold_in.reset(), c.weighted_mean.reset(), c.item_vectors.clear();
       }},
      {"the index has not one list an item",
       [](ModelContents& c) { c.list_index->lists.pop_back(); }},
      {"the index names a list that is not there",
       [](ModelContents& c) { c.list_index->lists[7] = 3; }},
      {"the index has not 1 to 65536 centroids",
       [](ModelContents& c) { c.list_index->centroids.clear(); }},
      {"the index has another length",
       [](ModelContents& c) { c.list_index->centroids.push_back(0); }},
      {"the index has a number that is not finite",
       [](ModelContents& c) { c.list_index->centroids[5] = kNoValue; }},
      {"the index has probes", [](ModelContents& c) { c.list_index->probes = 0; }},
      {"the index has probes", [](ModelContents& c) { c.list_index->probes = 4; }},
      {"the index has probes, a length", [](ModelContents& c) { c.list_index->length = 0; }},
      {"a length or a recall that cannot be",
       [](ModelContents& c) { c.list_index->recall = 1.5F; }},
      {"a length or a recall that cannot be",
       [](ModelContents& c) { c.list_index->recall = kNoValue; }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::indexed_model());
  }
  ModelContents values = golden::value_fold_in_model();
  values.list_index = golden::indexed_model().list_index;
  check_refused({"scores are no products of vectors", [](ModelContents&) {}}, values);
}

TEST_CASE("A weighted mean that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"recency for over 4096 places",
       [](ModelContents& c) { c.weighted_mean->weights.recency.resize(4097, 1.0F); }},
      {"a recency outside 0 to a million",
       [](ModelContents& c) { c.weighted_mean->weights.recency[1] = -0.5F; }},
      {"a recency outside 0 to a million",
       [](ModelContents& c) { c.weighted_mean->weights.recency[1] = kNoValue; }},
      {"a recency outside 0 to a million",
       [](ModelContents& c) { c.weighted_mean->weights.recency[2] = 1.5e6F; }},
      {"a recency of 0 for all places",
       [](ModelContents& c) {
         c.weighted_mean->weights.recency = {0, 0};
       }},
      {"an exponent of its weights outside",
       [](ModelContents& c) { c.weighted_mean->weights.popularity_exponent = -0.5F; }},
      {"an exponent of its weights outside",
       [](ModelContents& c) { c.weighted_mean->weights.popularity_exponent = kNoValue; }},
      {"an exponent of its weights outside",
       [](ModelContents& c) { c.weighted_mean->weights.length_exponent = 1.5F; }},
      {"the weighted mean has no item table", [](ModelContents& c) { c.item_vectors.clear(); }},
      {"the table of the history has another length",
       [](ModelContents& c) { c.weighted_mean->history_vectors.pop_back(); }},
      {"the table of the history has a number that is not finite",
       [](ModelContents& c) { c.weighted_mean->history_vectors[7] = -kInfinity; }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::weighted_mean_model());
  }
}

TEST_CASE("Item weights that contradict the catalogue are refused") {
  constexpr const char* kOffsets = "item weights have offsets that do not ascend";
  const Contradiction contradictions[] = {
      {kOffsets, [](ModelContents& c) { c.item_weights->offsets.clear(); }},
      {kOffsets, [](ModelContents& c) { c.item_weights->offsets.pop_back(); }},
      {kOffsets, [](ModelContents& c) { c.item_weights->offsets[0] = 1; }},
      {kOffsets, [](ModelContents& c) { c.item_weights->offsets[5] = 0; }},
      {kOffsets, [](ModelContents& c) { c.item_weights->offsets[5] = 0xFFFFFFFF; }},
      {kOffsets, [](ModelContents& c) { c.item_weights->columns.push_back(11); }},
      {"values of the item weights has another length",
       [](ModelContents& c) { c.item_weights->values.pop_back(); }},
      {"values of the item weights has a number that is not finite or above a million",
       [](ModelContents& c) { c.item_weights->values[3] = kNoValue; }},
      {"item weights name an item that the catalogue lacks",
       [](ModelContents& c) { c.item_weights->columns.back() = 12; }},
      {"item weights name an item that the catalogue lacks",
       [](ModelContents& c) { c.item_weights->columns.back() = 0xFFFFFFFF; }},
      {"item weights have columns that do not ascend",
       [](ModelContents& c) { c.item_weights->columns[1] = c.item_weights->columns[0]; }},
      {"item weights have columns that do not ascend",
       [](ModelContents& c) { std::swap(c.item_weights->columns[0], c.item_weights->columns[1]); }},
      {"an exponent of its weights outside",
       [](ModelContents& c) { c.item_weights->weights.length_exponent = -1; }},
      {"not as many inputs as it is given",
       [](ModelContents& c) { c.ranker = golden::hybrid_model().ranker; }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::item_weights_model());
  }
}

SequenceBlock& block(ModelContents& contents) { return contents.sequence->blocks[0]; }

TEST_CASE("A sequence network that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"heads that do not share", [](ModelContents& c) { c.sequence->heads = 0; }},
      {"heads that do not share", [](ModelContents& c) { c.sequence->heads = 3; }},
      {"a window outside", [](ModelContents& c) { c.sequence->window = 0; }},
      {"a window outside", [](ModelContents& c) { c.sequence->window = 0x80000000; }},
      {"has another length", [](ModelContents& c) { c.sequence->window = 5; }},
      {"not 1 to 8 blocks", [](ModelContents& c) { c.sequence->blocks.clear(); }},
      {"not 1 to 8 blocks",
       [](ModelContents& c) { c.sequence->blocks.resize(9, c.sequence->blocks[0]); }},
      {"no bias by distance", [](ModelContents& c) { block(c).distances.clear(); }},
      {"a mixer of another width",
       [](ModelContents& c) {
         c.sequence->blocks[0].mix_in = {4, 9, std::vector<float>(36), std::vector<float>(9)};
       }},
      {"not as many inputs as it is given", [](ModelContents& c) { ++block(c).widen.inputs; }},
      {"not as many inputs as it is given", [](ModelContents& c) { --block(c).narrow.inputs; }},
      {"ends in another dimension",
       [](ModelContents& c) {
         c.sequence->blocks[0].mix_out = {4, 3, std::vector<float>(12), std::vector<float>(3)};
       }},
      {"has a number that is not finite",
       [](ModelContents& c) { block(c).mix_in.weights[5] = kNoValue; }},
      {"has a number that is not finite",
       [](ModelContents& c) { block(c).distances[1] = kInfinity; }},
      {"has another length", [](ModelContents& c) { c.sequence->gains.pop_back(); }},
      {"has another length", [](ModelContents& c) { c.sequence->gap_vectors.pop_back(); }},
      {"the sequence network has no item table", [](ModelContents& c) { c.item_vectors.clear(); }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::sequence_model());
  }
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
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::recurrence_model());
  }
}

TEST_CASE("A value fold-in that contradicts itself is refused") {
  const Contradiction contradictions[] = {
      {"the value fold-in has no item table",
       [](ModelContents& c) { c.item_vectors.clear(), c.dimension = 0, c.ranker.reset(); }},
      {"the value fold-in has no value head", [](ModelContents& c) { c.value_head.reset(); }},
      {"a mean or a bias above a million", [](ModelContents& c) { c.value_head->mean = -2e6F; }},
      {"a mean or a bias above a million",
       [](ModelContents& c) { c.value_head->item_bias[3] = 2e6F; }},
      {"a regularization outside", [](ModelContents& c) { c.value_fold_in->regularization = 0; }},
      {"a regularization outside",
       [](ModelContents& c) { c.value_fold_in->regularization = kNoValue; }},
      {"an exponent outside", [](ModelContents& c) { c.value_fold_in->exponent = 1.5F; }},
      {"the implicit table has another length",
       [](ModelContents& c) { c.value_fold_in->implicit_vectors.pop_back(); }},
      {"the implicit table has a number that is not finite",
       [](ModelContents& c) { c.value_fold_in->implicit_vectors[5] = kInfinity; }},
  };
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::value_fold_in_model());
  }
}

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
  for (const Contradiction& contradiction : contradictions) check_refused(contradiction);
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
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::context_model());
  }
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
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::byte_ranker_model());
  }
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
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::retrievers_model());
  }
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
  for (const Contradiction& contradiction : contradictions) check_refused(contradiction);
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
  for (const Contradiction& contradiction : contradictions) {
    check_refused(contradiction, golden::content_map_model());
  }
}

TEST_CASE("Denormal numbers are numbers") {
  ModelContents contents = golden::hybrid_model();
  contents.item_vectors[0] = std::numeric_limits<float>::denorm_min();
  contents.fold_in->regularization = std::numeric_limits<float>::denorm_min();
  contents.ranker->layers[0].weights[0] = -std::numeric_limits<float>::denorm_min();
  CHECK(write_model(contents).ok());
}

}  // namespace model_meaning_test
}  // namespace palate
