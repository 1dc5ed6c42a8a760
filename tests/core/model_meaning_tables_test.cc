// Tables of vectors whose structure is sound and whose meaning is not.
#include <catch_amalgamated.hpp>
#include <limits>

#include "contradictions.h"
#include "golden_models.h"

namespace palate::testing {
namespace model_meaning_tables_test {

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
  check_refused(contradictions);
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
  check_refused(contradictions, golden::int4_model());
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
  check_refused(contradictions, golden::indexed_model());
  ModelContents values = golden::value_fold_in_model();
  values.list_index = golden::indexed_model().list_index;
  const Contradiction of_values[] = {
      {"scores are no products of vectors", [](ModelContents&) {}},
  };
  check_refused(of_values, values);
}

TEST_CASE("Denormal numbers are numbers") {
  ModelContents contents = golden::hybrid_model();
  contents.item_vectors[0] = std::numeric_limits<float>::denorm_min();
  contents.fold_in->regularization = std::numeric_limits<float>::denorm_min();
  contents.ranker->layers[0].weights[0] = -std::numeric_limits<float>::denorm_min();
  CHECK(write_model(contents).ok());
}

}  // namespace model_meaning_tables_test
}  // namespace palate::testing
