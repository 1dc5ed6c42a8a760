// LiteRT.js on the CPU, one thread. Its models take no table's rows, so the page gathers them.
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';
import { dimension } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { bytesOf, gather, itemVectors } from './inputs.mjs';
import { topK } from './top_k.mjs';

let started;

async function load(name) {
  const [bytes] = await Promise.all([
    bytesOf(`${name}.tflite`),
    (started ??= loadLiteRt('/litert/', { threads: false })),
  ]);
  return loadAndCompile(new Uint8Array(bytes), { accelerator: 'wasm' });
}

serveBench({
  async prepare(work, { precision }) {
    if (work.kind !== 'rank')
      return retrieval(await load(`retrieve-${work.catalogue}-${precision}`), work);
    const model = await load(`rank-${work.count}-${precision}`);
    return ranker(model, work, await itemVectors(work.catalogue));
  },
});

function retrieval(model, { listed }) {
  return async ({ vector }) => topK(await run(model, [new Tensor(vector, [1, dimension])]), listed);
}

function ranker(model, { count, listed }, items) {
  const gathered = new Float32Array(count * dimension);
  return async ({ vector, candidates }) => {
    const scores = await run(model, [
      new Tensor(vector, [1, dimension]),
      new Tensor(gather(items, candidates.subarray(0, count), gathered), [count, dimension]),
    ]);
    return topK(scores, listed).map((place) => candidates[place]);
  };
}

/** The only output, a copy; tensors are freed by hand. */
async function run(model, inputs) {
  const [output] = await model.run(inputs);
  const scores = output.toTypedArray().slice();
  for (const tensor of [...inputs, output]) tensor.delete();
  return scores;
}
