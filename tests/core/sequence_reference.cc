// The sequence network once more, in plain double precision: what tests compare against.
#include "sequence_reference.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace palate::testing {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

Vector normalized(Vector x) {
  double squares = 0;
  for (const double number : x) squares += number * number;
  const double length = std::sqrt(squares / static_cast<double>(x.size()) + double{kNormEpsilon});
  for (double& number : x) number /= length;
  return x;
}

/// Reads numbers one after the other.
class Reader {
 public:
  explicit Reader(const std::vector<double>& numbers) : next_(numbers.data()) {}

  const double* take(std::size_t count) { return std::exchange(next_, next_ + count); }

 private:
  const double* next_;
};

struct Layer {
  std::size_t inputs;
  std::size_t outputs;
  const double* weights;
  const double* bias;

  Layer(const DenseLayer& shape, Reader& reader)
      : inputs(shape.inputs),
        outputs(shape.outputs),
        weights(reader.take(inputs * outputs)),
        bias(reader.take(outputs)) {}

  Vector operator()(const Vector& x) const {
    Vector y(bias, bias + outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
      for (std::size_t i = 0; i < inputs; ++i) y[o] += weights[o * inputs + i] * x[i];
    }
    return y;
  }
};

Matrix attended(const Matrix& mixing, const Sequence& shape, std::size_t d,
                const double* distances) {
  const std::size_t width = d / shape.heads;
  Matrix mixed;
  for (std::size_t t = 0; t < mixing.size(); ++t) {
    Vector& row = mixed.emplace_back(d, 0.0);
    for (std::size_t head = 0; head < shape.heads; ++head) {
      const std::size_t first = head * width;
      Vector weights;
      double sum = 0;
      for (std::size_t s = 0; s <= t; ++s) {
        double score = distances[head * shape.window + shape.window - 1 - (t - s)];
        for (std::size_t k = first; k < first + width; ++k) {
          score += mixing[t][k] * mixing[s][d + k] / std::sqrt(static_cast<double>(width));
        }
        weights.push_back(std::exp(score));
        sum += weights.back();
      }
      for (std::size_t s = 0; s <= t; ++s) {
        for (std::size_t k = first; k < first + width; ++k) {
          row[k] += weights[s] / sum * mixing[s][2 * d + k];
        }
      }
    }
  }
  return mixed;
}

Matrix recurred(const Matrix& mixing) {
  const std::size_t width = mixing.front().size() / 3;
  Matrix mixed;
  Vector state(width, 0.0);
  for (const Vector& row : mixing) {
    Vector& out = mixed.emplace_back(width);
    for (std::size_t k = 0; k < width; ++k) {
      state[k] += logistic(row[k]) * (row[width + k] - state[k]);
      out[k] = state[k] * row[2 * width + k] * logistic(row[2 * width + k]);
    }
  }
  return mixed;
}

void add(const Vector& more, Vector& sum) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += more[k];
}

void append(const std::vector<float>& more, std::vector<double>& numbers) {
  numbers.insert(numbers.end(), more.begin(), more.end());
}
void append(const DenseLayer& layer, std::vector<double>& numbers) {
  append(layer.weights, numbers);
  append(layer.bias, numbers);
}

}  // namespace

ReferenceSequence::ReferenceSequence(const ModelContents& contents)
    : shape(*contents.sequence),
      dimension(contents.dimension),
      items(contents.item_vectors.begin(), contents.item_vectors.end()) {
  for (const SequenceBlock& block : shape.blocks) {
    append(block.mix_in, numbers);
    append(block.mix_out, numbers);
    append(block.distances, numbers);
    append(block.widen, numbers);
    append(block.narrow, numbers);
  }
  append(shape.gains, numbers);
  append(shape.gap_vectors, numbers);
  append(shape.type_vectors, numbers);
}

Matrix ReferenceSequence::user_vectors(std::span<const ReadEvent> events) const {
  const std::size_t d = dimension;
  const std::size_t types = numbers.size() - shape.type_vectors.size();
  const std::size_t gaps = types - shape.gap_vectors.size();
  Matrix stream;
  for (const ReadEvent& event : events) {
    Vector& x = stream.emplace_back(&items[event.row * d], &items[event.row * d] + d);
    for (std::size_t k = 0; k < d; ++k) {
      x[k] *= std::sqrt(static_cast<double>(d));
      if (!shape.gap_vectors.empty()) x[k] += numbers[gaps + event.gap * d + k];
      if (!shape.type_vectors.empty()) x[k] += numbers[types + event.type * d + k];
    }
  }
  Reader reader(numbers);
  for (const SequenceBlock& block : shape.blocks) {
    const Layer mix_in(block.mix_in, reader);
    const Layer mix_out(block.mix_out, reader);
    const double* distances = reader.take(block.distances.size());
    const Layer widen(block.widen, reader);
    const Layer narrow(block.narrow, reader);
    Matrix mixing;
    for (const Vector& x : stream) mixing.push_back(mix_in(normalized(x)));
    const Matrix mixed =
        shape.mixer == Mixer::kAttention ? attended(mixing, shape, d, distances) : recurred(mixing);
    for (std::size_t t = 0; t < stream.size(); ++t) {
      add(mix_out(mixed[t]), stream[t]);
      Vector wide = widen(normalized(stream[t]));
      for (double& number : wide) number = std::max(number, 0.0);
      add(narrow(wide), stream[t]);
    }
  }
  const double* gains = reader.take(d);
  for (Vector& x : stream) {
    x = normalized(x);
    for (std::size_t k = 0; k < d; ++k) x[k] *= gains[k];
  }
  return stream;
}

}  // namespace palate::testing
