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
constexpr Node kNodes[] = {{0.0694318442F, 0.1739274226F},
                           {0.3300094782F, 0.3260725774F},
                           {0.6699905218F, 0.3260725774F},
                           {0.9305681558F, 0.1739274226F}};

}  // namespace

SequenceEncoder::SequenceEncoder(const Model& model)
    : model_(&model),
      view_(model.sequence()),
      all_(model),
      older_(model),
      path_(*view_),
      jets_(*view_) {}

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
  if (Status status = all_.follow(events()); !status) return status;
  all_.run().user_vector(user_vector.data());
  if (!all_finite(user_vector)) return not_finite("a user vector");
  return Done{};
}

Status SequenceEncoder::contributions(std::span<const double> gradient, std::span<float> amounts) {
  assert(amounts.size() == history_size_);
  if (Status status = explain(); !status) return status;
  std::fill(amounts.begin(), amounts.end(), 0.0F);
  const std::size_t count = explained().size();
  for (std::size_t k = 0; k < count; ++k) {
    const float* slope = slopes_.data() + k * gradient.size();
    amounts[events_[event_count_ - count + k].index] +=
        static_cast<float>(wide_dot(slope, gradient));
  }
  return Done{};
}

Result<float> SequenceEncoder::base(std::span<const double> gradient) {
  if (Status status = explain(); !status) return status.error();
  return static_cast<float>(wide_dot(start_.data(), gradient));
}

/// Finds what each explained event adds to the user vector, once a history.
Status SequenceEncoder::explain() {
  if (is_explained_) return Done{};
  if (Status status = prepare_path(); !status) return status;
  const std::size_t d = model_->dimension();
  const std::size_t older = event_count_ - explained().size();
  if (Status status = older_.follow(events().first(older)); !status) return status;
  path_.start_from(older_.run());
  for (const SequenceEvent& event : explained()) step_on_path(event, 0);
  path_.user_vector(start_.data());
  std::fill_n(slopes_.data(), explained().size() * d, 0.0F);
  for (const Node& node : kNodes) integrate(node.place, node.weight);
  is_explained_ = true;
  return Done{};
}

/// Room for the explanation, and where its line begins.
Status SequenceEncoder::prepare_path() {
  const std::size_t d = model_->dimension();
  Status status = path_.reserve(event_count_);
  if (status) status = jets_.reserve(event_count_);
  if (status) status = jet_vector_.reserve(d);
  if (status) status = slopes_.reserve(kExplainedEvents * d);
  if (status) status = start_.reserve(d);
  if (!status || has_average_) return status;
  if (status = input_.reserve(d); !status) return status;
  if (status = way_.reserve(d); !status) return status;
  if (status = average_.reserve(d); !status) return status;
  double interactions = 0;
  for (std::size_t row = 0; row < model_->item_count(); ++row) {
    const double popularity = model_->popularity(to_item(row));
    model_->item_vectors().read(row, way_.first(d));
    for (std::size_t k = 0; k < d; ++k) average_[k] += popularity * way_[k];
    interactions += popularity;
  }
  for (std::size_t k = 0; k < d; ++k) average_[k] /= std::max(interactions, 1.0);
  has_average_ = true;
  return Done{};
}

/// Feeds `path_` an event that is `place` of the way from the average item to itself.
void SequenceEncoder::step_on_path(const SequenceEvent& event, float place) {
  write_input(*model_, event, input_.data());
  find_way(event);
  for (std::size_t k = 0; k < model_->dimension(); ++k) input_[k] -= (1 - place) * way_[k];
  path_.step(input_.data());
}

/// Fills `way_`.
void SequenceEncoder::find_way(const SequenceEvent& event) {
  const std::size_t d = model_->dimension();
  model_->item_vectors().read(event.row, way_.first(d));
  const float scale = std::sqrt(static_cast<float>(d));
  for (std::size_t k = 0; k < d; ++k) way_[k] = scale * static_cast<float>(way_[k] - average_[k]);
}

/// Adds one node of the integral to `slopes_`: the derivatives by a few events at a time, with
/// those before them in plain numbers.
void SequenceEncoder::integrate(float place, float weight) {
  const std::span<const SequenceEvent> explained = this->explained();
  const std::size_t d = model_->dimension();
  path_.start_from(older_.run());
  for (std::size_t first = 0; first < explained.size(); first += Jet::kDirections) {
    const std::size_t last = std::min(first + Jet::kDirections, explained.size());
    jets_.start_from(path_);
    for (std::size_t e = first; e < explained.size(); ++e) {
      write_input(*model_, explained[e], input_.data());
      find_way(explained[e]);
      for (std::size_t k = 0; k < d; ++k) {
        jet_vector_[k] = Jet(input_[k] - (1 - place) * way_[k]);
        if (e < last) jet_vector_[k].numbers[e - first + 1] = way_[k];
      }
      jets_.step(jet_vector_.data());
    }
    jets_.user_vector(jet_vector_.data());
    for (std::size_t e = first; e < last; ++e) {
      for (std::size_t k = 0; k < d; ++k) {
        slopes_[e * d + k] += weight * jet_vector_[k].numbers[e - first + 1];
      }
      step_on_path(explained[e], place);
    }
  }
}

}  // namespace palate::internal
