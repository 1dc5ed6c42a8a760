// ONNX Runtime Web, its build for wasm alone, one thread.
import * as ort from 'onnxruntime-web/wasm';
import { dimension } from '../works.mjs';
import { serveBench } from './bench.mjs';
import { bytesOf } from './inputs.mjs';
import { topK } from './top_k.mjs';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: '/onnx/ort-wasm-simd-threaded.wasm' };

serveBench({
  async prepare(work, { precision }) {
    const name =
      work.kind === 'rank' ? `rank-${precision}` : `retrieve-${work.catalogue}-${precision}`;
    const session = await ort.InferenceSession.create(await bytesOf(`${name}.onnx`), {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    return work.kind === 'rank' ? ranker(session, work) : retrieval(session, work);
  },
});

function retrieval(session, { listed }) {
  return async ({ vector }) => {
    const { scores } = await session.run({
      visitor: new ort.Tensor('float32', vector, [1, dimension]),
    });
    return topK(scores.data, listed);
  };
}

function ranker(session, { count, listed }) {
  return async ({ vector, candidates }) => {
    const { scores } = await session.run({
      visitor: new ort.Tensor('float32', vector, [1, dimension]),
      rows: new ort.Tensor('int32', new Int32Array(candidates.subarray(0, count)), [count]),
    });
    return topK(scores.data, listed).map((place) => candidates[place]);
  };
}
