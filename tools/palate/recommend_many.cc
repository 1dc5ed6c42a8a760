// Lists for every user of a file, as CSV.
#include "recommend_many.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/parallel.h"
#include "format.h"
#include "model/replacement_file.h"
#include "output.h"
#include "palate/recommender.h"

namespace palate::tools {
namespace {

/// Their lists are held in memory until they are written in order.
constexpr std::size_t kUsersAtOnce = 4096;

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
    if (Status status = recommender->use_index(); !status) return status.error();
    if (Status known = recommender->set_context(request.context); !known) return known.error();
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

using WriteText = std::function<Status(std::string_view)>;

Status write_lists(const Model& model, const IndexedHistories& histories,
                   const ListRequest& request, const WriteText& write) {
  internal::ThreadPool pool(request.threads, histories.users.size());
  auto writers = make_writers(model, request, pool.size());
  if (!writers) return writers.error();
  Status status = write("user,rank,item,score\n");
  for (std::size_t begin = 0; status && begin < histories.users.size(); begin += kUsersAtOnce) {
    const std::size_t count = std::min(kUsersAtOnce, histories.users.size() - begin);
    std::vector<std::string> lists(count);
    status = pool.try_each_chunk(count, 1, [&](const internal::Chunk& chunk) -> Status {
      const std::size_t user = begin + chunk.begin;
      auto& [recommender, picks] = (*writers)[chunk.worker];
      Visitor visitor(model, recommender, {});
      std::span<const Event> history = histories.histories.of(user);
      if (!request.as_page.empty()) {
        visitor.set_events(request.as_page[user]);
        if (Status learned = visitor.learn(); !learned) return learned;
        history = visitor.history();
      }
      const auto length = recommender.recommend(history, request.request, picks);
      recommender.unlearn();
      if (!length) return length.error();
      lists[chunk.begin] = rows_of(model, histories.users[user], std::span(picks).first(*length));
      return Done{};
    });
    for (std::size_t at = 0; status && at < count; ++at) status = write(lists[at]);
  }
  return status;
}

}  // namespace

Status write_recommendations(const Model& model, const IndexedHistories& histories,
                             const ListRequest& request, const std::filesystem::path& path) {
  auto file = internal::ReplacementFile::create(path);
  if (!file) return file.error();
  const Status written = write_lists(model, histories, request, [&](std::string_view text) {
    return file->write(std::as_bytes(std::span(text.data(), text.size())));
  });
  return written ? file->replace() : written;
}

Status write_recommendations(const Model& model, const IndexedHistories& histories,
                             const ListRequest& request, std::ostream& out) {
  return write_lists(model, histories, request, [&](std::string_view text) -> Status {
    if (out << text) return Done{};
    return Error{ErrorCode::kFileWrite, "cannot write to standard output"};
  });
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
