// The same measures over parts of the users and of the held-out items.
#include "evaluate/breakdown.h"

#include <array>
#include <cstddef>

#include "evaluate/metrics.h"

namespace palate::internal {
namespace {

/// The longest history of each part but the last.
constexpr std::array<std::uint32_t, 7> kLongest{0, 2, 5, 10, 20, 50, HistoryLengthReport::kNoLimit};

constexpr std::array<PopularityClass, 3> kClasses{PopularityClass::kHead, PopularityClass::kTorso,
                                                  PopularityClass::kTail};

std::vector<PartMetrics> zeros(std::span<const std::uint32_t> ks) {
  std::vector<PartMetrics> parts;
  for (const std::uint32_t k : ks) parts.push_back({.k = k});
  return parts;
}

void add(PartMetrics& sum, const RankingMetrics& one) {
  sum.recall += one.recall;
  sum.ndcg += one.ndcg;
}

/// Sums become means; those over nobody stay 0.
template <class Part>
void divide_by_users(Part& part) {
  if (part.users == 0) return;
  for (auto* list : {&part.model, &part.popularity}) {
    for (PartMetrics& metrics : *list) {
      metrics.recall /= static_cast<double>(part.users);
      metrics.ndcg /= static_cast<double>(part.users);
    }
  }
}

std::vector<std::uint32_t> ranks_of(const RankedList& list, PopularityClass popularity_class) {
  std::vector<std::uint32_t> ranks;
  for (const Hit& hit : list.hits) {
    if (hit.popularity_class == popularity_class) ranks.push_back(hit.rank);
  }
  return ranks;
}

void add_class(std::vector<PartMetrics>& sums, const RankedList& list, PopularityClass of,
               std::uint32_t held_out) {
  const std::vector<std::uint32_t> ranks = ranks_of(list, of);
  for (PartMetrics& sum : sums) add(sum, ranking_metrics(ranks, held_out, sum.k));
}

ItemPopularityReport describe(PopularityClass of, const ItemTraits& traits) {
  ItemPopularityReport part;
  part.popularity_class = of;
  double whole = 0;
  double inside = 0;
  for (std::size_t row = 0; row < traits.popularity.size(); ++row) {
    whole += traits.popularity[row];
    if (traits.popularity_class[row] != of) continue;
    inside += traits.popularity[row];
    ++part.items;
  }
  part.share = inside / whole;
  return part;
}

}  // namespace

std::vector<HistoryLengthReport> by_history_length(std::span<const UserOutcome> outcomes,
                                                   std::span<const std::uint32_t> ks) {
  std::vector<HistoryLengthReport> parts;
  std::uint32_t shortest = 0;
  for (const std::uint32_t longest : kLongest) {
    HistoryLengthReport part{shortest, longest, 0, zeros(ks), zeros(ks)};
    for (const UserOutcome& outcome : outcomes) {
      if (outcome.history_length < shortest || outcome.history_length > longest) continue;
      ++part.users;
      for (std::size_t at = 0; at < ks.size(); ++at) {
        add(part.model[at], outcome.model.at[at].ranking);
        add(part.popularity[at], outcome.popularity.at[at].ranking);
      }
    }
    divide_by_users(part);
    if (part.users > 0) parts.push_back(std::move(part));
    shortest = longest + 1;
  }
  return parts;
}

std::vector<ItemPopularityReport> by_item_popularity(std::span<const UserOutcome> outcomes,
                                                     const ItemTraits& traits,
                                                     std::span<const std::uint32_t> ks) {
  std::vector<ItemPopularityReport> parts;
  for (const PopularityClass of : kClasses) {
    ItemPopularityReport part = describe(of, traits);
    part.model = zeros(ks);
    part.popularity = zeros(ks);
    for (const UserOutcome& outcome : outcomes) {
      const std::uint32_t held_out = outcome.held_out_of[static_cast<std::size_t>(of)];
      if (held_out == 0) continue;
      ++part.users;
      part.held_out += held_out;
      add_class(part.model, outcome.model, of, held_out);
      add_class(part.popularity, outcome.popularity, of, held_out);
    }
    divide_by_users(part);
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace palate::internal
