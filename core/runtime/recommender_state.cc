// Histories taken in; scores, values and reasons of given items.
#include "runtime/recommender_state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "palate/seldom.h"
#include "runtime/finite.h"
#include "runtime/score_offset.h"
#include "runtime/value_head.h"

namespace palate {

Status Recommender::State::load() {
  if (model->encoder() == EncoderKind::kPopularity) return Done{};
  Result<internal::Retrievers> made = internal::Retrievers::create(*model);
  if (!made) return made.error();
  retrievers = std::move(*made);
  return model->ranker() != nullptr ? load_ranker() : Done{};
}

Status Recommender::State::load_ranker() {
  auto made_input = internal::RankerInput::create(*model, *retrievers);
  if (!made_input) return made_input.error();
  ranker_input = std::move(*made_input);
  auto made_ranker = internal::MlpRanker::create(*model);
  if (!made_ranker) return made_ranker.error();
  ranker = std::move(*made_ranker);
  auto made_gradient =
      internal::RankerGradient::create(*model, *ranker, *ranker_input, *retrievers);
  if (!made_gradient) return made_gradient.error();
  ranker_gradient = std::move(*made_gradient);
  return Done{};
}

// Merges the events and, where the model has an encoder, runs it and all that is beside it; a list
// and then the reasons of its items ask for the same history again and again.
Status Recommender::State::read_history(std::span<const Event> events) {
  if (knows_history && events.size() == event_count &&
      (events.empty() ||
       std::memcmp(events.data(), last_events.data(), events.size_bytes()) == 0)) {
    return Done{};
  }
  knows_history = false;
  if (Status status = last_events.reserve(events.size()); !status) return status;
  std::copy(events.begin(), events.end(), last_events.data());
  event_count = events.size();
  Status status = read_new_history(events);
  knows_history = status.ok();
  return status;
}

Status Recommender::State::read_new_history(std::span<const Event> events) {
  units = {};
  auto merged = merger.merge(events, model->item_count(), model->event_types().size());
  if (!merged) return merged.error();
  history = merged->items;
  speaks_for_items = std::ranges::any_of(
      history, [](const internal::HistoryItem& item) { return item.weight > 0; });
  if (!knows_visitor()) return Done{};
  if (Status status = retrievers->set_history(*merged); !status) return status;
  if (ranker_input) return ranker_input->set_history(history);
  return learned ? learned->take_history() : Done{};
}

void Recommender::State::retrieval_scores(std::span<const ItemIndex> items,
                                          std::span<float> scores) {
  encoder().score(items, scores);
}

// By the ranker where there is one.
Status Recommender::State::visitor_scores(std::span<const ItemIndex> items,
                                          std::span<float> scores) {
  using internal::VisitorKind;
  const VisitorKind visitor = knows_visitor() ? VisitorKind::kKnown : VisitorKind::kUnknown;
  Status status = learned ? learned->take_layers() : Done{};
  if (status && ranker) status = ranker->score(*ranker_input, items, scores, visitor);
  if (!ranker) retrieval_scores(items, scores);
  if (learned) learned->add_to(items, scores);
  return status;
}

// As if the visitor had asked for nothing.
Status Recommender::State::plain_scores(bool by_ranker, std::span<const ItemIndex> items,
                                        std::span<float> scores) {
  if (!knows_visitor() && !(by_ranker && ranks())) {
    std::transform(items.begin(), items.end(), scores.begin(),
                   [this](ItemIndex item) { return popularity.score(item); });
    return Done{};
  }
  if (by_ranker || !ranker) return visitor_scores(items, scores);
  retrieval_scores(items, scores);
  return Done{};
}

// What one unit of an adjustment comes to, for the history that was read.
Result<float> Recommender::State::unit(bool by_ranker) {
  std::optional<float>& known = units[by_ranker ? 1 : 0];
  if (!known) {
    const Result<float> found = deviation(by_ranker);
    if (!found) return found;
    known = *found;
  }
  return *known;
}

Result<float> Recommender::State::deviation(bool by_ranker) {
  std::array<ItemIndex, kBlock> items;
  std::array<float, kBlock> scores;
  const std::size_t count = std::min(kBlock, model->item_count());
  for (std::size_t row = 0; row < count; ++row) items[row] = to_item(row);
  Status status =
      plain_scores(by_ranker, std::span(items).first(count), std::span(scores).first(count));
  if (!status) return status.error();
  constexpr double kRounding = 1e-6;  // of scores that are all the same
  double mean = 0;
  double variance = 0;
  for (std::size_t i = 0; i < count; ++i) mean += scores[i] / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) variance += (scores[i] - mean) * (scores[i] - mean);
  const double found = std::sqrt(variance / static_cast<double>(count));
  return found > kRounding * std::abs(mean) ? static_cast<float>(found) : 1;
}

