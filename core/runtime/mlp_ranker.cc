// XNNPACK's fully connected operators in a row, fed block by block.
#include "runtime/mlp_ranker.h"

#include <xnnpack.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <utility>

#include "runtime/dot.h"

namespace palate::internal {
namespace {

// Large enough to keep the kernels busy, small enough for the rows to stay in the cache.
constexpr std::size_t kBlockRows = 128;

static_assert(Buffer<float>::kPadding >= XNN_EXTRA_BYTES);

Error xnnpack_error(xnn_status status, const std::string& step) {
  if (status == xnn_status_out_of_memory) {
    return {ErrorCode::kMemory, "no memory for the ranker (" + step + ")"};
  }
  return {ErrorCode::kModelUnsupported, "the ranker cannot run here: XNNPACK refuses to " + step +
                                            " (status " + std::to_string(status) + ")"};
}

}  // namespace

void MlpRanker::DeleteOperator::operator()(xnn_operator* op) const { xnn_delete_operator(op); }

Result<MlpRanker> MlpRanker::create(const Model& model) {
  assert(model.ranker() != nullptr);
  if (const xnn_status status = xnn_initialize(nullptr); status != xnn_status_success) {
    return xnnpack_error(status, "start");
  }
  Result<ItemFeatures> features = ItemFeatures::create(model, model.ranker()->features);
  if (!features) return features.error();
  MlpRanker ranker(model, std::move(*features));
  if (Status status = ranker.create_operators(); !status) return status.error();
  if (Status status = ranker.reserve(); !status) return status.error();
  return ranker;
}

Status MlpRanker::create_operators() {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const DenseLayerView& layer : ranker_->layers) {
    const bool last = &layer == &ranker_->layers.back();
    xnn_operator_t op = nullptr;
    const xnn_status status = xnn_create_fully_connected_nc_f32(
        layer.inputs, layer.outputs, layer.inputs, layer.outputs, layer.weights.data(),
        layer.bias.data(), last ? -kInfinity : 0.0F, kInfinity, 0, nullptr, nullptr, &op);
    if (status != xnn_status_success) return xnnpack_error(status, "take a layer");
    operators_.emplace_back(op);
  }
  return Done{};
}

Status MlpRanker::reserve() {
  if (Status status = input_.reserve(kBlockRows * input_size()); !status) return status;
  for (std::size_t l = 0; l < ranker_->layers.size(); ++l) {
    Buffer<float>& output = l % 2 == 0 ? even_ : odd_;
    if (Status status = output.reserve(kBlockRows * ranker_->layers[l].outputs); !status) {
      return status;
    }
  }
  return Done{};
}

void MlpRanker::write_input(std::span<const float> user_vector, ItemIndex item,
                            std::span<float> row) const {
  assert(row.size() == input_size());
  const std::span<const float> item_vector = item_vectors_.row(to_row(item));
  std::copy(user_vector.begin(), user_vector.end(), row.begin());
  std::copy(item_vector.begin(), item_vector.end(), row.subspan(user_vector.size()).begin());
  const float retrieval_score = dot(item_vector.data(), user_vector) + offset_[to_row(item)];
  features_.write(item, retrieval_score, row.last(features_.size()));
}

Status MlpRanker::score(std::span<const float> user_vector, std::span<const ItemIndex> items,
                        std::span<float> scores) {
  assert(user_vector.size() == item_vectors_.columns && items.size() == scores.size());
  for (std::size_t first = 0; first < items.size(); first += kBlockRows) {
    const std::size_t rows = std::min(kBlockRows, items.size() - first);
    for (std::size_t r = 0; r < rows; ++r) {
      write_input(user_vector, items[first + r], {input_.data() + r * input_size(), input_size()});
    }
    if (Status status = run(rows); !status) return status;
    const Buffer<float>& logits = operators_.size() % 2 == 1 ? even_ : odd_;
    std::copy_n(logits.data(), rows, scores.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return Done{};
}

Status MlpRanker::run(std::size_t rows) {
  const float* input = input_.data();
  for (std::size_t l = 0; l < operators_.size(); ++l) {
    xnn_operator_t op = operators_[l].get();
    float* output = (l % 2 == 0 ? even_ : odd_).data();
    xnn_status status = xnn_reshape_fully_connected_nc_f32(op, rows, nullptr);
    if (status == xnn_status_success) {
      status = xnn_setup_fully_connected_nc_f32(op, input, output);
    }
    if (status == xnn_status_success) status = xnn_run_operator(op, nullptr);
    if (status != xnn_status_success) return xnnpack_error(status, "run a layer");
    input = output;
  }
  return Done{};
}

}  // namespace palate::internal
