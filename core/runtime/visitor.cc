// Replaying a profile: each choice is learned with the history as it was then.
#include "palate/visitor.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace palate {

void Visitor::set_events(std::vector<VisitorEvent> events) {
  // Event by event the same bytes: padding there is none.
  static_assert(sizeof(VisitorEvent) == 24);
  if (next_ > events.size() || (next_ > 0 && std::memcmp(events_.data(), events.data(),
                                                         next_ * sizeof(VisitorEvent)) != 0)) {
    unlearn();
  }
  events_ = std::move(events);
  weigh_events(events_, *model_, settings_, history_);
  find_choice();
}

Status Visitor::learn() {
  Status status = Done{};
  while (status && is_behind()) {
    const std::size_t position = next_++;
    choice_[0] = events_[position].item;
    take_back(choice_[0]);
    weigh_events(std::span(events_).first(position), *model_, settings_, history_);
    status = recommender_->learn(history_, std::span(choice_).first(1 + shown_count_));
    if (!status) unlearn();
    find_choice();
  }
  weigh_events(events_, *model_, settings_, history_);
  return status;
}

void Visitor::unlearn() {
  next_ = 0;
  shown_count_ = 0;
  recommender_->unlearn();
}

/// Follows what was shown up to the next choice.
void Visitor::find_choice() {
  for (; is_behind() && !is_choice(events_[next_]); ++next_) {
    const VisitorEvent& event = events_[next_];
    take_back(event.item);
    if (event.kind != EventKind::kImpression && event.kind != EventKind::kSkip &&
        event_weight(event, *model_) >= 0) {
      continue;
    }
    if (shown_count_ == kShown) take_back(choice_[1]);
    choice_[++shown_count_] = event.item;
  }
}

bool Visitor::is_choice(const VisitorEvent& event) const {
  const auto shown = std::span(choice_).subspan(1, shown_count_);
  return shown_count_ > 1 && event_weight(event, *model_) > 0 &&
         std::ranges::find(shown, event.item) != shown.end();
}

/// Of those that were shown and not chosen.
void Visitor::take_back(ItemIndex item) {
  ItemIndex* const end = choice_.data() + 1 + shown_count_;
  ItemIndex* const found = std::find(choice_.data() + 1, end, item);
  if (found == end) return;
  std::copy(found + 1, end, found);
  --shown_count_;
}

}  // namespace palate
