// Palate's runtime, asked by rows as the peers are: what the package does beneath its ids.
import { instantiate } from '../../../../js/src/instance.ts';
import { anyItems, requestWords } from '../../../../js/src/request_words.ts';
import { berthIn, Runtime } from '../../../../js/src/runtime.ts';
import { serveBench } from './bench.mjs';
import { bytesOf } from './inputs.mjs';
import { topK } from './top_k.mjs';

serveBench({
  async prepare(work, { variant, suffix }) {
    const wasm = (part) => WebAssembly.compileStreaming(fetch(`/palate/palate-${part}.wasm`));
    const [bytes, core] = await Promise.all([
      bytesOf(`${work.model}-${work.catalogue}${suffix}.palate`),
      wasm(variant),
    ]);
    const rest = () => wasm(`${variant}-rest`);
    const berth = berthIn(await instantiate({ core, rest }), bytes.byteLength);
    const runtime = await Runtime.open(berth, new Uint8Array(bytes));
    return work.kind === 'rank' ? ranker(runtime, work) : retrieval(runtime, work);
  },
});

const historyOf = ({ row }) => [{ row, kind: 0, value: NaN, type: 0, time: 0 }];

function retrieval(runtime, { listed }) {
  const words = requestWords(runtime, anyItems);
  return async (request) => {
    await runtime.setHistory(historyOf(request));
    return (await runtime.recommend(listed, words)).map(({ row }) => row);
  };
}

function ranker(runtime, { count, listed }) {
  const scores = new Float32Array(count);
  return async (request) => {
    await runtime.setHistory(historyOf(request));
    const scored = runtime.score(request.candidates.subarray(0, count));
    for (let place = 0; place < count; ++place) scores[place] = scored[place].score;
    return topK(scores, listed).map((place) => scored[place].row);
  };
}
