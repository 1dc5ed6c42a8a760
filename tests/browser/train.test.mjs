// A model trained in the page is the one that the command line trains, byte for byte, in each engine,
// in the worker and beside it, under a strict policy.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ok, films, parseCsv, ratings, scratch } from '../cli/palate.mjs';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

/** The rows of the test's files, as a page has them. */
function pageData() {
  const rows = parseCsv(ratings()).map(({ user, item, rating, timestamp }) => ({
    user,
    item,
    value: Number(rating),
    time: Number(timestamp) * 1000,
  }));
  const lines = films().matchAll(/^(\d+),"(.*)",(.*),(\d+)$/gm);
  const items = [...lines].map(([, item, title, genres, year]) => ({
    item,
    title,
    attributes: { genres: genres.split('|'), year: Number(year) },
  }));
  return { rows, items };
}

/** What the command line makes of the files, on the instructions that any machine of its kind has. */
function nativeModel(context, options) {
  const folder = scratch(context);
  const output = folder.path('model.palate');
  const files = {
    interactions: folder.write('ratings.csv', ratings()),
    items: folder.write('films.csv', films()),
  };
  const before = process.env.PALATE_INSTRUCTION_SET;
  process.env.PALATE_INSTRUCTION_SET = 'x86-64';
  ok(
    'train',
    ...Object.entries(files).flatMap(([name, path]) => [`--${name}`, path]),
    ...['--recipe', 'ials', ...options, '--output', output],
  );
  if (before === undefined) delete process.env.PALATE_INSTRUCTION_SET;
  else process.env.PALATE_INSTRUCTION_SET = before;
  return readFileSync(output);
}

/** The model with another name for the instruction set, and so with another checksum. */
function renamed(model, from, to) {
  const file = Buffer.from(model);
  const place = file.indexOf(`${from}\0`);
  assert.ok(place > 0 && from.length === to.length);
  file.write(to, place);
  const whole = [file.subarray(0, 24), file.subarray(56)];
  createHash('sha256').update(Buffer.concat(whole)).digest().copy(file, 24);
  return file;
}

test(
  'A model that Node trains is the one of the command line',
  { skip: process.arch !== 'x64' },
  async (context) => {
    const { train } = await import('../../js/dist/node.js');
    const { rows, items } = pageData();
    const native = nativeModel(context, ['--seed', '3', '--set', 'ials.dimension=16']);
    const page = await train(rows, { items, seed: 3, dimension: 16 });
    assert.ok(renamed(native, 'x86-64', 'wasm32').equals(page));
  },
);

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const page = await browser.open(`${site.origin}/`);
    const { rows, items } = pageData();
    const { train } = await import('../../js/dist/node.js');
    const inNode = createHash('sha256').update(await train(rows, { items, dimension: 16 }));
    const expected = inNode.digest('hex');

    for (const worker of [undefined, false]) {
      const name = worker === false ? 'on the thread that asks' : 'in a worker';
      await context.test(`Training ${name} comes to the bytes of Node`, async () => {
        const seen = await page.evaluate(trainThere, { rows, items, worker });
        assert.equal(seen.checksum, expected);
        assert.deepEqual(seen.epochs, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert.equal(seen.titles.length, 5);
        assert.ok(seen.reasons > 0);
      });
    }

    await context.test('Errors have their codes, and a signal stops the training', async () => {
      for (const worker of [undefined, false]) {
        assert.deepEqual(await page.evaluate(collectCodes, { rows, worker }), {
          badRow:
            'request/invalid: rows[1].item must be a text that is not blank or a finite number, not undefined',
          noRow: 'data/empty: there is no interaction to clean',
          aborted: 'AbortError',
          stopped: 'enough',
          wrongWasm: 'runtime/load',
        });
      }
      assert.match(
        await page.evaluate(missingWorker, rows),
        /^worker\/failed: the worker failed: /,
      );
    });

    await context.test('The page goes on while the worker trains', async () => {
      const { longest, ticks } = await page.evaluate(ticksDuring);
      assert.ok(ticks > 5, `${ticks} ticks, the longest ${longest} ms`);
    });

    await context.test('Every request is a GET of the page or the package', async () => {
      const allowed = [
        '/',
        '/main.js',
        '/lists.js',
        ...['palate', 'runtime', 'train', 'train_worker'].map((name) => `/palate/${name}.js`),
        '/palate/palate-train.wasm',
        '/palate/palate-simd128.wasm',
        '/palate/palate-relaxed.wasm',
        '/missing.js',
        '/missing.wasm',
      ];
      const seen = [...site.requests, ...page.requests().filter(({ url }) => url !== 'data:,')];
      for (const { method, url } of seen) {
        assert.equal(method, 'GET');
        assert.ok(allowed.includes(url.replace(site.origin, '')), url);
      }
    });
  });
}

// These run in the page.

async function trainThere({ rows, items, worker }) {
  const epochs = [];
  const onProgress = ({ epoch }) => epochs.push(epoch);
  const model = await Palate.train(rows, { items, dimension: 16, worker, onProgress });
  const palate = await Palate.load(model);
  await palate.record({ item: rows[0].item, type: 'like' });
  const picks = await palate.recommend({ count: 5 });
  palate.dispose();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', model));
  return {
    epochs,
    checksum: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    titles: picks.map(({ title }) => title),
    reasons: picks[0].reasons.length,
  };
}

async function collectCodes({ rows, worker }) {
  const codeOf = (promise) =>
    promise.then(
      () => 'none',
      ({ code, name }) => (typeof code === 'string' ? code : name),
    );
  const textOf = (promise) => promise.catch(({ code, message }) => `${code}: ${message}`);
  const controller = new AbortController();
  const onProgress = ({ epoch }) => epoch === 2 && controller.abort(new Error('enough'));
  return {
    badRow: await textOf(Palate.train([rows[0], { user: 1 }], { worker })),
    noRow: await textOf(Palate.train([], { worker })),
    aborted: await codeOf(Palate.train(rows, { worker, signal: AbortSignal.abort() })),
    stopped: await Palate.train(rows, {
      worker,
      epochs: 1000,
      signal: controller.signal,
      onProgress,
    }).catch(({ message }) => message),
    wrongWasm: await codeOf(Palate.train(rows, { worker, wasm: '/missing.wasm' })),
  };
}

function missingWorker(rows) {
  return Palate.train(rows, { worker: '/missing.js' }).catch(
    ({ code, message }) => `${code}: ${message}`,
  );
}

async function ticksDuring() {
  const rows = Array.from({ length: 4000 }, (_, k) => ({ user: k % 400, item: (k * 7) % 391 }));
  let ticks = 0;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    ++ticks;
  }, 5);
  await Palate.train(rows, { dimension: 64, epochs: 30 });
  clearInterval(timer);
  return { ticks, longest };
}
