// Sequence: a user vector that a network makes of the events in their order.
#include "runtime/sequence_encoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "runtime/dot.h"
#include "runtime/finite.h"

namespace palate::internal {
namespace {

/// Gauss-Legendre nodes and weights on [0, 1]: exact for polynomials of degree 7 (Abramowitz,
/// Stegun 1964, table 25.4).
struct Node {
  float place;
  float weight;
};
constexpr std::array<Node, 4> kNodes = {{{0.0694318442F, 0.1739274226F},
                                         {0.3300094782F, 0.3260725774F},
                                         {0.6699905218F, 0.3260725774F},
                                         {0.9305681558F, 0.1739274226F}}};

}  // namespace

SequenceEncoder::SequenceEncoder(const Model& model)
    : model_(&model),
      view_(model.sequence()),
      all_(model),
      older_(model),
      paths_{SequenceRun(*view_, true), SequenceRun(*view_, true), SequenceRun(*view_, true),
             SequenceRun(*view_, true)},
      gradient_(*view_) {}

Result<std::unique_ptr<UserEncoder>> SequenceEncoder::create(const Model& model) {
  return std::unique_ptr<UserEncoder>(new SequenceEncoder(model));
}

Status SequenceEncoder::set_history(const MergedHistory& history) {
  history_size_ = history.items.size();
  if (Status status = ordered_.reserve(history.visits.size()); !status) return status;
  const std::span<SequenceEvent> all = ordered(history);
  const std::size_t limit = view_->mixer == Mixer::kAttention ? view_->window : all.size();
  const std::span<SequenceEvent> newest = all.last(std::min(limit, all.size()));
  if (view_->gap_vectors.rows > 0) {
    for (std::size_t k = 1; k < newest.size(); ++k) {
      newest[k].gap =
          static_cast<std::uint32_t>(gap_bucket(newest[k - 1].time_ms, newest[k].time_ms));
    }
  }
  // A page asks why for one item after the other: what was found for this history holds on.
  if (!std::ranges::equal(newest, events())) is_explained_ = false;
  event_count_ = 0;
  if (Status status = events_.reserve(newest.size()); !status) return status;
  std::ranges::copy(newest, events_.data());
  event_count_ = newest.size();
  return Done{};
}

/// What the network reads, oldest first: all events, or each item once.
std::span<SequenceEvent> SequenceEncoder::ordered(const MergedHistory& history) {
  const std::span<const HistoryItem> items = history.items;
  std::span<SequenceEvent> all =
      ordered_.first(view_->repeats ? history.visits.size() : items.size());
  if (view_->repeats) {
    std::ranges::transform(history.visits, all.begin(), [&](const HistoryVisit& visit) {
      return SequenceEvent{items[visit.index].row, 0, visit.type, visit.index, visit.time_ms};
    });
  } else {
    for (std::uint32_t k = 0; k < items.size(); ++k) {
      all[all.size() - 1 - items[k].place] = {items[k].row, 0, items[k].type, k, items[k].time_ms};
    }
  }
  // A network that was never told of dislikes would take one for a visit.
  const auto misread = [&](const SequenceEvent& event) {
    return items[event.index].weight < 0 && event.type == 0;
  };
  const auto end = std::remove_if(all.begin(), all.end(), misread);
  return all.first(static_cast<std::size_t>(end - all.begin()));
}

Status SequenceEncoder::encode(std::span<float> user_vector) {
  for (const bool is_anew : {false, true}) {
    if (Status status = all_.follow(events()); !status) return status;
    all_.run().user_vector(user_vector.data());
    if (all_finite(user_vector)) return Done{};
    // Of a state that was restored: it is not to fail for ever.
    if (!is_anew) all_.clear();
  }
  return not_finite("a user vector");
}

Status SequenceEncoder::contributions(std::span<const double> gradient, std::span<float> amounts) {
  assert(amounts.size() == history_size_);
  if (Status status = explain(); !status) return status;
  std::fill(amounts.begin(), amounts.end(), 0.0F);
  const std::size_t d = gradient.size();
  const std::size_t count = explained().size();
  for (std::size_t n = 0; n < kNodes.size(); ++n) {
    const std::span<const float> slopes = gradient_.differentiate(paths_[n], gradient);
    for (std::size_t e = 0; e < count; ++e) {
      const float slope = dot(slopes.data() + e * d, {ways_.data() + e * d, d});
      amounts[explained()[e].index] += kNodes[n].weight * slope;
    }
  }
  return Done{};
}

Result<float> SequenceEncoder::base(std::span<const double> gradient) {
  if (Status status = explain(); !status) return status.error();
  return static_cast<float>(wide_dot(start_.data(), gradient));
}

/// Walks the line from which the reasons for all items are read, once a history.
Status SequenceEncoder::explain() {
  if (is_explained_) return Done{};
  if (Status status = prepare(); !status) return status;
  const std::size_t older = event_count_ - explained().size();
  if (Status status = older_.follow(events().first(older)); !status) return status;
  find_ways();
  walk(paths_[0], 0);
  paths_[0].user_vector(start_.data());
  for (std::size_t n = 0; n < kNodes.size(); ++n) walk(paths_[n], kNodes[n].place);
  is_explained_ = true;
  return Done{};
}

/// Room for the explanation, and where its line begins.
Status SequenceEncoder::prepare() {
  const std::size_t d = model_->dimension();
  Status status = gradient_.reserve(kExplainedEvents, event_count_);
  for (SequenceRun& path : paths_) {
    if (status) status = path.reserve(kExplainedEvents, event_count_);
  }
  if (status) status = ways_.reserve(kExplainedEvents * d);
  if (status) status = start_.reserve(d);
  if (!status || has_average_) return status;
  if (status = input_.reserve(d); !status) return status;
  if (status = average_.reserve(d); !status) return status;
  double interactions = 0;
  for (std::size_t row = 0; row < model_->item_count(); ++row) {
    const double popularity = model_->popularity(to_item(row));
    model_->item_vectors().read(row, input_.first(d));
    for (std::size_t k = 0; k < d; ++k) average_[k] += popularity * input_[k];
    interactions += popularity;
  }
  for (std::size_t k = 0; k < d; ++k) average_[k] /= std::max(interactions, 1.0);
  has_average_ = true;
  return Done{};
}

/// Fills `ways_`.
void SequenceEncoder::find_ways() {
  const std::size_t d = model_->dimension();
  const float scale = std::sqrt(static_cast<float>(d));
  float* way = ways_.data();
  for (const SequenceEvent& event : explained()) {
    model_->item_vectors().read(event.row, {way, d});
    for (std::size_t k = 0; k < d; ++k, ++way) {
      *way = scale * static_cast<float>(*way - average_[k]);
    }
  }
}

/// Feeds a run the explained events, each `place` of the way from the average item to itself.
void SequenceEncoder::walk(SequenceRun& path, float place) {
  path.start_from(older_.run());
  const float* way = ways_.data();
  for (const SequenceEvent& event : explained()) {
    write_input(*model_, event, input_.data());
    for (std::size_t k = 0; k < model_->dimension(); ++k) input_[k] -= (1 - place) * *way++;
    path.step(input_.data());
  }
}

}  // namespace palate::internal
