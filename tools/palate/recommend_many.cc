// Lists for every user of a file, as CSV.
#include "recommend_many.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "data/parallel.h"
#include "format.h"
#include "output.h"
#include "palate/recommender.h"

namespace palate::tools {
namespace {

/// What one thread needs to write lists.
struct Writer {
  Recommender recommender;
  std::vector<Pick> picks;
};

Result<std::vector<Writer>> make_writers(const Model& model, const ListRequest& request,
                                         std::size_t count) {
  std::vector<Writer> writers;
  for (std::size_t worker = 0; worker < count; ++worker) {
    Result<Recommender> recommender = Recommender::create(model);
    if (!recommender) return recommender.error();
    const auto length = std::min<std::size_t>(request.count, model.item_count());
    writers.push_back({std::move(*recommender), std::vector<Pick>(length)});
  }
  return writers;
}

std::string rows_of(const Model& model, const std::string& user, std::span<const Pick> picks) {
  const std::string field = csv_field(user);
  std::string rows;
  for (std::size_t at = 0; at < picks.size(); ++at) {
    rows += field + "," + std::to_string(at + 1) + "," + csv_field(model.id(picks[at].item)) + "," +
            shortest(picks[at].score) + "\n";
  }
  return rows;
}

}  // namespace

Result<std::string> recommendations_csv(const Model& model, const IndexedHistories& histories,
                                        const ListRequest& request) {
  const std::size_t users = histories.users.size();
  internal::ThreadPool pool(request.threads, users);
  auto writers = make_writers(model, request, pool.size());
  if (!writers) return writers.error();
  std::vector<std::string> lists(users);
  const Status status = pool.try_each_chunk(users, 1, [&](const internal::Chunk& chunk) -> Status {
    const std::size_t user = chunk.begin;
    auto& [recommender, picks] = (*writers)[chunk.worker];
    const auto count = recommender.recommend(histories.histories.of(user),
                                             {.exclude_seen = !request.include_seen}, picks);
    if (!count) return count.error();
    lists[user] = rows_of(model, histories.users[user], std::span(picks).first(*count));
    return Done{};
  });
  if (!status) return status.error();
  return std::accumulate(
      lists.begin(), lists.end(), std::string("user,rank,item,score\n"),
      [](std::string whole, const std::string& list) { return std::move(whole) + list; });
}

void print_unknown(const IndexedHistories& histories, std::ostream& log) {
  const auto rows =
      std::accumulate(histories.unknown.begin(), histories.unknown.end(), std::uint64_t{0});
  const auto users = std::count_if(histories.unknown.begin(), histories.unknown.end(),
                                   [](std::uint32_t unknown) { return unknown > 0; });
  if (rows == 0) return;
  log << "palate recommend: " << counted(rows, "row") << " of "
      << counted(static_cast<std::uint64_t>(users), "user")
      << " ignored: the model does not know their items\n";
}

}  // namespace palate::tools
