// A sequence run that goes on from the events it has seen.
#include "runtime/sequence_follower.h"

#include <algorithm>
#include <cmath>

namespace palate::internal {
namespace {

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

Status SequenceFollower::follow(std::span<const SequenceEvent> events) {
  const std::size_t seen = run_.events();
  if (seen > events.size() || !std::ranges::equal(events.first(seen), fed_.first(seen))) {
    run_.clear();
  }
  if (events.size() >= room_) {
    // Room for as many again, so that a growing history is fed anew ever more rarely.
    const std::size_t room = 2 * events.size();
    room_ = 0;
    Status status = run_.reserve(room);
    if (status) status = fed_.reserve(room);
    if (status) status = input_.reserve(model_->dimension());
    if (!status) return status;
    room_ = room + 1;
  }
  while (run_.events() < events.size()) {
    const SequenceEvent& event = events[run_.events()];
    fed_[run_.events()] = event;
    write_input(*model_, event, input_.data());
    run_.step(input_.data());
  }
  return Done{};
}

}  // namespace palate::internal
