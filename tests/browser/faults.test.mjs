// What can go wrong in a page that lives long, provoked for real in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { serve } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

let site;
let browser;
before(async () => {
  site = await serve({
    '/models/': here('../golden/'),
    '/palate/': here('../../js/dist/'),
    '/copy/': here('../../js/dist/'),
    '/': here('page'),
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(context) {
  const page = await browser.open(`${site.origin}/`);
  context.after(() => page.close());
  await page.evaluate(watchWorkers);
  return page;
}

// Side by side: a worker that is killed says nothing, and is missed after a while.
test('A worker that dies is replaced with its state within a second, 100 times in a row', async (context) => {
  const endure = (fault) =>
    context.test(`by ${fault}`, async (context) => {
      const page = await open(context);
      const { rounds, started } = await page.evaluate(endureFaults, { fault, times: 100 });
      assert.equal(rounds.length, 100);
      for (const { lists, events } of rounds) assert.ok(lists && events);
      assert.equal(started, 101);
      const took = median(rounds.map(({ took }) => took));
      assert.ok(took < 1000, `a replacement took ${took} ms in the median`);
    });
  await Promise.all(['trap', 'error', 'memory', 'kill'].map(endure));
});

test('A call that ends every worker is refused, and the next call answered', async (context) => {
  const page = await open(context);
  assert.deepEqual(await page.evaluate(askPoison), {
    code: 'runtime/failed',
    message: 'the runtime stopped: unreachable',
    picks: 10,
    events: 1,
    started: 3,
  });
});

test('A page that was frozen goes on with the worker that it had', async (context) => {
  const page = await open(context);
  await page.evaluate(startAsking);
  await page.freeze(2500);
  const { answers, frozen, started } = await page.evaluate(stopAsking);
  assert.ok(answers > 0);
  assert.ok(frozen > 1500, `the page was frozen for ${frozen} ms`);
  assert.equal(started, 1);
});

test('What is disposed of or aborted while it loads leaves no worker behind', async (context) => {
  const page = await open(context);
  const { started, ended, codes } = await page.evaluate(abandonLoads);
  assert.deepEqual(new Set(codes), new Set(['AbortError', 'disposed']));
  assert.ok(started > 0);
  assert.equal(ended, started);
});

test('Two copies of the package work on one page', async (context) => {
  const page = await open(context);
  const lists = await page.evaluate(useTwoCopies);
  assert.equal(lists.length, 4);
  for (const list of lists) assert.deepEqual(list, lists[0]);
});

for (const [worker, times] of [
  [false, 1000],
  [true, 50],
]) {
  test(`Loading and disposing ${times} times leaves the memory flat (worker: ${worker})`, async (context) => {
    const page = await open(context);
    const protocol = await page.protocol();
    const measure = async (times) => {
      for (let done = 0; done < times; done += 50) {
        await page.evaluate(loadAndDispose, { worker, times: 50 });
        await protocol.send('HeapProfiler.collectGarbage');
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      await protocol.send('HeapProfiler.collectGarbage');
      return page.memory();
    };
    const before = await measure(worker ? 50 : 200);
    const after = await measure(times);
    assert.ok(after - before < 16e6, `grew by ${after - before} bytes`);
  });
}

// These run in the page.

function watchWorkers() {
  globalThis.workers = [];
  globalThis.endedWorkers = new Set();
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      workers.push(this);
    }
    terminate() {
      endedWorkers.add(this);
      super.terminate();
    }
  };
}

async function endureFaults({ fault, times }) {
  const palate = await Palate.load('/models/hybrid.palate', { worker: '/faulty_worker.js' });
  const reference = await Palate.load('/models/hybrid.palate');
  const rounds = [];
  for (let round = 0; round < times; ++round) {
    const event = { id: `${round}`, item: `f${round % 9}`, type: 'like', time: round };
    await palate.record(event);
    await reference.record(event);
    const worker = workers.at(-1);
    const begin = performance.now();
    if (fault === 'kill') worker.terminate();
    else worker.postMessage({ fault });
    // Asked while it dies: answered all the same.
    const picks = await palate.recommend();
    // Until the fault has struck, where the answer was faster.
    while (workers.at(-1) === worker) {
      await palate.recommend();
      if (workers.at(-1) === worker) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const again = await palate.recommend();
    const took = performance.now() - begin;
    const expected = JSON.stringify(await reference.recommend());
    rounds.push({
      took,
      lists: [picks, again].every((list) => JSON.stringify(list) === expected),
      events: JSON.stringify(await palate.history()) === JSON.stringify(await reference.history()),
    });
  }
  palate.dispose();
  return { rounds, started: workers.length };
}

async function askPoison() {
  const palate = await Palate.load('/models/fold_in.palate', { worker: '/faulty_worker.js' });
  await palate.record({ item: 'f5', type: 'like' });
  const error = await palate.explain('poison').catch((error) => error);
  const picks = (await palate.recommend()).length;
  const events = (await palate.history()).length;
  palate.dispose();
  return { code: error.code, message: error.message, picks, events, started: workers.length };
}

async function startAsking() {
  const palate = await Palate.load('/models/fold_in.palate', { worker: true });
  globalThis.asking = { answers: 0, frozen: 0, isOver: false };
  const ask = async () => {
    let last = performance.now();
    while (!asking.isOver) {
      await palate.recommend();
      const now = performance.now();
      asking.answers += 1;
      asking.frozen = Math.max(asking.frozen, now - last);
      last = now;
    }
    palate.dispose();
  };
  asking.done = ask();
}

async function stopAsking() {
  asking.isOver = true;
  await asking.done;
  return { answers: asking.answers, frozen: asking.frozen, started: workers.length };
}

async function abandonLoads() {
  const codes = [];
  const note = (error) => codes.push(error instanceof PalateError ? error.code : error.name);
  for (let wait = 0; wait < 40; wait += 2) {
    const abort = new AbortController();
    const loading = Palate.load('/models/fold_in.palate', { worker: true, signal: abort.signal });
    setTimeout(() => abort.abort(), wait);
    await loading.then((palate) => {
      const asked = palate.items();
      const updating = palate.update('/models/hybrid.palate');
      palate.dispose();
      return Promise.all([asked.catch(note), updating.catch(note)]);
    }, note);
  }
  const palate = await Palate.load('/models/fold_in.palate', { worker: true });
  const asked = palate.items();
  palate.dispose();
  await asked.catch(note);
  await import('/palate/element.js');
  for (let wait = 0; wait < 40; wait += 4) {
    const feed = document.createElement('palate-feed');
    feed.setAttribute('src', '/models/fold_in.palate');
    feed.setAttribute('worker', '');
    document.body.append(feed);
    await new Promise((resolve) => setTimeout(resolve, wait));
    feed.remove();
  }
  // What was begun when an element went is undone as soon as it is there.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { started: workers.length, ended: endedWorkers.size, codes };
}

async function useTwoCopies() {
  const copy = await import('/copy/palate.js');
  await import('/palate/element.js');
  await import('/copy/element.js');
  const lists = [];
  for (const { load } of [Palate, copy.Palate]) {
    for (const worker of [false, true]) {
      const palate = await load('/models/hybrid.palate', { worker });
      await palate.record({ item: 'f5', type: 'like', time: 0 });
      lists.push(await palate.recommend());
      palate.dispose();
    }
  }
  return lists;
}

async function loadAndDispose({ worker, times }) {
  globalThis.bytes ??= await (await fetch('/models/hybrid.palate')).arrayBuffer();
  workers.length = 0;
  endedWorkers.clear();
  for (let time = 0; time < times; ++time) {
    const palate = await Palate.load(bytes, { worker });
    await palate.record({ item: 'f5', type: 'like' });
    await palate.recommend();
    palate.dispose();
  }
}
