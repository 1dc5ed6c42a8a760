// A training step by plain JavaScript: back-propagation in loops.
import { serveBench } from './bench.mjs';
import { batches, network } from './inputs.mjs';
import { topK } from './top_k.mjs';

serveBench({
  async prepare(work) {
    return trainer(work, await network(), await batches(work.count));
  },
});

function trainer({ count, listed, rate }, layers, batchOf) {
  const widest = Math.max(...layers.flatMap(({ inputs, outputs }) => [inputs, outputs]));
  const outputs = layers.map((layer) => new Float32Array(count * layer.outputs));
  const gradients = layers.map(({ weights, bias }) => ({
    weights: new Float32Array(weights.length),
    bias: new Float32Array(bias.length),
  }));
  let signals = new Float32Array(count * widest);
  let below = new Float32Array(count * widest);

  function forward(inputs) {
    layers.forEach((layer, index) => {
      const isLast = index + 1 === layers.length;
      const from = index === 0 ? inputs : outputs[index - 1];
      for (let row = 0; row < count; ++row) {
        const values = from.subarray(row * layer.inputs, (row + 1) * layer.inputs);
        for (let unit = 0; unit < layer.outputs; ++unit) {
          const sum = layer.bias[unit] + dot(layer.weights, unit * layer.inputs, values);
          outputs[index][row * layer.outputs + unit] = isLast ? sum : Math.max(0, sum);
        }
      }
    });
  }

  /** From the signals of a layer's outputs, its gradient and the signals of its inputs. */
  function backward(index, from) {
    const { weights, inputs, outputs } = layers[index];
    const gradient = gradients[index];
    gradient.weights.fill(0);
    gradient.bias.fill(0);
    below.fill(0, 0, count * inputs);
    for (let row = 0; row < count; ++row)
      for (let unit = 0; unit < outputs; ++unit) {
        const signal = signals[row * outputs + unit];
        if (signal === 0) continue;
        gradient.bias[unit] += signal;
        for (let input = 0; input < inputs; ++input) {
          const value = from[row * inputs + input];
          gradient.weights[unit * inputs + input] += signal * value;
          if (index > 0 && value > 0)
            below[row * inputs + input] += signal * weights[unit * inputs + input];
        }
      }
    [signals, below] = [below, signals];
  }

  function descend(numbers, gradient) {
    for (let place = 0; place < numbers.length; ++place) numbers[place] -= rate * gradient[place];
  }

  return (request) => {
    const { inputs, labels } = batchOf(request);
    forward(inputs);
    const logits = outputs.at(-1);
    const list = topK(logits, listed);
    for (let row = 0; row < count; ++row)
      signals[row] = (1 / (1 + Math.exp(-logits[row])) - labels[row]) / count;
    for (let index = layers.length; index-- > 0;)
      backward(index, index === 0 ? inputs : outputs[index - 1]);
    layers.forEach(({ weights, bias }, index) => {
      descend(weights, gradients[index].weights);
      descend(bias, gradients[index].bias);
    });
    return list;
  };
}

function dot(matrix, start, vector) {
  let sum = 0;
  for (let column = 0; column < vector.length; ++column)
    sum += matrix[start + column] * vector[column];
  return sum;
}
