// The public interface: what it refuses, and whom it asks.
#include "palate/recommender.h"

#include <algorithm>
#include <cassert>
#include <new>
#include <string>
#include <utility>

#include "palate/seldom.h"
#include "palate/words.h"
#include "runtime/filter.h"
#include "runtime/finite.h"
#include "runtime/learned_choices.h"
#include "runtime/recommender_state.h"
#include "runtime/refused.h"
#include "runtime/sequence_follower.h"
#include "runtime/tabular_inputs.h"
#include "runtime/taste.h"

namespace palate {
namespace {

using internal::HistoryItem;
using internal::RowMask;
using internal::VectorRetrieval;

constexpr float kMostExploration = 1000;

Error unsupported(std::string message) {
  return {ErrorCode::kModelUnsupported, std::move(message)};
}

Error count_of_zero() {
  return {ErrorCode::kRequestInvalid, "a list of zero items was asked for; ask for at least one"};
}

}  // namespace

Recommender::Recommender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recommender::Recommender(Recommender&&) noexcept = default;
Recommender& Recommender::operator=(Recommender&&) noexcept = default;
Recommender::~Recommender() = default;

Result<Recommender> Recommender::create(const Model& model) {
  if (model.item_count() == 0) {
    return unsupported("the model has no items to rank: it scores rows of features"_words);
  }
  std::unique_ptr<State> state(new (std::nothrow) State(model));
  if (state == nullptr) return Error{ErrorCode::kMemory, "no memory for a recommender"};
  if (Status status = state->load(); !status) return status.error();
  return Recommender(std::move(state));
}

Status Recommender::use_index() {
  VectorRetrieval* vectors = state_->retrievers ? state_->retrievers->vectors() : nullptr;
  if (vectors == nullptr || !state_->model->has_list_index()) return Done{};
  const Result<ListIndexView> index = state_->model->list_index();
  return index ? vectors->use_index(*index) : index.error();
}

Result<std::size_t> Recommender::best(std::span<const Event> history, const Request& request,
                                      std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  const Result<RowMask> excluded = state_->take(history, request);
  if (!excluded) return excluded.error();
  return state_->best(*excluded, picks);
}

Result<std::size_t> Recommender::recommend(std::span<const Event> history, const Request& request,
                                           std::span<Pick> picks) {
  const Exploration& exploration = request.exploration;
  if (picks.empty()) return count_of_zero();
  if (!(exploration.strength >= 0 && exploration.strength <= kMostExploration)) {
    return Error{ErrorCode::kRequestInvalid,
                 "the strength of exploration is not from 0 to 1000"_words};
  }
  const Result<RowMask> excluded = state_->take(history, request);
  if (!excluded) return excluded.error();
  if (exploration.strength == 0) return state_->list(request.reranking, *excluded, picks);
  if (state_->posterior() == nullptr) {
    return unsupported(
        "exploring needs a visitor's vector with a covariance: train with the recipe ials, rating, "
        "or a hybrid of them"_words);
  }
  if (!state_->knows_visitor()) return state_->list(request.reranking, *excluded, picks);
  VectorRetrieval& vectors = *state_->retrievers->vectors();
  const auto units = std::exchange(state_->units, {});
  vectors.explore(exploration.strength, exploration.seed);
  const Result<std::size_t> length = state_->list(request.reranking, *excluded, picks);
  Status status = vectors.settle();
  if (status && state_->learned) status = state_->learned->take_history();
  state_->units = units;
  if (status && length) status = state_->score_anew(picks.first(*length));
  return status ? length : status.error();
}

Result<std::size_t> Recommender::ask(std::span<const Event> history, const Filter& filter,
                                     std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  const Result<RowMask> excluded = state_->take(history, {.filter = filter});
  if (!excluded) return excluded.error();
  return state_->ask(*excluded, picks);
}

Status Recommender::score(std::span<const Event> history, std::span<const ItemIndex> items,
                          std::span<float> scores) {
  assert(items.size() == scores.size());
  if (Status status = internal::check_items(*state_->model, items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  return state_->score(items, scores);
}

Result<std::size_t> Recommender::similar(ItemIndex item, std::span<Pick> picks,
                                         const Filter& filter) {
  if (picks.empty()) return count_of_zero();
  if (Status status = internal::check_items(*state_->model, {&item, 1}); !status)
    return status.error();
  if (!state_->retrievers) {
    return unsupported(
        "this model ranks by popularity alone, so it knows of no item that is similar to another; "
        "train one with any other recipe"_words);
  }
  const HistoryItem itself{.row = static_cast<std::uint32_t>(to_row(item))};
  const Result<RowMask> excluded = state_->filter.make(filter, {&itself, 1});
  if (!excluded) return excluded.error();
  return state_->encoder().similar(item, *excluded, picks);
}

Result<Explanation> Recommender::explain(std::span<const Event> history, ItemIndex item) {
  if (Status status = internal::check_items(*state_->model, {&item, 1}); !status)
    return status.error();
  if (Status status = state_->read_history(history); !status) return status.error();
  Result<Explanation> explanation = state_->explain_plain(item);
  if (!explanation || state_->wishes.empty()) return explanation;
  Status status = seldom<&State::explain_wishes>(state_.get(), item, *explanation);
  if (!status) return status.error();
  return explanation;
}

Status Recommender::learn(std::span<const Event> history, std::span<const ItemIndex> shown,
                          const LearningSettings& settings) {
  if (shown.size() < 2 || shown.size() > kMostShown) {
    return internal::refused("a choice is made from 2 to 32 items"_words);
  }
  if (Status status = internal::check_items(*state_->model, shown); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  if (!state_->knows_visitor()) return Done{};
  if (!state_->learned) {
    internal::ScoringParts parts = {.model = state_->model, .retrievers = &*state_->retrievers};
    if (state_->ranker) {
      parts.ranker_input = &*state_->ranker_input;
      parts.ranker = &*state_->ranker;
      parts.ranker_gradient = &*state_->ranker_gradient;
    }
    auto made = internal::LearnedChoices::create(parts, settings);
    if (!made) return made.error();
    state_->learned = std::move(*made);
  }
  state_->knows_history = false;  // for the scores have changed
  return state_->learned->learn(shown);
}

void Recommender::unlearn() {
  if (!state_->learned) return;
  state_->learned.reset();
  state_->knows_history = false;
}

Status Recommender::adjust(std::span<const Adjustment> adjustments) {
  return state_->wishes.set(adjustments);
}

Status Recommender::set_context(std::span<const CellsView> cells, std::size_t row) {
  state_->units = {};
  if (state_->ranker_input) return state_->ranker_input->set_context(cells, row);
  return internal::check_cells({}, cells, row, row + 1);
}

Result<std::vector<Taste>> Recommender::taste(std::span<const Event> history) {
  if (Status status = state_->read_history(history); !status) return status.error();
  return internal::taste_of(*state_->model, state_->history, state_->wishes);
}

Status Recommender::predict_values(std::span<const Event> history, std::span<const ItemIndex> items,
                                   std::span<float> values) {
  assert(items.size() == values.size());
  if (state_->model->value_head() == nullptr) {
    return unsupported("this model predicts no values: the log it was trained on had none");
  }
  if (Status status = internal::check_items(*state_->model, items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  if (Status status = state_->predict(items, values); !status) return status;
  if (!internal::all_finite(values)) return internal::not_finite("a predicted value");
  return Done{};
}

Status Recommender::user_vector(std::span<const Event> history, std::span<float> vector) {
  assert(vector.size() == state_->model->dimension());
  if (Status status = state_->read_history(history); !status) return status;
  const VectorRetrieval* vectors =
      state_->knows_visitor() ? state_->retrievers->vectors() : nullptr;
  if (vectors != nullptr) {
    std::copy_n(vectors->user_vector().begin(), vector.size(), vector.begin());
  } else {
    std::fill(vector.begin(), vector.end(), 0.0F);
  }
  return Done{};
}

std::span<const float> Recommender::encoder_state(std::span<const Event> history) {
  const internal::SequenceFollower* follower = state_->follower();
  const bool is_read = follower != nullptr && state_->read_history(history).ok();
  return is_read && state_->knows_visitor() ? follower->run().state() : std::span<const float>();
}

bool Recommender::restore_encoder(std::span<const float> state) {
  internal::SequenceFollower* follower = state_->follower();
  // The follower has then read another history than the last one.
  state_->knows_history = false;
  return follower != nullptr && internal::all_finite(state) && follower->restore(state);
}

}  // namespace palate
