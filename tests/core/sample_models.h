// Small models with seeded random numbers, for tests that need any model of a kind.
#ifndef PALATE_TESTS_SAMPLE_MODELS_H_
#define PALATE_TESTS_SAMPLE_MODELS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "palate/model.h"
#include "palate/model_writer.h"

namespace palate::testing {

/// Numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014).
class SampleNumbers {
 public:
  explicit SampleNumbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  float between(float low, float high);
  std::uint32_t below(std::uint32_t limit);  ///< in [0, limit)
  std::vector<float> many(std::size_t count, float low, float high);

 private:
  std::uint64_t state_;
};

struct SampleShape {
  std::uint32_t items = 40;
  std::uint32_t dimension = 8;
  std::vector<std::uint32_t> hidden = {12, 6};  ///< widths of a hybrid's hidden layers
  std::uint32_t candidates = 10;
  std::uint64_t seed = 1;
  std::uint32_t state = 10;   ///< of a recurrence
  std::uint32_t window = 20;  ///< of attention
  std::uint32_t wide = 11;    ///< width of a sequence network's hidden layers
};

/// Ids "item-0000" ..., titles, a category attribute "genre" and a number attribute "year" with
/// missing values; ranks by popularity.
ModelContents sample_popularity(const SampleShape& shape = {});

/// The same catalogue with random item vectors, their Gramian and a value head.
ModelContents sample_fold_in(const SampleShape& shape = {});

/// The same with a random ranker that has a feature of each source.
ModelContents sample_hybrid(const SampleShape& shape = {});

/// `sample_hybrid` with two further retrievers and all features of the visitor; the encoder is
/// fold-in, or item weights with a ranker that reads no vectors.
ModelContents sample_retrievers(bool with_vectors, const SampleShape& shape = {});

/// `sample_retrievers` with all layers of its ranker between the first and the last in int8, of
/// widths 24, 17, 9, and its items' halves rounded.
ModelContents sample_byte_ranker(bool with_vectors, SampleShape shape = {});

/// A model whose ranker reads a visit's "hour", a number, and "device", "phone" or "tablet", too.
ModelContents with_context(ModelContents contents);

/// A model with item vectors, its items in five lists at random, of which two are looked at for
/// up to 60 items.
ModelContents with_index(ModelContents contents);

/// `sample_fold_in` with a weighted mean in place of fold-in; the history has a table of its own.
ModelContents sample_weighted_mean(const SampleShape& shape = {});

/// `sample_popularity` with a value head and item weights: rows of 0 to 12 entries, the diagonal
/// among them, a third of the values negative; every fourth item is named by no row.
ModelContents sample_item_weights(const SampleShape& shape = {});

/// `sample_fold_in` with a sequence network of two blocks in place of fold-in.
ModelContents sample_sequence(Mixer mixer, const SampleShape& shape = {});

/// `sample_fold_in` with a fold-in of values in place of fold-in, an implicit table and, if asked
/// for, the ranker of `sample_hybrid`.
ModelContents sample_value_fold_in(const SampleShape& shape = {}, bool with_ranker = false);
ModelContents sample_cosines(const SampleShape& shape = {});  ///< the same, listing by cosine

/// H'H of `contents.item_vectors`, as `FoldIn::gramian` wants it.
std::vector<float> gramian_of(const ModelContents& contents);

/// An opened model together with its bytes.
class OpenedModel {
 public:
  /// Fails the test when the contents cannot be written and opened.
  explicit OpenedModel(const ModelContents& contents);

  const Model& operator*() const { return *model_; }
  const Model* operator->() const { return model_.get(); }

 private:
  FileBytes bytes_;
  std::unique_ptr<Model> model_;
};

/// One of each kind of encoder and retrieval, the sequence network with either mixer.
std::vector<ModelContents> samples_of_every_encoder(const SampleShape& shape = {});

/// A history of the given rows, every event of weight 1 and without a value.
std::vector<Event> history_of(const std::vector<std::uint32_t>& rows);

/// `count` events with distinct rows, weights in [0.5, 2] and a value for every second one.
std::vector<Event> sample_history(std::uint32_t items, std::uint32_t count, std::uint64_t seed);

}  // namespace palate::testing

#endif  // PALATE_TESTS_SAMPLE_MODELS_H_
