// The page's work on the server: `page_native FOLDER SUFFIX MILLISECONDS` over the files of
// page_models.
//
// SUFFIX is what stands before ".palate" in the models' names beyond their size: "" or "-int8". A
// line of JSON for each work and each way to use threads: `servers`, of which each has a
// recommender of its own and takes one request after the other, and `threads`, among which each
// shares out a request.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "palate/model_writer.h"
#include "palate/recommender.h"
#include "palate/threads.h"

namespace palate::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRequests = 16;

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}

template <class T>
T take(Result<T> result) {
  if (!result) stop(result.error().message);
  return std::move(*result);
}

void take(const Status& status) {
  if (!status) stop(status.error().message);
}

struct Request {
  std::vector<Event> history;
  std::vector<ItemIndex> candidates;
};

std::vector<Request> read_requests(const std::string& path) {
  const FileBytes file = take(FileBytes::read(path));
  const auto* words = reinterpret_cast<const std::uint32_t*>(file.bytes().data());
  const std::size_t stride = file.bytes().size() / sizeof(std::uint32_t) / kRequests;
  std::vector<Request> requests(kRequests);
  for (Request& request : requests) {
    request.history = {{.item = ItemIndex{words[0]}}};
    for (std::size_t i = 1; i < stride; ++i) request.candidates.push_back(ItemIndex{words[i]});
    words += stride;
  }
  return requests;
}

/// A recommender with its memory and its threads.
class Server {
 public:
  Server(const Model& model, std::size_t threads)
      : threads_(take(Threads::create(threads))), recommender_(take(Recommender::create(model))) {
    recommender_.set_threads(&threads_);
  }

  void rank(const Request& request, std::size_t count) {
    const std::span items = std::span(request.candidates).first(count);
    scores_.resize(count);
    take(recommender_.score(request.history, items, scores_));
    picks_.resize(count);
    for (std::size_t i = 0; i < count; ++i) picks_[i] = {items[i], scores_[i]};
    std::partial_sort(picks_.begin(), picks_.begin() + 10, picks_.end(),
                      [](const Pick& a, const Pick& b) { return a.score > b.score; });
  }

  void retrieve(const Request& request, std::size_t count) {
    picks_.resize(count);
    take(recommender_.recommend(request.history, {.exclude_seen = false}, picks_));
  }

 private:
  Threads threads_;
  Recommender recommender_;
  std::vector<float> scores_;
  std::vector<Pick> picks_;
};

using Work = std::function<void(Server&, const Request&)>;

/// Milliseconds of each request, one after the other.
std::vector<double> serve(const Model& model, std::size_t threads,
                          const std::vector<Request>& requests, const Work& work,
                          double milliseconds) {
  Server server(model, threads);
  for (const Request& request : requests) work(server, request);
  std::vector<double> times;
  const auto began = Clock::now();
  for (double now = 0; now < milliseconds;) {
    work(server, requests[times.size() % requests.size()]);
    const double after = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
    times.push_back(after - now);
    now = after;
  }
  return times;
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(
      std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

struct Way {
  std::size_t servers;
  std::size_t threads;
};
constexpr Way kAlone = {1, 1};
constexpr Way kTwoServers = {2, 1};
constexpr Way kTwoThreads = {1, 2};

void measure(const std::string& name, const Model& model, const std::vector<Request>& requests,
             const Work& work, double milliseconds, std::span<const Way> ways) {
  for (const Way& way : ways) {
    std::vector<std::vector<double>> parts(way.servers);
    std::vector<std::thread> servers;
    for (std::vector<double>& part : parts) {
      servers.emplace_back([&] { part = serve(model, way.threads, requests, work, milliseconds); });
    }
    for (std::thread& server : servers) server.join();
    std::vector<double> times;
    for (const auto& part : parts) times.insert(times.end(), part.begin(), part.end());
    std::sort(times.begin(), times.end());
    std::printf(
        R"({"work":"%s","servers":%zu,"threads":%zu,"median":%.6f,"p95":%.6f,"perSecond":%.1f})"
        "\n",
        name.c_str(), way.servers, way.threads, quantile(times, 0.5), quantile(times, 0.95),
        static_cast<double>(times.size()) * 1000 / milliseconds);
    std::fflush(stdout);
  }
}

void measure_all(const std::string& folder, const std::string& suffix, double milliseconds) {
  const std::vector<Request> requests = read_requests(folder + "/requests.u32");
  // Ranking is not shared out.
  const std::array rank_ways = {kAlone, kTwoServers};
  const std::array retrieve_ways = {kAlone, kTwoServers, kTwoThreads};
  const auto with_model = [&](const std::string& name, const auto& run) {
    const FileBytes file = take(FileBytes::read(folder + "/" + name + suffix + ".palate"));
    run(take(Model::open(file.bytes())));
  };
  with_model("rank-100k", [&](const Model& model) {
    for (const std::size_t count : {100, 1000, 10'000}) {
      measure(
          "rank-" + std::to_string(count), model, requests,
          [count](Server& server, const Request& request) { server.rank(request, count); },
          milliseconds, rank_ways);
    }
  });
  for (const char* size : {"10k", "100k", "1m"}) {
    with_model("retrieve-" + std::string(size), [&](const Model& model) {
      measure(
          "retrieve-" + std::string(size), model, requests,
          [](Server& server, const Request& request) { server.retrieve(request, 100); },
          milliseconds, retrieve_ways);
    });
  }
}

}  // namespace
}  // namespace palate::bench

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: page_native FOLDER SUFFIX MILLISECONDS\n");
    return 2;
  }
  palate::bench::measure_all(arguments[1], arguments[2], std::atof(arguments[3]));
  return 0;
}
