// The package in each engine under a strict policy: the worker answers as the page does, errors
// keep their codes, no request but for its own files, nothing is stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const page = await browser.open(`${site.origin}/`);

    await context.test('Every call answers in the worker as it does in the page', async () => {
      const inPage = await page.evaluate(callEverything, false);
      const inWorker = await page.evaluate(callEverything, true);
      assert.equal(inPage.recommend.length, 5);
      assert.ok(inPage.recommend[0].reasons.length > 0);
      assert.equal(inPage.items.length, 12);
      assert.deepEqual(inWorker, inPage);
    });

    await context.test('Errors have their codes on both sides', async () => {
      for (const worker of [false, true]) {
        assert.deepEqual(await page.evaluate(collectCodes, worker), {
          unknownItem: 'request/invalid',
          missingModel: 'fetch/status',
          flippedModel: 'model/checksum',
          shortModel: 'model/truncated',
          wrongWasm: 'runtime/load',
          wrongPin: 'fetch/integrity',
          inFlight: 'disposed',
          afterwards: 'disposed',
          aborted: 'AbortError',
        });
      }
    });

    await context.test('A delta makes the newer model of the open one', async () => {
      for (const worker of [false, true]) {
        assert.deepEqual(await page.evaluate(updateByDelta, worker), {
          events: ['applied'],
          recipe: 'hybrid',
          isSame: true,
        });
      }
    });

    await context.test('An element out of the page watches no shared model', async () => {
      assert.deepEqual(await page.evaluate(countWatchers), {
        before: 0,
        inside: 1,
        moved: 1,
        outside: 0,
        again: 1,
      });
    });

    await context.test('Every request is a GET of the page, the package or a model', async () => {
      const allowed = [
        '/',
        '/main.js',
        '/lists.js',
        '/palate/palate.js',
        '/palate/runtime.js',
        '/palate/worker.js',
        '/palate/delta.js',
        '/palate/element.js',
        '/palate/worker_client.js',
        '/palate/palate-simd128.wasm',
        '/palate/palate-relaxed.wasm',
        '/palate/palate-simd128-rest.wasm',
        '/palate/palate-relaxed-rest.wasm',
        '/models/hybrid.palate',
        '/models/fold_in.palate',
        '/models/fold_in_to_hybrid.delta',
        '/models/missing.palate',
        '/missing.wasm',
      ];
      const seen = [...site.requests, ...page.requests().filter(({ url }) => url !== 'data:,')];
      for (const { method, url } of seen) {
        assert.equal(method, 'GET');
        assert.ok(allowed.includes(url.replace(site.origin, '')), url);
      }
    });

    await context.test('Nothing is stored', async () => {
      assert.deepEqual(await page.evaluate(listStores), {
        local: 0,
        session: 0,
        cookies: '',
        caches: 0,
        databases: 0,
      });
    });
  });
}

// These run in the page.

async function callEverything(worker) {
  const palate = await Palate.load('/models/hybrid.palate', { worker });
  const known = [
    await palate.record({ id: 'a', item: 'f5', type: 'like', time: 1000 }),
    await palate.record({ id: 'b', item: 'f8', type: 'rate', value: 4, time: 2000 }),
    await palate.record({ id: 'c', item: 'nobody', type: 'view', time: 3000 }),
  ];
  const answers = {
    known,
    model: palate.model,
    recommend: await palate.recommend({ count: 5 }),
    rank: await palate.rank(['f0', 'f1', 'nobody']),
    similar: await palate.similar('f0', { count: 3 }),
    explain: await palate.explain('ü2'),
    history: await palate.history(),
    export: await palate.export(),
    forget: await palate.forget('f8'),
    import: await palate.import({ ...(await palate.export()) }),
    erase: await palate.erase(),
    item: await palate.item('f3'),
    unknown: (await palate.item('nobody')) === undefined,
    items: await palate.items(),
  };
  palate.dispose();
  return answers;
}

async function collectCodes(worker) {
  const codeOf = (promise) =>
    promise.then(
      () => 'no error',
      (error) => (error instanceof PalateError ? error.code : error.name),
    );
  const bytes = new Uint8Array(await (await fetch('/models/hybrid.palate')).arrayBuffer());
  const flipped = bytes.slice();
  flipped[1000] ^= 4;
  const palate = await Palate.load(bytes, { worker });
  const unknownItem = await codeOf(palate.explain('nobody'));
  const waiting = palate.items();
  palate.dispose();
  const abort = new AbortController();
  const loading = Palate.load('/models/hybrid.palate', { worker, signal: abort.signal });
  abort.abort();
  return {
    unknownItem,
    missingModel: await codeOf(Palate.load('/models/missing.palate', { worker })),
    flippedModel: await codeOf(Palate.load(flipped, { worker })),
    shortModel: await codeOf(Palate.load(bytes.subarray(0, 1000), { worker })),
    wrongWasm: await codeOf(Palate.load(bytes, { worker, wasm: '/missing.wasm' })),
    wrongPin: await codeOf(Palate.load(bytes, { worker, integrity: '0'.repeat(64) })),
    inFlight: await codeOf(waiting),
    afterwards: await codeOf(palate.history()),
    aborted: await codeOf(loading),
  };
}

async function listStores() {
  return {
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    caches: (await caches.keys()).length,
    databases: (await indexedDB.databases()).length,
  };
}

async function countWatchers() {
  await import('/palate/element.js');
  const palate = await Palate.load('/models/fold_in.palate');
  const watchers = new Set();
  palate.watch = (watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const feed = document.createElement('palate-feed');
  const counts = {};
  const count = async (when) => {
    await settle();
    counts[when] = watchers.size;
  };
  feed.palate = palate;
  await count('before');
  document.body.append(feed);
  await count('inside');
  document.body.prepend(feed);
  await count('moved');
  feed.remove();
  await count('outside');
  const listed = new Promise((resolve) =>
    feed.addEventListener('palate-list', resolve, { once: true }),
  );
  document.body.append(feed);
  await count('again');
  await listed;
  feed.remove();
  await settle();
  palate.dispose();
  return counts;
}

async function updateByDelta(worker) {
  const events = [];
  const palate = await Palate.load('/models/fold_in.palate', { worker });
  await palate.update('/models/missing.palate', {
    delta: '/models/fold_in_to_hybrid.delta',
    onDelta: ({ state }) => events.push(state),
  });
  const fresh = await Palate.load('/models/hybrid.palate');
  const [list, expected] = [await palate.recommend(), await fresh.recommend()];
  const { recipe } = palate.model;
  palate.dispose();
  fresh.dispose();
  return { events, recipe, isSame: JSON.stringify(list) === JSON.stringify(expected) };
}
