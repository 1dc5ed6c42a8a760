// A layer's weights as the matrix kernel reads them.
#ifndef PALATE_RUNTIME_PACKED_LAYER_H_
#define PALATE_RUNTIME_PACKED_LAYER_H_

#include <cstddef>
#include <span>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// W x + b for many rows x, of the layer's columns from `first_column` on. Borrows the layer.
class PackedLayer {
 public:
  static Result<PackedLayer> create(const DenseLayerView& layer, std::size_t first_column = 0);

  std::size_t inputs() const { return layer_.inputs - first_column_; }
  std::size_t outputs() const { return layer_.outputs; }

  /// Takes other biases than the layer's.
  void set_bias(std::span<const float> bias);

  /// Rows of `inputs()` numbers to rows of `outputs()`; with `rectify` none below 0.
  void run(std::size_t rows, const float* inputs, float* outputs, bool rectify) const;

 private:
  PackedLayer(const DenseLayerView& layer, std::size_t first_column)
      : layer_(layer), first_column_(first_column) {}

  DenseLayerView layer_;
  std::size_t first_column_;
  Buffer<float> packed_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_PACKED_LAYER_H_
