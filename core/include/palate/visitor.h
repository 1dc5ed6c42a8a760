// A visitor of a page: the events of a profile, what each counts, and what is learned from them.
#ifndef PALATE_VISITOR_H_
#define PALATE_VISITOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "palate/model.h"
#include "palate/recommender.h"
#include "palate/result.h"
#include "palate/types.h"

namespace palate {

/// What a visitor did with an item, or what became of it.
enum class EventKind : std::uint32_t {
  kOther,  ///< an interaction as training knew it
  kView,
  kLike,
  kDislike,
  kCart,
  kBuy,
  kRate,        ///< with the rating as value
  kImpression,  ///< it was shown
  kSkip,        ///< it was shown and passed over
  kDwell,       ///< with the seconds as value
};

/// "view", "like" and so on; `kOther` for any other text.
EventKind event_kind(std::string_view name);

/// One event of a profile.
struct VisitorEvent {
  ItemIndex item{};
  EventKind kind = EventKind::kOther;
  float value = kNoValue;    ///< of `kRate` and `kDwell`
  std::uint32_t type = 0;    ///< 1 + row of the model's event types; 0 where unknown
  std::int64_t time_ms = 0;  ///< milliseconds since 1970-01-01 UTC; 0 when unknown
};

/// How much an event speaks for its item, or below 0 against it; 0: neither. 1 is what every
/// interaction counted in training. What is more or less than that is a choice, not a measurement:
///
///   view 1, like and cart 2, buy 3, other 1, dislike -1, impression and skip 0;
///   rate 1 + (value - mean) / half the range of the log's values, within [-1, 2], where the model
///     knows them and reads no values itself (`ValueFoldInView`); else 1;
///   dwell 2 t / (t + 60) after t seconds.
float event_weight(const VisitorEvent& event, const Model& model);

struct VisitorSettings {
  /// The age at which an event counts half as much as the newest, in days, above 0; infinite: for
  /// ever. Ages are those of events of known kind and time, against the newest that counts.
  double half_life_days = 90;
  bool learns = true;  ///< from what was shown and what became of it
};

/// The events that count, oldest first, with their weights. A dislike takes the item's events
/// before it out; with a model that reads values it is a rating, the lowest.
void weigh_events(std::span<const VisitorEvent> events, const Model& model,
                  const VisitorSettings& settings, std::vector<Event>& history);

/// Keeps a recommender in step with a profile. All that it holds follows from the events: take one
/// away, and everything is as if it had never been there. Borrows both; what the recommender was
/// taught otherwise is lost. Use from one thread at a time.
class Visitor {
 public:
  Visitor(const Model& model, Recommender& recommender, const VisitorSettings& settings)
      : model_(&model), recommender_(&recommender), settings_(settings) {}

  /// Takes all events, oldest first. Where those that were learned do not stand at their front,
  /// nothing is known any more.
  void set_events(std::vector<VisitorEvent> events);

  /// What the events come to, for the recommender's calls; valid until the next `set_events`.
  std::span<const Event> history() const { return history_; }

  /// Whether there are choices among them that `learn` has not learned from.
  bool is_behind() const { return settings_.learns && next_ < events_.size(); }

  /// Learns from these: an event that speaks for an item which was shown since it was last spoken
  /// for is a choice of it against the newest `kShown` others that were shown, skipped or disliked
  /// and not chosen (`Recommender::learn`), by a visitor of the history before the event. Where it
  /// fails nothing is known; the errors are the recommender's.
  Status learn();

  static constexpr std::size_t kShown = 24;

 private:
  void unlearn();
  void find_choice();
  bool is_choice(const VisitorEvent& event) const;
  void take_back(ItemIndex item);

  const Model* model_;
  Recommender* recommender_;
  VisitorSettings settings_;
  std::vector<VisitorEvent> events_;
  std::size_t next_ = 0;  // the first event that is not learned from: a choice
  std::vector<Event> history_;
  std::size_t shown_count_ = 0;
  /// First the item that an event is about, then those that were shown and not chosen, the newest
  /// last.
  std::array<ItemIndex, kShown + 1> choice_{};
};

}  // namespace palate

#endif  // PALATE_VISITOR_H_
