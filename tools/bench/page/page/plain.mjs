// Plain JavaScript: the loops that a page would write without any library.
import { dimension } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { halves, itemVectors, network } from './inputs.mjs';
import { topK } from './top_k.mjs';

serveBench({
  async prepare(work) {
    const items = await itemVectors(work.catalogue);
    return work.kind === 'rank' ? ranker(items, work, await network()) : retrieval(items, work);
  },
});

function retrieval(items, { listed }) {
  const scores = new Float32Array(items.length / dimension);
  return ({ vector }) => {
    for (let row = 0; row < scores.length; ++row) scores[row] = dot(items, row * dimension, vector);
    return topK(scores, listed);
  };
}

function ranker(items, { count, listed }, [first, second, third]) {
  const { visitor, item } = halves(first);
  const shared = new Float32Array(first.outputs);
  const hidden = new Float32Array(first.outputs);
  const scores = new Float32Array(count);
  return ({ vector, candidates }) => {
    for (let unit = 0; unit < first.outputs; ++unit)
      shared[unit] = first.bias[unit] + dot(visitor, unit * dimension, vector);
    for (let place = 0; place < count; ++place) {
      const row = items.subarray(
        candidates[place] * dimension,
        (candidates[place] + 1) * dimension,
      );
      for (let unit = 0; unit < first.outputs; ++unit)
        hidden[unit] = Math.max(0, shared[unit] + dot(item, unit * dimension, row));
      let score = third.bias[0];
      for (let unit = 0; unit < second.outputs; ++unit) {
        const sum = second.bias[unit] + dot(second.weights, unit * second.inputs, hidden);
        if (sum > 0) score += third.weights[unit] * sum;
      }
      scores[place] = score;
    }
    return topK(scores, listed).map((place) => candidates[place]);
  };
}

function dot(matrix, start, vector) {
  let sum = 0;
  for (let column = 0; column < vector.length; ++column)
    sum += matrix[start + column] * vector[column];
  return sum;
}
