// Draws the ranker's training examples: visitors as they come, items as retrieval returns them.
#include "train/ranker/sampler.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "data/portable_math.h"

namespace palate::internal {
namespace {

constexpr std::size_t kUserChunk = 4;

std::span<const std::uint32_t> row_of(const SparseRows& rows, std::uint32_t row) {
  return std::span(rows.columns).subspan(rows.offsets[row], rows.count(row));
}

}  // namespace

/// What one thread needs to draw for one user.
struct Sampler::Memory {
  std::vector<float> scratch;
  std::vector<float> scores;
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> history;
  std::vector<float> weights;
  std::vector<std::uint8_t> known;  ///< one an item: may it not be a candidate?
  std::vector<std::uint32_t> candidates;
  std::vector<Example> targets;
  std::vector<Example> others;
  std::vector<double> shares;  ///< running sum of the others' chances to be drawn
};

Sampler::Sampler(const SparseRows& known, const SparseRows& targets,
                 std::span<const float> item_vectors, const UserSolver& solver,
                 std::span<const float> popularity, const RankerRecipe& recipe,
                 const Kernels& kernels, ThreadPool& pool)
    : known_(known),
      targets_(targets),
      item_vectors_(item_vectors),
      solver_(solver),
      recipe_(recipe),
      kernels_(kernels),
      pool_(pool),
      items_(item_vectors.size() / solver.dimension()) {
  for (const float count : popularity) {
    chances_.push_back(portable_exp(recipe.popularity_correction * portable_log(1.0 + count)));
  }
}

ExampleGroup Sampler::draw(std::span<const std::uint32_t> users, Draw draw,
                           std::uint64_t seed) const {
  const std::size_t dimension = solver_.dimension();
  ExampleGroup group;
  group.vectors.resize(users.size() * dimension);
  std::vector<std::vector<Example>> parts(users.size());
  std::vector<Memory> memories(pool_.size());
  pool_.for_each_chunk(users.size(), kUserChunk, [&](const Chunk& chunk) {
    Memory& memory = memories[chunk.worker];
    if (memory.scratch.empty()) memory.scratch = solver_.scratch();
    for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
      visit(users[k], draw, Random(seed, users[k]), memory,
            std::span(group.vectors).subspan(k * dimension, dimension), parts[k]);
    }
  });
  for (std::size_t k = 0; k < users.size(); ++k) {
    if (parts[k].empty()) continue;
    const std::size_t begin = group.examples.size();
    group.examples.insert(group.examples.end(), parts[k].begin(), parts[k].end());
    group.visits.push_back({k * dimension, begin, group.examples.size()});
  }
  return group;
}

void Sampler::visit(std::uint32_t user, Draw draw, Random random, Memory& memory,
                    std::span<float> vector, std::vector<Example>& examples) const {
  choose_history(user, random, memory);
  solver_.solve(memory.history, memory.weights, memory.scratch, vector);
  find_candidates(user, vector, memory);
  const std::span<const std::uint32_t> targets = row_of(targets_, user);
  memory.targets.clear();
  memory.others.clear();
  for (const std::uint32_t item : memory.candidates) {
    const bool target = std::binary_search(targets.begin(), targets.end(), item);
    const Example example{item, memory.scores[item], target ? 1.0F : 0.0F};
    if (draw == Draw::kAll) {
      examples.push_back(example);
    } else {
      (target ? memory.targets : memory.others).push_back(example);
    }
  }
  if (draw == Draw::kSampled) add_sampled(random, memory, examples);
}

void Sampler::choose_history(std::uint32_t user, Random& random, Memory& memory) const {
  const std::size_t first = known_.offsets[user];
  const std::size_t count = known_.count(user);
  std::size_t length = count;
  if (random.uniform() < static_cast<double>(recipe_.short_share)) {
    // Halved a random number of times: each order of magnitude is as frequent as the next.
    length = std::max<std::size_t>(1, count >> random.below(std::bit_width(count)));
  }
  memory.order.resize(count);
  std::iota(memory.order.begin(), memory.order.end(), 0U);
  random.shuffle(std::span(memory.order));
  memory.history.clear();
  memory.weights.clear();
  for (std::size_t k = 0; k < length; ++k) {
    memory.history.push_back(known_.columns[first + memory.order[k]]);
    memory.weights.push_back(known_.weights[first + memory.order[k]]);
  }
}

void Sampler::find_candidates(std::uint32_t user, std::span<const float> vector,
                              Memory& memory) const {
  memory.scores.resize(items_);
  kernels_.multiply({item_vectors_.data(), false}, {vector.data(), false}, items_, 1, vector.size(),
                    false, memory.scores.data());
  memory.known.assign(items_, 0);
  for (const std::uint32_t item : row_of(known_, user)) memory.known[item] = 1;
  memory.candidates.clear();
  for (std::uint32_t item = 0; item < items_; ++item) {
    if (memory.known[item] == 0) memory.candidates.push_back(item);
  }
  const auto better = [&](std::uint32_t a, std::uint32_t b) {
    return memory.scores[a] != memory.scores[b] ? memory.scores[a] > memory.scores[b] : a < b;
  };
  const std::size_t size = std::min<std::size_t>(memory.candidates.size(), recipe_.candidates);
  const auto last = memory.candidates.begin() + static_cast<std::ptrdiff_t>(size);
  std::nth_element(memory.candidates.begin(), last, memory.candidates.end(), better);
  memory.candidates.erase(last, memory.candidates.end());
  std::sort(memory.candidates.begin(), memory.candidates.end(), better);
}

void Sampler::add_sampled(Random& random, Memory& memory, std::vector<Example>& examples) const {
  if (memory.targets.empty() || memory.others.empty()) return;
  std::vector<Example> targets = memory.targets;
  random.shuffle(std::span(targets));
  targets.resize(std::min<std::size_t>(targets.size(), recipe_.max_targets));
  memory.shares.clear();
  double sum = 0;
  for (const Example& other : memory.others) memory.shares.push_back(sum += chances_[other.item]);
  const auto draw_other = [&] {
    const auto share =
        std::upper_bound(memory.shares.begin(), memory.shares.end() - 1, random.uniform() * sum);
    return memory.others[static_cast<std::size_t>(share - memory.shares.begin())];
  };
  for (const Example& target : targets) {
    examples.push_back(target);
    for (std::uint32_t k = 0; k < recipe_.negatives; ++k) examples.push_back(draw_other());
  }
}

}  // namespace palate::internal
