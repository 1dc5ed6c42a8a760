// The parts of the runtime, put together behind the public interface.
#include "palate/recommender.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "runtime/buffer.h"
#include "runtime/dot.h"
#include "runtime/explain.h"
#include "runtime/finite.h"
#include "runtime/fold_in.h"
#include "runtime/history.h"
#include "runtime/mlp_ranker.h"
#include "runtime/top_k.h"
#include "runtime/value_head.h"

namespace palate {
namespace {

using internal::Buffer;
using internal::HistoryItem;

Error unsupported(std::string message) {
  return {ErrorCode::kModelUnsupported, std::move(message)};
}

Error unknown_item(std::size_t row, std::size_t item_count) {
  return {
      ErrorCode::kRequestInvalid,
      "item " + std::to_string(row) + " is not one of the model's " + std::to_string(item_count)};
}

Error count_of_zero() {
  return {ErrorCode::kRequestInvalid, "a list of zero items was asked for; ask for at least one"};
}

}  // namespace

struct Recommender::State {
  explicit State(const Model& of) : model(&of), item_vectors(of.item_vectors()) {}

  Status load();
  Status load_encoder();
  Status check_items(std::span<const ItemIndex> items) const;
  Status read_history(std::span<const Event> events);
  bool knows_visitor() const { return encoder.has_value() && !history.empty(); }
  float popularity_score(ItemIndex item) const;

  std::size_t pick_popular(bool exclude_seen, std::span<Pick> picks) const;
  Result<std::size_t> retrieve(bool exclude_seen, std::span<Pick> picks);
  Result<std::size_t> rank(const Request& request, std::span<Pick> picks);
  Status measure_vectors();

  const Model* model;
  MatrixView item_vectors;
  double interactions = 0;  // of the whole catalogue
  std::optional<internal::FoldInEncoder> encoder;
  std::optional<internal::MlpRanker> ranker;
  std::optional<internal::Explainer> explainer;
  internal::HistoryMerger merger;

