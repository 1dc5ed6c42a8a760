// What a model's index finds of the exact best 100, and what it takes on one thread:
//
//   cmake --build --preset release --target index_speed
//   build/release/tools/bench/index_speed HISTORIES.csv MODEL.palate...
//
// Each of 200 histories is read first, so that times are those of retrieval (and of a ranker, where
// there is one); both ways take turns, three times each, and the least counts.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <span>
#include <vector>

#include "palate/dataset.h"
#include "palate/interactions.h"
#include "palate/model.h"
#include "palate/model_writer.h"
#include "palate/recommender.h"

namespace palate::bench {
namespace {

constexpr std::size_t kHistories = 200;
constexpr std::size_t kCount = 100;
constexpr int kTurns = 3;

struct List {
  std::vector<Pick> picks;
  double milliseconds = std::numeric_limits<double>::infinity();
};

Status take(Recommender& recommender, std::span<const Event> history, bool exact, List& list) {
  list.picks.resize(kCount);
  const auto start = std::chrono::steady_clock::now();
  const auto found = recommender.best(history, {.filter = {.exact = exact}}, list.picks);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  if (!found) return found.error();
  list.picks.resize(*found);
  list.milliseconds = std::min(list.milliseconds, taken.count());
  return Done{};
}

double share_found(const List& exact, const List& indexed) {
  std::size_t found = 0;
  for (const Pick& pick : exact.picks) {
    const auto same = [&](const Pick& other) { return other.item == pick.item; };
    found += std::ranges::any_of(indexed.picks, same) ? 1 : 0;
  }
  return static_cast<double>(found) /
         static_cast<double>(std::max<std::size_t>(exact.picks.size(), 1));
}

double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

Status measure(const char* path, const InteractionLog& log) {
  const Result<FileBytes> file = FileBytes::read(path);
  if (!file) return file.error();
  const Result<Model> model = Model::open(file->bytes());
  if (!model) return model.error();
  Result<Recommender> recommender = Recommender::create(*model);
  if (!recommender) return recommender.error();
  if (Status status = recommender->use_index(); !status) return status;
  const IndexedHistories indexed = index_histories(log, *model);
  const std::size_t stride = std::max<std::size_t>(indexed.histories.user_count() / kHistories, 1);
  double recall = 0;
  std::vector<double> exact_times;
  std::vector<double> indexed_times;
  for (std::size_t user = 0; user < indexed.histories.user_count(); user += stride) {
    const std::span<const Event> history = indexed.histories.of(user);
    if (history.empty()) continue;
    List exact;
    List found;
    Status status = take(*recommender, history, true, exact);
    exact.milliseconds = std::numeric_limits<double>::infinity();
    for (int turn = 0; turn < kTurns; ++turn) {
      if (status) status = take(*recommender, history, true, exact);
      if (status) status = take(*recommender, history, false, found);
    }
    if (!status) return status;
    recall += share_found(exact, found);
    exact_times.push_back(exact.milliseconds);
    indexed_times.push_back(found.milliseconds);
  }
  if (exact_times.empty()) {
    return Error{ErrorCode::kRequestInvalid, "no history has an item that the model knows"};
  }
  const double exact = median(exact_times);
  const double fast = median(indexed_times);
  std::printf("%s: %zu items, recall@100 %.4f, exact %.3f ms, indexed %.3f ms, ratio %.3f\n", path,
              model->item_count(), recall / static_cast<double>(exact_times.size()), exact, fast,
              fast / exact);
  return Done{};
}

Status run(std::span<char*> arguments) {
  ReadReport report;
  const Result<InteractionLog> log = read_interactions(arguments[0], {}, report);
  if (!log) return log.error();
  for (const char* path : arguments.subspan(1)) {
    if (Status status = measure(path, *log); !status) return status;
  }
  return Done{};
}

}  // namespace
}  // namespace palate::bench

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: index_speed HISTORIES MODEL...\n");
    return 2;
  }
  const palate::Status status =
      palate::bench::run({arguments + 1, static_cast<std::size_t>(count - 1)});
  if (!status) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status ? 0 : 1;
}
