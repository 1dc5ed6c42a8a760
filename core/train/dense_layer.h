// A fully connected layer among the parameters of a network: forward, backward, into the file.
#ifndef PALATE_TRAIN_DENSE_LAYER_H_
#define PALATE_TRAIN_DENSE_LAYER_H_

#include <cstddef>
#include <span>

#include "palate/model_writer.h"
#include "train/kernels/kernels.h"

namespace palate::internal {

/// Where the layer's numbers stand: outputs x inputs weights from number `first` on, then a bias
/// for each output. A network keeps all its layers in one vector, so that an optimiser needs to
/// know nothing of them.
struct DensePlace {
  std::size_t first = 0;
  std::size_t inputs = 0;
  std::size_t outputs = 0;

  std::size_t weights() const { return inputs * outputs; }
  std::size_t bias() const { return first + weights(); }  ///< where the biases begin
  std::size_t end() const { return bias() + outputs; }
};

/// y = W x + b for each row.
void dense(const DensePlace& place, std::span<const float> parameters, const float* x,
           std::size_t rows, const Kernels& kernels, float* y);

/// Adds the derivatives by the layer's parameters to `gradient`, and writes those by x unless
/// `by_x` is null.
void dense_backward(const DensePlace& place, std::span<const float> parameters, const float* x,
                    const float* by_y, std::size_t rows, const Kernels& kernels,
                    std::span<float> gradient, float* by_x);

/// The layer as the model file holds it.
DenseLayer dense_layer(const DensePlace& place, std::span<const float> parameters);

}  // namespace palate::internal

#endif  // PALATE_TRAIN_DENSE_LAYER_H_
