// How well users are served that two-tower does not learn from.
#include "train/two_tower/validation.h"

#include <algorithm>
#include <limits>
#include <span>

#include "train/place_in_list.h"

namespace palate::internal {
namespace {

constexpr std::size_t kListLength = 20;
constexpr std::size_t kRankedVisits = 16;

/// The share of the targets among the best.
double recall_of(std::span<const float> scores, std::span<const std::uint32_t> targets) {
  const auto hits = std::ranges::count_if(
      targets, [&](std::uint32_t target) { return place_in_list(target, scores) < kListLength; });
  return static_cast<double>(hits) / static_cast<double>(targets.size());
}

}  // namespace

std::vector<TowerVisit> validation_visits(const ItemSequences& sequences,
                                          std::span<const std::uint32_t> users) {
  std::vector<TowerVisit> visits;
  for (const std::uint32_t user : users) {
    const std::size_t count = sequences.count(user);
    if (count < 2) continue;
    const std::size_t last = sequences.offsets[user + 1];
    visits.push_back(
        {last - std::max<std::size_t>(count / 5, 1), last, sequences.offsets[user], last});
  }
  return visits;
}

double recall_at_20(const Towers& towers, const ItemSequences& sequences,
                    std::span<const TowerVisit> visits, std::size_t dimension,
                    const Kernels& kernels, ThreadPool& pool) {
  const std::size_t items = towers.item_vectors().size() / dimension;
  std::vector<double> sums(ThreadPool::chunk_count(visits.size(), kRankedVisits));
  pool.for_each_chunk(visits.size(), kRankedVisits, [&](const Chunk& chunk) {
    const std::size_t rows = chunk.end - chunk.begin;
    std::vector<float> users(rows * dimension);
    std::vector<float> scores(rows * items);
    for (std::size_t r = 0; r < rows; ++r) {
      const TowerVisit& visit = visits[chunk.begin + r];
      std::vector<std::uint32_t> history(visit.history());
      std::vector<float> weights(visit.history());
      copy_history(sequences, visit, history.data(), weights.data());
      WeighedHistory weighed{history, weights};
      towers.encoder.weigh(weighed);
      kernels.weighted_sum(towers.history_vectors().data(), dimension, history.data(),
                           weights.data(), history.size(), &users[r * dimension]);
    }
    kernels.multiply({users.data(), false}, {towers.item_vectors().data(), true}, rows, items,
                     dimension, false, scores.data());
    for (std::size_t r = 0; r < rows; ++r) {
      const TowerVisit& visit = visits[chunk.begin + r];
      const std::span<float> own = std::span(scores).subspan(r * items, items);
      for (std::size_t k = visit.history_begin; k < visit.begin; ++k) {
        own[sequences.items[k]] = -std::numeric_limits<float>::infinity();
      }
      sums[chunk.index] +=
          recall_of(own, std::span(sequences.items).subspan(visit.begin, visit.targets()));
    }
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum / static_cast<double>(std::max<std::size_t>(visits.size(), 1));
}

}  // namespace palate::internal
