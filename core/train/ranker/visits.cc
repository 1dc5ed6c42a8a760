// Visits by the runtime itself, so that training and page compute the same numbers.
#include "train/ranker/visits.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "palate/random.h"
#include "runtime/history.h"
#include "runtime/retrievers.h"
#include "runtime/row_mask.h"
#include "runtime/visitor_features.h"

namespace palate::internal {
namespace {

constexpr std::size_t kUserChunk = 4;

/// The events that the visitor comes with: all of them, or few.
std::vector<Event> history_of(std::span<const Event> known, const VisitOptions& options,
                              Random random) {
  if (options.new_share > 0 && random.uniform() < options.new_share) return {};
  std::vector<Event> history(known.begin(), known.end());
  if (!(random.uniform() < static_cast<double>(options.short_share))) return history;
  // Halved a random number of times: each order of magnitude is as frequent as the next.
  const std::size_t length =
      std::max<std::size_t>(1, history.size() >> random.below(std::bit_width(history.size())));
  if (options.order == TargetChoice::kRandom) random.shuffle(std::span(history));
  history.erase(history.begin(), history.end() - static_cast<std::ptrdiff_t>(length));
  return history;
}

/// A user's targets and, of each, its event.
struct Targets {
  std::span<const std::uint32_t> items;  ///< ascending
  std::span<const std::uint32_t> events;
};

/// The visits of one user on their way into the set; positions count from the first example.
struct Part {
  std::vector<Visit> visits;
  std::vector<Example> examples;
  std::vector<float> columns;
  std::vector<float> vector;
};

/// What one thread needs to serve a visitor.
class Server {
 public:
  static Result<Server> create(const Model& model) {
    Result<Retrievers> retrievers = Retrievers::create(model);
    if (!retrievers) return retrievers.error();
    Result<VisitorFeatures> features = VisitorFeatures::create(model, model.ranker()->features);
    if (!features) return features.error();
    return Server(model, std::move(*retrievers), std::move(*features));
  }

  Status serve(std::span<const Event> known, std::span<const Event> history, const Targets& targets,
               TargetsPerVisit per_visit, Random random, Part& part) {
    const Result<MergedHistory> merged =
        merger_.merge(history, model_->item_count(), model_->event_types().size());
    if (!merged) return merged.error();
    if (Status status = retrievers_.set_history(*merged); !status) return status;
    if (Status status = features_.set_history(merged->items); !status) return status;
    if (Status status = excluded_.reset(model_->item_count(), false); !status) return status;
    for (const Event& event : known) excluded_.leave_out(to_row(event.item));
    const bool is_new = history.empty();
    if (Status found = find_candidates(is_new); !found) return found;
    add_examples(targets, per_visit, random, part);
    if (!part.examples.empty()) write(is_new, part);
    return Done{};
  }

 private:
  Server(const Model& model, Retrievers retrievers, VisitorFeatures features)
      : model_(&model), retrievers_(std::move(retrievers)), features_(std::move(features)) {}

  Status find_candidates(bool is_new) {
    const std::size_t items = model_->item_count();
    const std::size_t limit = std::min<std::size_t>(model_->ranker()->candidates, items);
    if (is_new) {
      items_.clear();
      for (std::size_t row = 0; row < items && items_.size() < limit; ++row) {
        if (!excluded_.mask()[row]) items_.push_back(to_item(row));
      }
      return Done{};
    }
    items_.resize(limit);
    const Result<std::size_t> found = retrievers_.candidates(excluded_.mask(), items_);
    if (!found) return found.error();
    items_.resize(*found);
    return Done{};
  }

  /// The candidates, and which of them count in which visit.
  void add_examples(const Targets& targets, TargetsPerVisit per_visit, Random random,
                    Part& part) const {
    std::vector<Visit> found;
    for (const ItemIndex item : items_) {
      const auto row = static_cast<std::uint32_t>(to_row(item));
      const auto target = std::lower_bound(targets.items.begin(), targets.items.end(), row);
      const bool is_target = target != targets.items.end() && *target == row;
      if (is_target) {
        const auto place = static_cast<std::size_t>(target - targets.items.begin());
        found.push_back({.target = part.examples.size(), .event = targets.events[place]});
      }
      part.examples.push_back({row, is_target ? 1.0F : 0.0F});
    }
    if (found.empty()) return part.examples.clear();
    switch (per_visit) {
      case TargetsPerVisit::kAll:
        part.visits = {Visit{}};
        break;
      case TargetsPerVisit::kEach:
        part.visits = std::move(found);
        break;
      case TargetsPerVisit::kOne:
        keep_one(found[random.below(found.size())], part);
        break;
    }
    for (Visit& visit : part.visits) visit.end = part.examples.size();
  }

