// A sequence run that goes on from the events it has seen.
#include "runtime/sequence_follower.h"

#include <cmath>
#include <cstring>

namespace palate::internal {
namespace {

constexpr std::size_t kMarkBytes = offsetof(SequenceEvent, index);

/// Of a table that may be absent.
void add_row(const MatrixView& table, std::size_t row, float* sum) {
  if (table.rows == 0) return;
  for (const float number : table.row(row)) *sum++ += number;
}

}  // namespace

void write_input(const Model& model, const SequenceEvent& event, float* input) {
  const std::size_t d = model.dimension();
  model.item_vectors().read(event.row, {input, d});
  const float scale = std::sqrt(static_cast<float>(d));
  for (std::size_t k = 0; k < d; ++k) input[k] *= scale;
  add_row(model.sequence()->gap_vectors, event.gap, input);
  add_row(model.sequence()->type_vectors, event.type, input);
}

/// No more than it has seen.
bool SequenceFollower::has_seen(std::span<const SequenceEvent> events) const {
  for (std::size_t k = 0; k < events.size(); ++k) {
    const void* mark = run_.mark(k);  // words, not numbers
    if (std::memcmp(mark, &events[k], kMarkBytes) != 0) return false;
  }
  return true;
}

Status SequenceFollower::follow(std::span<const SequenceEvent> events) {
  const std::size_t seen = run_.events();
  if (seen > events.size() || !has_seen(events.first(seen))) clear();
  if (Status status = make_room(events.size()); !status) return status;
  while (run_.events() < events.size()) {
    const SequenceEvent& event = events[run_.events()];
    std::memcpy(run_.mark(run_.events()), &event, kMarkBytes);
    write_input(*model_, event, input_.data());
    run_.step(input_.data());
  }
  return Done{};
}

bool SequenceFollower::restore(std::span<const float> state) {
  if (!make_room(0)) return false;
  const std::ptrdiff_t events = run_.events_of(state.size());
  if (events < 0 || !make_room(static_cast<std::size_t>(events))) return false;
  run_.set_state(state);
  return true;
}

Status SequenceFollower::make_room(std::size_t events) {
  if (events < room_) return Done{};
  // Room for as many again, so that a growing history is fed anew ever more rarely.
  const std::size_t room = 2 * events;
  room_ = 0;
  Status status = run_.reserve(room);
  if (status) status = input_.reserve(model_->dimension());
  if (status) room_ = room + 1;
  return status;
}

}  // namespace palate::internal
