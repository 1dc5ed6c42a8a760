// A training step by TensorFlow.js with its wasm backend, one thread: its own gradients and optimiser.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { dimension } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { batches, network, transposed } from './inputs.mjs';
import { topK } from './top_k.mjs';

serveBench({
  async prepare(work) {
    await start();
    return trainer(work, await network(), await batches(work.count));
  },
});

async function start() {
  setWasmPaths('/tfjs/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend('wasm');
}

function trainer({ count, listed, rate }, layers, batchOf) {
  const variables = layers.map(({ weights, bias, inputs, outputs }) => ({
    weights: tf.variable(tf.tensor2d(transposed(weights, outputs, inputs), [inputs, outputs])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
  const optimizer = tf.train.sgd(rate);
  return (request) => {
    const batch = batchOf(request);
    return tf.tidy(() => {
      const rows = tf.tensor2d(batch.inputs, [count, 2 * dimension]);
      const labels = tf.tensor2d(batch.labels, [count, 1]);
      let logits;
      optimizer.minimize(() => {
        let hidden = rows;
        for (const [index, { weights: b, bias }] of variables.entries()) {
          const activation = index + 1 < variables.length ? 'relu' : 'linear';
          hidden = tf.fused.matMul({ a: hidden, b, bias, activation });
        }
        logits = tf.keep(hidden);
        return tf.losses.sigmoidCrossEntropy(labels, hidden);
      });
      const scores = logits.dataSync();
      logits.dispose();
      return topK(scores, listed);
    });
  };
}