  static void keep_one(Visit visit, Part& part) {
    std::vector<Example> kept;
    for (std::size_t k = 0; k < part.examples.size(); ++k) {
      const bool is_it = k == visit.target;
      if (!is_it && part.examples[k].label > 0) continue;
      if (is_it) visit.target = kept.size();
      kept.push_back(part.examples[k]);
    }
    part.examples = std::move(kept);
    part.visits = {visit};
  }

  void write(bool is_new, Part& part) {
    const std::span<const FeatureView> features = model_->ranker()->features;
    row_.resize(features.size());
    for (const Example& example : part.examples) {
      if (is_new) {
        features_.write_unknown(ItemIndex{example.item}, row_);
      } else {
        features_.write(retrievers_, ItemIndex{example.item}, row_);
      }
      for (std::size_t f = 0; f < row_.size(); ++f) {
        if (is_of_visitor(features[f].source)) part.columns.push_back(row_[f]);
      }
    }
    if (!model_->ranker()->reads_vectors()) return;
    if (is_new) return part.vector.assign(model_->dimension(), 0.0F);
    const std::span<const float> vector = retrievers_.vectors()->user_vector();
    part.vector.assign(vector.begin(), vector.end());
  }

  const Model* model_;
  Retrievers retrievers_;
  VisitorFeatures features_;
  HistoryMerger merger_;
  RowBits excluded_;
  std::vector<ItemIndex> items_;
  std::vector<float> row_;
};

template <class T>
void append(const std::vector<T>& more, std::vector<T>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Result<VisitSet> draw_visits(const Model& model, const TargetSplit& split,
                             std::span<const std::uint32_t> users, const VisitOptions& options,
                             ThreadPool& pool) {
  std::vector<Part> parts(users.size());
  std::vector<std::optional<Server>> servers(pool.size());
  const Status drawn = pool.try_each_chunk(users.size(), kUserChunk, [&](const Chunk& chunk) {
    std::optional<Server>& server = servers[chunk.worker];
    if (!server) {
      Result<Server> made = Server::create(model);
      if (!made) return Status(made.error());
      server.emplace(std::move(*made));
    }
    for (std::size_t k = chunk.begin; k < chunk.end; ++k) {
      const std::uint32_t user = users[k];
      const std::span<const Event> known = split.known.histories.of(user);
      const Random random(options.seed, user);
      const std::vector<Event> history = history_of(known, options, random);
      const std::size_t first = split.targets.offsets[user];
      const std::size_t count = split.targets.count(user);
      const Targets targets{std::span(split.targets.columns).subspan(first, count),
                            std::span(split.target_events).subspan(first, count)};
      Status served = server->serve(known, history, targets, options.targets, random, parts[k]);
      if (!served) return served;
    }
    return Status(Done{});
  });
  if (!drawn) return drawn.error();
  VisitSet set;
  set.column_count = static_cast<std::size_t>(std::ranges::count_if(
      model.ranker()->features, [](const FeatureView& f) { return is_of_visitor(f.source); }));
  set.dimension = model.ranker()->reads_vectors() ? model.dimension() : 0;
  for (Part& part : parts) {
    if (part.examples.empty()) continue;
    const std::size_t begin = set.examples.size();
    for (Visit& visit : part.visits) {
      visit.begin += begin;
      visit.end += begin;
      if (visit.target != Visit::kAll) visit.target += begin;
      set.visits.push_back(visit);
      append(part.vector, set.vectors);
    }
    append(part.examples, set.examples);
    append(part.columns, set.columns);
    part = {};
  }
  return set;
}

}  // namespace palate::internal
