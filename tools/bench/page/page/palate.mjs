// Palate as a page uses it: the package, with ids, in the page or in its worker.
import { Palate } from '/palate/palate.js';
import { serveBench } from './bench.mjs';

/** Rows have these ids, page_models sees to it. */
const idOf = (row) => String(row).padStart(7, '0');

const kinds = { rank: ranker, retrieve: retrieval, next: nextList };

serveBench({
  async prepare(work, { variant, suffix, worker, threads = '1' }) {
    const palate = await Palate.load(`/data/${work.model}-${work.catalogue}${suffix}.palate`, {
      worker: worker === 'true',
      threads: Number(threads),
      ...(variant !== undefined && { wasm: `/palate/palate-${variant}.wasm` }),
    });
    if (threads !== '1' && !crossOriginIsolated) throw new Error('the page is not isolated');
    await allThreads(palate, Number(threads));
    return kinds[work.kind](palate, work);
  },
});

/** Threads start by themselves, and Palate goes on without those that a browser does not start. */
async function allThreads(palate, threads) {
  const end = performance.now() + 20_000;
  while (palate.threads < threads) {
    if (performance.now() > end) throw new Error(`the browser started ${palate.threads} threads`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What records the visitor of a request: calls take effect in order, so none is awaited. */
function visits(palate) {
  let previous;
  return ({ row }) => {
    if (previous !== undefined) palate.forget(previous);
    previous = idOf(row);
    palate.record({ item: previous, type: 'view' });
  };
}

function ranker(palate, { count, listed }) {
  const visit = visits(palate);
  const idsOf = new Map();
  return async (request) => {
    if (!idsOf.has(request))
      idsOf.set(request, Array.from(request.candidates.subarray(0, count), idOf));
    visit(request);
    const ranked = await palate.rank(idsOf.get(request));
    return ranked.slice(0, listed).map(({ item }) => Number(item));
  };
}

function retrieval(palate, { listed }) {
  const visit = visits(palate);
  return async (request) => {
    visit(request);
    const list = await palate.recommend({ count: listed, excludeSeen: false, reasons: 0 });
    return list.map(({ item }) => Number(item));
  };
}

/** One event more, the oldest of ten less, and the list with its reasons. */
function nextList(palate, { listed }) {
  const history = [];
  let next = 0;
  const view = ({ candidates }) => {
    history.push(idOf(candidates[next++ % candidates.length]));
    palate.record({ item: history.at(-1), type: 'view' });
  };
  return async (request) => {
    do view(request);
    while (history.length < 10);
    if (history.length > 10) palate.forget(history.shift());
    const list = await palate.recommend({ count: listed });
    // One item may have none: all that the visitor saw may speak against it.
    if (list.every(({ reasons }) => reasons.length === 0))
      throw new Error('a list without reasons');
    return list.map(({ item }) => Number(item));
  };
}
