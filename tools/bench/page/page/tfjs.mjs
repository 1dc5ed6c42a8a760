// TensorFlow.js with its wasm backend, one thread.
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { dimension } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { halves, itemVectors, network, transposed } from './inputs.mjs';
import { topK } from './top_k.mjs';

let started;

async function start() {
  setWasmPaths('/tfjs/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend('wasm');
}

serveBench({
  async prepare(work) {
    const [items] = await Promise.all([itemVectors(work.catalogue), (started ??= start())]);
    return work.kind === 'rank' ? ranker(items, work, await network()) : retrieval(items, work);
  },
});

/** A row by a turned table: of the forms of the product the fastest. */
function retrieval(items, { listed }) {
  const count = items.length / dimension;
  const table = tf.tensor2d(transposed(items, count, dimension), [dimension, count]);
  return ({ vector }) =>
    topK(
      tf.tidy(() => tf.matMul(tf.tensor2d(vector, [1, dimension]), table).dataSync()),
      listed,
    );
}

function ranker(items, { count, listed }, [first, second, third]) {
  const table = tf.tensor2d(items, [items.length / dimension, dimension]);
  const { visitor, item } = halves(first);
  const weightsOf = (weights, outputs, inputs) =>
    tf.tensor2d(transposed(weights, outputs, inputs), [inputs, outputs]);
  const dense = (a, b, bias, activation) => tf.fused.matMul({ a, b, bias, activation });
  const visitorHalf = weightsOf(visitor, first.outputs, dimension);
  const itemHalf = weightsOf(item, first.outputs, dimension);
  const [bias, ...later] = [first, second, third].map(({ bias }) => tf.tensor1d(bias));
  const [weights2, weights3] = [second, third].map(({ weights, outputs, inputs }) =>
    weightsOf(weights, outputs, inputs),
  );
  return ({ vector, candidates }) => {
    const scores = tf.tidy(() => {
      const rows = tf.tensor1d(new Int32Array(candidates.subarray(0, count)), 'int32');
      // A bias of its own: the wasm kernel takes none that another tensor's memory was reshaped to.
      const shared = dense(tf.tensor2d(vector, [1, dimension]), visitorHalf, bias, 'linear');
      let hidden = tf.gather(table, rows);
      hidden = dense(hidden, itemHalf, tf.tensor1d(shared.dataSync()), 'relu');
      hidden = dense(hidden, weights2, later[0], 'relu');
      return dense(hidden, weights3, later[1], 'linear').dataSync();
    });
    return topK(scores, listed).map((place) => candidates[place]);
  };
}
