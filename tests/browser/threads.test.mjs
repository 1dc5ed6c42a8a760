// Threads in each engine: an isolated page has the lists of one thread, whatever fails, and ends them with the model; no
// other page asks for their files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { train } from '../../js/dist/node.js';
import { engines } from './engines.mjs';
import { isolation, openPackageSite } from './package_site.mjs';

/** Each user takes twenty of them in a row, or so. */
async function modelOf(items) {
  const rows = Array.from({ length: 2 * items }, (_, k) => ({
    user: Math.floor(k / 20),
    item: (Math.floor(k / 20) * 10 + (k % 20) * (k % 3 === 0 ? 1 : 7)) % items,
  }));
  return Buffer.from(await train(rows, { dimension: 64, epochs: 1 }));
}

let small;
let large;
before(async () => {
  small = await modelOf(6000); // 1.5 MB of vectors: enough to be shared out, not for threads by itself
  large = await modelOf(70_000);
});

const isOfThreads = ({ url }) => /thread/.test(url);

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { site, browser } = await openPackageSite(
      context,
      engine,
      { sharesMemory: true },
      isolation,
    );
    const workersOf = () => countWorkers(engine.name);
    const begin = () => {
      site.requests.length = 0;
      site.answers.clear();
      site.answers.set('/small.palate', { body: small });
      site.answers.set('/large.palate', { body: large });
    };
    const open = async () => browser.open(`${site.origin}/`);

    await context.test('A large model has threads and the lists of one', async () => {
      begin();
      const page = await open();
      const expected = await page.evaluate(lists, ['/large.palate', {}, 1]);
      assert.ok(!site.requests.some(isOfThreads));
      const found = await page.evaluate(lists, ['/large.palate', { worker: true }, 2]);
      assert.ok(found.threads >= 2 && found.threads <= 4, found.threads);
      assert.deepEqual(found.lists, expected.lists);
      const urls = site.requests.filter(isOfThreads).map(({ method, url }) => `${method} ${url}`);
      assert.match(urls[0], /^GET \/palate\/palate-(relaxed|simd128)-threads\.wasm$/);
      assert.deepEqual([...new Set(urls.slice(1))], ['GET /palate/thread.js']);
      await page.close();
    });

    await context.test('One build is fetched, and the second model takes it too', async () => {
      begin();
      const page = await open();
      const before = await workersOf();
      const expected = await page.evaluate(lists, ['/large.palate', {}, 1]);
      site.requests.length = 0;
      const updated = await page.evaluate(updatedLists, ['/small.palate', '/large.palate', 3]);
      assert.deepEqual(updated, { threads: [3, 3], lists: expected.lists });
      assert.equal(site.requests.filter(({ url }) => url.endsWith('.wasm')).length, 1);
      // The helpers of the first model are no more.
      await until(async () => (await workersOf()) === before + 3);
      await page.evaluate(() => palate.dispose());
      await until(async () => (await workersOf()) === before);
      await page.close();
    });

    await context.test('A worker that is lost comes back with its threads', async () => {
      begin();
      const page = await open();
      assert.deepEqual(await page.evaluate(lostAndFound, '/small.palate'), [2, 1, 2]);
      await page.close();
    });

    await context.test('Without a file there is one thread, and the lists', async () => {
      for (const name of ['thread.js', 'palate-relaxed-threads.wasm']) {
        begin();
        for (const path of [name, name.replace('relaxed', 'simd128')])
          site.answers.set(`/palate/${path}`, { status: 404, body: 'none' });
        const page = await open();
        const options = { worker: true, threads: 2 };
        const found = await page.evaluate(lists, ['/small.palate', options, 1]);
        const expected = await page.evaluate(lists, ['/small.palate', {}, 1]);
        assert.deepEqual(found, expected);
        assert.ok(site.requests.some(isOfThreads));
        await page.close();
      }
    });

    await context.test('Who needs none asks for no file of theirs', async () => {
      begin();
      const page = await open();
      for (const [model, options] of [
        ['/small.palate', { worker: true }],
        ['/large.palate', { worker: true, threads: false }],
        ['/large.palate', { threads: 2 }],
      ]) {
        assert.equal((await page.evaluate(lists, [model, options, 1])).threads, 1);
      }
      await page.close();
      assert.ok(!site.requests.some(isOfThreads));
      const other = await openPackageSite(context, engine);
      other.site.answers.set('/large.palate', { body: large });
      const plain = await other.browser.open(`${other.site.origin}/`);
      for (const threads of ['auto', 2]) {
        const options = { worker: true, threads };
        assert.equal((await plain.evaluate(lists, ['/large.palate', options, 1])).threads, 1);
      }
      assert.ok(!other.site.requests.some(isOfThreads));
    });

    await context.test('A number that makes no sense is refused', async () => {
      begin();
      const page = await open();
      for (const threads of [0, 17, 1.5, 'two', true]) {
        const options = { worker: true, threads };
        assert.equal(await page.evaluate(codeOf, ['/small.palate', options]), 'request/invalid');
      }
      await page.close();
    });
  });
}

/** Threads that run workers, of all browsers that this process has started, where they are named as this engine does. */
async function countWorkers(engine) {
  const name = { Chromium: 'DedicatedWorker', Firefox: 'DOM Worker', WebKitGTK: 'WebCore: Worker' }[
    engine
  ];
  const read = (path) => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return ''; // ended meanwhile
    }
  };
  const list = (path) => {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  };
  const processes = list('/proc').filter((entry) => /^\d+$/.test(entry));
  const parents = new Map(
    processes.map((id) => [
      id,
      read(`/proc/${id}/stat`)
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    ]),
  );
  const isOurs = (id) => id === String(process.pid) || (parents.has(id) && isOurs(parents.get(id)));
  return processes
    .filter(isOurs)
    .flatMap((id) => list(`/proc/${id}/task`).map((task) => read(`/proc/${id}/task/${task}/comm`)))
    .filter((comm) => comm.trim() === name).length;
}

async function until(isSo) {
  for (let wait = 0; wait < 100; ++wait) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('it did not come to that within ten seconds');
}

// These run in the page, each on its own.

async function lists([source, options, threads]) {
  const palate = await Palate.load(source, options);
  for (let wait = 0; palate.threads < threads && wait < 500; ++wait)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const answer = { threads: palate.threads, lists: await listsOf(palate) };
  palate.dispose();
  return answer;
}

async function updatedLists([first, second, threads]) {
  const until = async () => {
    while (palate.threads < threads) await new Promise((resolve) => setTimeout(resolve, 10));
    return palate.threads;
  };
  globalThis.palate = await Palate.load(first, { worker: true, threads });
  const counts = [await until()];
  await palate.update(second);
  counts.push(await until());
  return { threads: counts, lists: await listsOf(palate) };
}

async function lostAndFound(source) {
  const until = async (threads) => {
    while (palate.threads !== threads) await new Promise((resolve) => setTimeout(resolve, 5));
    return threads;
  };
  const workers = [];
  const worker = () => {
    workers.push(new Worker('/palate/worker.js', { type: 'module' }));
    return workers.at(-1);
  };
  const palate = await Palate.load(source, { worker, threads: 2 });
  const counts = [await until(2)];
  workers[0].terminate();
  const list = palate.recommend();
  counts.push(await until(1));
  await list;
  counts.push(await until(2));
  palate.dispose();
  return counts;
}

async function codeOf([source, options]) {
  return Palate.load(source, options).catch(({ code }) => code);
}
