// What the driver calls in a page: one library under one setting, made ready, checked, timed.
import { alone, firstList } from '../works.mjs';
import { firstRequest, readRequests } from './inputs.mjs';

/**
 * Puts a library at the driver's service. `library.prepare(work, setting)` resolves to a function
 * that answers a request with rows, best first, at once or as a promise.
 */
export function serveBench(library) {
  const asked = Object.fromEntries(new URLSearchParams(location.search));
  const runs = new Map();
  const batches = new Map();
  let requests;
  globalThis.bench = {
    async prepare(works, setting) {
      requests ??= await readRequests('alone' in asked ? 'alone' : 'requests');
      for (const work of works) runs.set(work.name, await library.prepare(work, setting));
    },
    /** The list of each request. */
    async lists(name) {
      const lists = [];
      for (const request of requests) lists.push(Array.from(await runs.get(name)(request)));
      return lists;
    },
    /** Milliseconds a call: one number for each batch that the clock can tell. */
    async time(name, milliseconds) {
      const timeBatch = batchTimer(runs.get(name), requests);
      if (!batches.has(name)) batches.set(name, await batchSize(timeBatch));
      const calls = batches.get(name);
      const samples = [];
      const end = performance.now() + milliseconds;
      do samples.push((await timeBatch(calls)) / calls);
      while (performance.now() < end);
      return samples;
    },
  };
  if ('first' in asked) globalThis.first = measureFirst(library, asked);
  if ('alone' in asked) listAlone(asked);
}

/** Without a driver, whom a request tells that it is done. */
async function listAlone(setting) {
  await bench.prepare([alone], setting);
  await bench.lists(alone.name);
  await fetch('/done');
}

/** Milliseconds from the navigation to the first list, and that list. */
async function measureFirst(library, setting) {
  const [run, request] = await Promise.all([library.prepare(firstList, setting), firstRequest()]);
  const list = Array.from(await run(request));
  return { milliseconds: performance.now(), list };
}

/** Milliseconds of so many calls, each with the next request. */
function batchTimer(run, requests) {
  let next = 0;
  return async (calls) => {
    const began = performance.now();
    for (let call = 0; call < calls; ++call) {
      const answer = run(requests[next++ % requests.length]);
      if (answer instanceof Promise) await answer;
    }
    return performance.now() - began;
  };
}

/** How many calls the clock can tell to a twentieth. */
async function batchSize(timeBatch) {
  const shortest = 20 * clockStep();
  let calls = 1;
  while ((await timeBatch(calls)) < shortest) calls *= 2;
  return calls;
}

/** The least time that the clock can tell: browsers round it. */
function clockStep() {
  let step = Infinity;
  for (let i = 0; i < 5; ++i) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    step = Math.min(step, after - before);
  }
  return step;
}
