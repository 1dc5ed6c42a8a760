// Layers with their weights in floats, whatever the file has them in.
#ifndef PALATE_RUNTIME_FLOAT_LAYERS_H_
#define PALATE_RUNTIME_FLOAT_LAYERS_H_

#include <span>
#include <vector>

#include "palate/model.h"
#include "palate/result.h"
#include "runtime/buffer.h"

namespace palate::internal {

/// Borrows weights that are floats already.
class FloatLayers {
 public:
  static Result<FloatLayers> create(std::span<const DenseLayerView> layers);

  /// Stay where they are when this is moved.
  std::span<const DenseLayerView> views() const { return views_; }

 private:
  std::vector<DenseLayerView> views_;
  Buffer<float> weights_;
};

}  // namespace palate::internal

#endif  // PALATE_RUNTIME_FLOAT_LAYERS_H_
