// Draws the ranker's training examples: visitors as they come, items as retrieval returns them.
#ifndef PALATE_TRAIN_RANKER_SAMPLER_H_
#define PALATE_TRAIN_RANKER_SAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/parallel.h"
#include "palate/random.h"
#include "palate/recipe.h"
#include "train/ials/user_solver.h"
#include "train/kernels/kernels.h"
#include "train/sparse_rows.h"

namespace palate::internal {

/// Was this item, for this visitor, a target?
struct Example {
  std::uint32_t item = 0;
  float score = 0;  ///< user vector . item vector
  float label = 0;  ///< 1: a target; 0: another candidate
};

/// A user with some history, and candidates that retrieval returned for it.
struct Visit {
  std::size_t vector = 0;  ///< where the user vector begins in the group's
  std::size_t begin = 0;   ///< of the group's examples
  std::size_t end = 0;
};

struct ExampleGroup {
  std::vector<float> vectors;  ///< of the users
  std::vector<Example> examples;
  std::vector<Visit> visits;  ///< in the order of the users; those without an example are left out

  std::span<const Example> of(const Visit& visit) const {
    return std::span(examples).subspan(visit.begin, visit.end - visit.begin);
  }
};

/// Which candidates become examples.
enum class Draw {
  kSampled,  ///< up to `max_targets` targets, and for each `negatives` others at random
  kAll,      ///< every candidate, best first
};

/// The ranker learns from what it will be handed: the candidates of retrieval. `known` is what the
/// item vectors were trained on, `targets` what was held out of that: a target that had shaped its
/// own item's vector would teach the ranker to trust the retrieval score more than a visitor's next
/// item deserves. A `short_share` of the histories is cut short, so that visitors who just came are
/// seen too.
///
/// Other candidates are drawn in proportion to (1 + popularity)^popularity_correction. Where they
/// are drawn by q, the logit that is learned tends to log p(item | visitor) - log q(item): what is
/// liked because everybody likes it counts for less (Mikolov et al. 2013; Bengio, Senecal 2008).
/// Borrows all it is given but the popularity.
class Sampler {
 public:
  Sampler(const SparseRows& known, const SparseRows& targets, std::span<const float> item_vectors,
          const UserSolver& solver, std::span<const float> popularity, const RankerRecipe& recipe,
          const Kernels& kernels, ThreadPool& pool);

  /// The same users, draw and seed give the same examples.
  ExampleGroup draw(std::span<const std::uint32_t> users, Draw draw, std::uint64_t seed) const;

 private:
  struct Memory;

  void visit(std::uint32_t user, Draw draw, Random random, Memory& memory, std::span<float> vector,
             std::vector<Example>& examples) const;
  void choose_history(std::uint32_t user, Random& random, Memory& memory) const;
  void find_candidates(std::uint32_t user, std::span<const float> vector, Memory& memory) const;
  void add_sampled(Random& random, Memory& memory, std::vector<Example>& examples) const;

  const SparseRows& known_;
  const SparseRows& targets_;
  std::span<const float> item_vectors_;
  const UserSolver& solver_;
  const RankerRecipe& recipe_;
  const Kernels& kernels_;
  ThreadPool& pool_;
  std::size_t items_;
  std::vector<double> chances_;  ///< one an item, to be drawn as another candidate
};

}  // namespace palate::internal

#endif  // PALATE_TRAIN_RANKER_SAMPLER_H_