  // Of the request at hand.
  std::span<const HistoryItem> history;
  std::span<const float> user_vector;  // set when knows_visitor()
  Buffer<float> user_vector_memory;
  Buffer<std::uint32_t> seen;
  Buffer<Pick> candidates;
  Buffer<ItemIndex> candidate_items;
  Buffer<float> candidate_scores;
  Buffer<float> inverse_norms;  // of all item vectors, from the first `similar` on
  bool has_norms = false;
};

Status Recommender::State::load() {
  for (std::size_t row = 0; row < model->item_count(); ++row) {
    interactions += model->popularity(to_item(row));
  }
  if (Status status = user_vector_memory.reserve(item_vectors.columns); !status) return status;
  if (model->encoder() == EncoderKind::kPopularity) {
    if (model->ranker() == nullptr) return Done{};
    return unsupported("the model has a ranker but no user vectors for it to rank by");
  }
  return load_encoder();
}

Status Recommender::State::load_encoder() {
  if (model->encoder() != EncoderKind::kFoldIn || model->fold_in() == nullptr) {
    return unsupported("the model's encoder is unknown to this build; use a newer one");
  }
  auto made_encoder = internal::FoldInEncoder::create(*model->fold_in(), item_vectors);
  if (!made_encoder) return made_encoder.error();
  encoder = std::move(*made_encoder);
  if (model->ranker() != nullptr) {
    auto made_ranker = internal::MlpRanker::create(*model);
    if (!made_ranker) return made_ranker.error();
    ranker = std::move(*made_ranker);
  }
  auto made_explainer = internal::Explainer::create(item_vectors, ranker ? &*ranker : nullptr);
  if (!made_explainer) return made_explainer.error();
  explainer = std::move(*made_explainer);
  return Done{};
}

Status Recommender::State::check_items(std::span<const ItemIndex> items) const {
  for (const ItemIndex item : items) {
    if (to_row(item) >= model->item_count()) {
      return unknown_item(to_row(item), model->item_count());
    }
  }
  return Done{};
}

// Merges the events and, where the model has an encoder, finds the user vector.
Status Recommender::State::read_history(std::span<const Event> events) {
  auto merged = merger.merge(events, model->item_count());
  if (!merged) return merged.error();
  history = *merged;
  if (!knows_visitor()) return Done{};
  const std::span<float> vector = user_vector_memory.first(item_vectors.columns);
  user_vector = vector;
  if (Status status = encoder->set_history(history); !status) return status;
  return encoder->encode(vector);
}

float Recommender::State::popularity_score(ItemIndex item) const {
  return interactions > 0 ? static_cast<float>(model->popularity(item) / interactions) : 0.0F;
}

// The rows are in order of popularity already, and so is the history.
std::size_t Recommender::State::pick_popular(bool exclude_seen, std::span<Pick> picks) const {
  std::size_t count = 0;
  auto next_seen = exclude_seen ? history.begin() : history.end();
  for (std::size_t row = 0; row < model->item_count() && count < picks.size(); ++row) {
    if (next_seen != history.end() && next_seen->row == row) {
      ++next_seen;
      continue;
    }
    picks[count++] = {to_item(row), popularity_score(to_item(row))};
  }
  return count;
}

Result<std::size_t> Recommender::State::retrieve(bool exclude_seen, std::span<Pick> picks) {
  std::span<const std::uint32_t> excluded;
  if (exclude_seen) {
    if (Status status = seen.reserve(history.size()); !status) return status.error();
    for (std::size_t i = 0; i < history.size(); ++i) seen[i] = history[i].row;
    excluded = seen.first(history.size());
  }
  const auto count = internal::top_k(
      {.table = item_vectors, .vector = user_vector, .row_scale = {}, .excluded = excluded}, picks);
  if (!count) return internal::not_finite("a retrieval score");
  return *count;
}

// Retrieval hands candidates over; the ranker scores and orders them.
Result<std::size_t> Recommender::State::rank(const Request& request, std::span<Pick> picks) {
  const std::size_t asked =
      request.candidates > 0 ? request.candidates : model->ranker()->candidates;
  const std::size_t limit = std::min(std::max(asked, picks.size()), model->item_count());
  if (Status status = candidates.reserve(limit); !status) return status.error();
  if (Status status = candidate_items.reserve(limit); !status) return status.error();
  if (Status status = candidate_scores.reserve(limit); !status) return status.error();

  const Result<std::size_t> found = retrieve(request.exclude_seen, candidates.first(limit));
  if (!found) return found.error();
  const std::span<Pick> list = candidates.first(*found);
  const std::span<float> scores = candidate_scores.first(*found);
  for (std::size_t i = 0; i < list.size(); ++i) candidate_items[i] = list[i].item;
  if (Status status = ranker->score(user_vector, candidate_items.first(*found), scores); !status) {
    return status.error();
  }
  if (!internal::all_finite(scores)) return internal::not_finite("a ranker's score");
  for (std::size_t i = 0; i < list.size(); ++i) list[i].score = scores[i];
  std::sort(list.begin(), list.end(), internal::ranks_before);
  const std::size_t count = std::min(list.size(), picks.size());
  std::copy_n(list.begin(), count, picks.begin());
  return count;
}

// inverse_norms[r] = 1 / |row r|, or 0 for a row of (next to) nothing, which is similar to none.
Status Recommender::State::measure_vectors() {
  if (has_norms) return Done{};
  if (Status status = inverse_norms.reserve(item_vectors.rows); !status) return status;
  for (std::size_t row = 0; row < item_vectors.rows; ++row) {
    double squares = 0;
    for (const float x : item_vectors.row(row)) squares += double{x} * x;
    const double norm = std::sqrt(squares);
    const bool nothing = norm < std::numeric_limits<float>::min();
    inverse_norms[row] = nothing ? 0.0F : static_cast<float>(1.0 / norm);
  }
  has_norms = true;
  return Done{};
}

Recommender::Recommender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recommender::Recommender(Recommender&&) noexcept = default;
Recommender& Recommender::operator=(Recommender&&) noexcept = default;
Recommender::~Recommender() = default;

Result<Recommender> Recommender::create(const Model& model) {
  std::unique_ptr<State> state(new (std::nothrow) State(model));
  if (state == nullptr) return Error{ErrorCode::kMemory, "no memory for a recommender"};
  if (Status status = state->load(); !status) return status.error();
  return Recommender(std::move(state));
}

Result<std::size_t> Recommender::recommend(std::span<const Event> history, const Request& request,
                                           std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  if (Status status = state_->read_history(history); !status) return status.error();
  if (!state_->knows_visitor()) return state_->pick_popular(request.exclude_seen, picks);
  if (state_->ranker) return state_->rank(request, picks);
  return state_->retrieve(request.exclude_seen, picks);
}

Status Recommender::score(std::span<const Event> history, std::span<const ItemIndex> items,
                          std::span<float> scores) {
  assert(items.size() == scores.size());
  if (Status status = state_->check_items(items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  if (!state_->knows_visitor()) {
    std::transform(items.begin(), items.end(), scores.begin(),
                   [this](ItemIndex item) { return state_->popularity_score(item); });
    return Done{};
  }
  if (state_->ranker) {
    Status status = state_->ranker->score(state_->user_vector, items, scores);
    if (!status) return status;
  } else {
    std::transform(items.begin(), items.end(), scores.begin(), [this](ItemIndex item) {
      return internal::dot(state_->item_vectors.row(to_row(item)).data(), state_->user_vector);
    });
  }
  if (!internal::all_finite(scores)) return internal::not_finite("a score");
  return Done{};
}

Result<std::size_t> Recommender::similar(ItemIndex item, std::span<Pick> picks) {
  if (picks.empty()) return count_of_zero();
  if (Status status = state_->check_items({&item, 1}); !status) return status.error();
  const MatrixView& table = state_->item_vectors;
  if (table.columns == 0) {
    return unsupported(
        "this model has no item vectors, so no item is similar to another; train "
        "one with the recipe ials or hybrid");
  }
  if (Status status = state_->measure_vectors(); !status) return status.error();
  const std::span<float> direction = state_->user_vector_memory.first(table.columns);
  std::transform(table.row(to_row(item)).begin(), table.row(to_row(item)).end(), direction.begin(),
                 [scale = state_->inverse_norms[to_row(item)]](float x) { return x * scale; });
  const std::uint32_t itself[] = {static_cast<std::uint32_t>(to_row(item))};
  const auto count = internal::top_k({.table = table,
                                      .vector = direction,
                                      .row_scale = state_->inverse_norms.first(table.rows),
                                      .excluded = itself},
                                     picks);
  if (!count) return internal::not_finite("a similarity");
  return *count;
}

Result<Explanation> Recommender::explain(std::span<const Event> history, ItemIndex item) {
  if (Status status = state_->check_items({&item, 1}); !status) return status.error();
  if (Status status = state_->read_history(history); !status) return status.error();
  if (!state_->knows_visitor()) {
    const float score = state_->popularity_score(item);
    return Explanation{.score = score, .base = score, .remainder = 0, .contributions = {}};
  }
  return state_->explainer->explain(state_->history, state_->user_vector, item, *state_->encoder,
                                    state_->ranker ? &*state_->ranker : nullptr);
}

Status Recommender::predict_values(std::span<const Event> history, std::span<const ItemIndex> items,
                                   std::span<float> values) {
  assert(items.size() == values.size());
  const ValueHeadView* head = state_->model->value_head();
  if (head == nullptr) {
    return unsupported("this model predicts no values: the log it was trained on had none");
  }
  if (Status status = state_->check_items(items); !status) return status;
  if (Status status = state_->read_history(history); !status) return status;
  const double bias = internal::visitor_bias(*head, state_->history);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const float score =
        state_->knows_visitor()
            ? internal::dot(state_->item_vectors.row(to_row(items[i])).data(), state_->user_vector)
            : 0.0F;
    values[i] = internal::predicted_value(*head, bias, items[i], score);
  }
  if (!internal::all_finite(values)) return internal::not_finite("a predicted value");
  return Done{};
}

Status Recommender::user_vector(std::span<const Event> history, std::span<float> vector) {
  assert(vector.size() == state_->model->dimension());
  if (Status status = state_->read_history(history); !status) return status;
  if (state_->knows_visitor()) {
    std::copy(state_->user_vector.begin(), state_->user_vector.end(), vector.begin());
  } else {
    std::fill(vector.begin(), vector.end(), 0.0F);
  }
  return Done{};
}

}  // namespace palate
