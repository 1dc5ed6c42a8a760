// A layer whose weights are bytes: whole numbers are multiplied.
#ifndef PALATE_RUNTIME_BYTE_LAYER_H_
#define PALATE_RUNTIME_BYTE_LAYER_H_

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// max(0, W x + b) of a quantised layer, the inputs rounded to its steps. Borrows the layer.
class ByteLayer {
 public:
  static Result<ByteLayer> create(const DenseLayerView& layer);

  /// One row, of inputs that are not below 0.
  void run(const float* inputs, float* outputs);

 private:
  explicit ByteLayer(const DenseLayerView& layer) : layer_(layer) {}

  DenseLayerView layer_;
  Buffer<std::int8_t> rounded_;
  Buffer<std::int32_t> products_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_BYTE_LAYER_H_