Status Recommender::State::moved_scores(bool by_ranker, std::span<const ItemIndex> items,
                                        std::span<float> scores) {
  Status status = plain_scores(by_ranker, items, scores);
  if (status && !wishes.empty()) status = seldom<&State::move>(this, by_ranker, items, scores);
  if (status && !internal::all_finite(scores)) return internal::not_finite("a score");
  return status;
}

Status Recommender::State::move(bool by_ranker, std::span<const ItemIndex> items,
                                std::span<float> scores) {
  const Result<float> one = unit(by_ranker);
  if (!one) return one.error();
  for (std::size_t i = 0; i < items.size(); ++i) scores[i] += *one * wishes.of(items[i]);
  return Done{};
}

Status Recommender::State::score(std::span<const ItemIndex> items, std::span<float> scores) {
  return moved_scores(true, items, scores);
}

// Values of the items for the visitor whose history was read (palate/model.h, ValueHeadView).
Status Recommender::State::predict(std::span<const ItemIndex> items, std::span<float> values) {
  const ValueHeadView& head = *model->value_head();
  if (model->encoder() == EncoderKind::kValueFoldIn) {
    std::transform(items.begin(), items.end(), values.begin(),
                   [&](ItemIndex item) { return head.mean + head.item_bias[to_row(item)]; });
    if (knows_visitor() && internal::scores_by_cosine(*model)) {
      retrievers->vectors()->add_products(items, values);
    } else if (knows_visitor()) {
      if (Status status = visitor_scores(items, values); !status) return status;
    }
    for (float& value : values) value = std::clamp(value, head.minimum, head.maximum);
    return Done{};
  }
  std::fill(values.begin(), values.end(), 0.0F);
  if (knows_visitor()) retrieval_scores(items, values);
  const double bias = internal::visitor_bias(head, history);
  for (std::size_t i = 0; i < items.size(); ++i) {
    values[i] = internal::predicted_value(head, bias, items[i], values[i]);
  }
  return Done{};
}

Result<Explanation> Recommender::State::explain_retrieval(ItemIndex item,
                                                          std::span<float> item_amounts) {
  float score = 0;
  Status status = visitor_scores({&item, 1}, {&score, 1});
  if (status) status = encoder().contributions(item, item_amounts);
  if (!status) return status.error();
  const Result<float> base = encoder().base(item);
  if (!base) return base.error();
  const float learned_base = learned ? learned->base(item) : 0;
  return internal::explanation_of(score, *base + learned_base, history, item_amounts);
}

Result<Explanation> Recommender::State::explain_ranker(ItemIndex item,
                                                       std::span<float> item_amounts) {
  Status status = learned ? learned->take_layers() : Done{};
  if (status) status = ranker_gradient->measure(item, item_amounts);
  if (!status) return status.error();
  const float learned_base = learned ? learned->base(item) : 0;
  return internal::explanation_of(ranker_gradient->score() + learned_base,
                                  ranker_gradient->base() + learned_base, history, item_amounts);
}

Result<Explanation> Recommender::State::explain_plain(ItemIndex item) {
  if (!knows_visitor()) {
    Explanation explanation;
    Status status = plain_scores(true, {&item, 1}, {&explanation.score, 1});
    if (!status) return status.error();
    explanation.base = explanation.score;
    return explanation;
  }
  if (Status status = amounts.reserve(history.size()); !status) return status.error();
  const std::span<float> item_amounts = amounts.first(history.size());
  Result<Explanation> explanation =
      ranker ? explain_ranker(item, item_amounts) : explain_retrieval(item, item_amounts);
  if (!explanation) return explanation;
  Status status =
      attribute_shares.share_out(item, explanation->contributions, explanation->attributes);
  if (!status) return status.error();
  return explanation;
}

Status Recommender::State::explain_wishes(ItemIndex item, Explanation& explanation) {
  const Result<float> one = unit(true);
  if (!one) return one.error();
  wishes.append(item, *one, explanation.adjustments);
  for (const AttributeContribution& moved : explanation.adjustments) {
    explanation.score += moved.amount;
  }
  return Done{};
}

}  // namespace palate
