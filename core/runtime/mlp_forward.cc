// XNNPACK's fully connected operators in a row, fed block by block.
#include "runtime/mlp_forward.h"

#include <xnnpack.h>

#include <limits>
#include <string>

namespace palate::internal {
namespace {

static_assert(Buffer<float>::kPadding >= XNN_EXTRA_BYTES);

Error xnnpack_error(xnn_status status, const std::string& step) {
  if (status == xnn_status_out_of_memory) {
    return {ErrorCode::kMemory, "no memory for the network (" + step + ")"};
  }
  return {ErrorCode::kModelUnsupported, "the network cannot run here: XNNPACK refuses to " + step +
                                            " (status " + std::to_string(status) + ")"};
}

}  // namespace

void MlpForward::DeleteOperator::operator()(xnn_operator* op) const { xnn_delete_operator(op); }

Result<MlpForward> MlpForward::create(std::span<const DenseLayerView> layers) {
  if (const xnn_status status = xnn_initialize(nullptr); status != xnn_status_success) {
    return xnnpack_error(status, "start");
  }
  MlpForward forward(layers);
  if (Status status = forward.create_operators(); !status) return status.error();
  if (Status status = forward.reserve(); !status) return status.error();
  return forward;
}

Status MlpForward::create_operators() {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const DenseLayerView& layer : layers_) {
    const bool last = &layer == &layers_.back();
    xnn_operator_t op = nullptr;
    const xnn_status status = xnn_create_fully_connected_nc_f32(
        layer.inputs, layer.outputs, layer.inputs, layer.outputs, layer.weights.data(),
        layer.bias.data(), last ? -kInfinity : 0.0F, kInfinity, 0, nullptr, nullptr, &op);
    if (status != xnn_status_success) return xnnpack_error(status, "take a layer");
    operators_.emplace_back(op);
  }
  return Done{};
}

Status MlpForward::reserve() {
  if (Status status = input_.reserve(kBlockRows * input_size()); !status) return status;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    Buffer<float>& output = l % 2 == 0 ? even_ : odd_;
    if (Status status = output.reserve(kBlockRows * layers_[l].outputs); !status) return status;
  }
  return Done{};
}

Result<std::span<const float>> MlpForward::run(std::size_t rows) {
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
  return std::span<const float>{input, rows};
}

}  // namespace palate::internal
