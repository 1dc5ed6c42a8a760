// Encoders whose structure is sound and whose meaning is not.
#include <catch_amalgamated.hpp>
#include <utility>
#include <vector>

#include "contradictions.h"
#include "golden_models.h"

namespace palate::testing {
namespace model_meaning_encoders_test {

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
  check_refused(contradictions, golden::weighted_mean_model());
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
  check_refused(contradictions, golden::item_weights_model());
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
  check_refused(contradictions, golden::sequence_model());
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
      {"the ranker stands beside an encoder whose scores are cosines",
       [](ModelContents& c) { c.value_fold_in->by_cosine = true; }},
  };
  check_refused(contradictions, golden::value_fold_in_model());
}

}  // namespace model_meaning_encoders_test
}  // namespace palate::testing
