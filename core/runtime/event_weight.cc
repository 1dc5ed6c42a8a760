// What an event says of an item, by its kind, its value and its age.
#include <algorithm>
#include <cmath>

#include "model/portable_math.h"
#include "palate/visitor.h"

namespace palate {
namespace {

constexpr std::string_view kNames[] = {"other", "view", "like",       "dislike", "cart",
                                       "buy",   "rate", "impression", "skip",    "dwell"};
constexpr float kWeights[] = {1, 1, 2, -1, 2, 3, 1, 0, 0, 0};

constexpr float kDwellSeconds = 60;  // as much as a view
constexpr double kDayMs = 86'400'000;
// An old dislike keeps its item out all the same.
constexpr float kLeastWeight = 1e-6F;

bool is_aged(const VisitorEvent& event) {
  return event.kind != EventKind::kOther && event.time_ms != 0;
}

}  // namespace

EventKind event_kind(std::string_view name) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  return found == std::end(kNames) ? EventKind::kOther
                                   : static_cast<EventKind>(found - std::begin(kNames));
}

float event_weight(const VisitorEvent& event, const Model& model) {
  if (event.kind == EventKind::kDwell) {
    return event.value > 0 ? 2 / (1 + kDwellSeconds / event.value) : 0;
  }
  const ValueHeadView* head = model.value_head();
  if (event.kind == EventKind::kRate && head != nullptr && model.value_fold_in() == nullptr &&
      !std::isnan(event.value) && head->maximum > head->minimum) {
    const float half = (head->maximum - head->minimum) / 2;
    return std::clamp(1 + (event.value - head->mean) / half, -1.0F, 2.0F);
  }
  return kWeights[static_cast<std::size_t>(event.kind)];
}

void weigh_events(std::span<const VisitorEvent> events, const Model& model,
                  const VisitorSettings& settings, std::vector<Event>& history) {
  double newest = 0;
  for (const VisitorEvent& event : events) {
    if (is_aged(event) && event_weight(event, model) != 0) {
      newest = std::max(newest, static_cast<double>(event.time_ms));
    }
  }
  history.clear();
  for (const VisitorEvent& given : events) {
    Event event{given.item, event_weight(given, model), given.value, given.type, given.time_ms};
    if (event.weight == 0) continue;
    if (event.weight < 0) {
      std::erase_if(history, [&](const Event& earlier) { return earlier.item == event.item; });
    }
    if (given.kind == EventKind::kDislike && model.value_fold_in() != nullptr) {
      event.value = model.value_head()->minimum;
    }
    if (is_aged(given)) {
      const double days = (newest - static_cast<double>(given.time_ms)) / kDayMs;
      const auto share =
          static_cast<float>(internal::portable_pow(0.5, days / settings.half_life_days));
      event.weight =
          std::copysign(std::max(std::abs(event.weight) * share, kLeastWeight), event.weight);
    }
    history.push_back(event);
  }
}

}  // namespace palate
