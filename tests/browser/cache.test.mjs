// Models kept by the browser: checked at each hit, brought up to date behind the page's back, there
// when the network is not.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { serve } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const golden = (name) => readFileSync(here(`../golden/${name}.palate`));
const older = golden('fold_in');
const newer = golden('hybrid');
const deltaFile = (name) => readFileSync(here(`../golden/${name}.delta`));
const delta = deltaFile('fold_in_to_hybrid');
const pin = (model) => createHash('sha256').update(model).digest('hex');

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** A site whose model can be changed, and a page of a new visitor. */
async function open(context, model = older) {
  const site = await serve({ '/palate/': here('../../js/dist/'), '/': here('page') });
  context.after(() => site.close());
  const page = await browser.open(`${site.origin}/`);
  context.after(() => page.close());
  site.answers.set('/model.palate', { body: model });
  return { site, page, url: `${site.origin}/model.palate` };
}

/** Loads the model as a new visit does, and waits for `count` events of the cache. */
function visit(page, count, options = {}) {
  return page.evaluate(visitInPage, { count, options });
}

const statesOf = ({ events }) => events.map(({ state }) => state);

test('The second visit starts from what the first one kept', async (context) => {
  const { site, page } = await open(context);
  assert.deepEqual(statesOf(await visit(page, 1)), ['stored']);
  const second = await visit(page, 2);
  assert.deepEqual(statesOf(second), ['hit', 'current']);
  assert.equal(second.recipe, 'ials');
  assert.equal(site.requests.filter(({ url }) => url === '/model.palate').length, 2);
});

for (const worker of [false, true]) {
  test(`A newer model takes the place of the kept one, between two calls (worker: ${worker})`, async (context) => {
    const { site, page } = await open(context);
    await visit(page, 1);
    site.answers.set('/model.palate', { body: newer });
    const { events, before, picks, history, recipe } = await visit(page, 2, { worker });
    assert.deepEqual(
      events.map(({ state }) => state),
      ['hit', 'updated'],
    );
    assert.equal(events[1].model.recipe, 'hybrid');
    assert.equal(before.recipe, 'ials');
    assert.equal(recipe, 'hybrid');
    assert.equal(history, 1);
    assert.notDeepEqual(picks, before.picks);
    const third = await visit(page, 2);
    assert.deepEqual(statesOf(third), ['hit', 'current']);
    assert.equal(third.recipe, 'hybrid');
  });
}

/** The site has `newer`, and beside it a delta. */
function serveDelta(site, body) {
  site.answers.set('/model.palate', { body: newer });
  site.answers.set('/model.palate.delta', { body });
}

for (const worker of [false, true]) {
  test(`A kept model becomes the newer one by a delta (worker: ${worker})`, async (context) => {
    const { site, page } = await open(context);
    await visit(page, 1);
    serveDelta(site, delta);
    const second = await visit(page, 2, { worker, delta: '/model.palate.delta' });
    assert.deepEqual(statesOf(second), ['hit', 'updated']);
    assert.deepEqual(second.deltas, [{ state: 'applied', bytes: delta.length }]);
    assert.deepEqual([second.before.recipe, second.recipe, second.history], ['ials', 'hybrid', 1]);
    const third = await visit(page, 2, { delta: '/model.palate.delta' });
    assert.deepEqual([statesOf(third), third.recipe], [['hit', 'current'], 'hybrid']);
    assert.deepEqual(third.deltas, []);
  });
}

test('A delta that does not fit, or is damaged, has the whole model downloaded', async (context) => {
  const { site, page } = await open(context);
  const damaged = Buffer.from(delta);
  damaged[500] ^= 1;
  for (const [answer, code] of [
    [{ body: damaged }, 'delta/damaged'],
    [{ body: older }, 'delta/damaged'],
    [{ status: 404 }, 'fetch/status'],
    // It leads on from the newer model, not to it.
    [{ body: deltaFile('hybrid_to_int8') }, 'delta/mismatch'],
  ]) {
    await page.evaluate(forgetKept);
    site.answers.set('/model.palate', { body: older });
    await visit(page, 1);
    serveDelta(site);
    site.answers.set('/model.palate.delta', answer);
    const { events, deltas, recipe } = await visit(page, 2, { delta: '/model.palate.delta' });
    assert.deepEqual(
      events.map(({ state }) => state),
      ['hit', 'updated'],
    );
    assert.deepEqual(deltas, [{ state: 'unused', code }]);
    assert.equal(recipe, 'hybrid');
  }
});

test('A delta that stops short of the newest model is not taken', async (context) => {
  const { site, page } = await open(context);
  await visit(page, 1);
  serveDelta(site, delta);
  site.answers.set('/model.palate', { body: golden('int8') });
  const { deltas, recipe, events } = await visit(page, 2, { delta: '/model.palate.delta' });
  assert.deepEqual(deltas, [{ state: 'unused', code: 'delta/mismatch' }]);
  assert.equal(events[1].model.bytes, golden('int8').length);
  assert.equal(recipe, 'hybrid');
});

test('The next model that a page pins may come by a delta', async (context) => {
  const { site, page } = await open(context);
  await visit(page, 1, { integrity: pin(older) });
  serveDelta(site, delta);
  const requests = site.requests.length;
  const options = { integrity: pin(newer), delta: '/model.palate.delta' };
  const { events, deltas, recipe } = await visit(page, 2, options);
  assert.deepEqual(
    events.map(({ state }) => state),
    ['dropped', 'stored'],
  );
  assert.deepEqual(deltas, [{ state: 'applied', bytes: delta.length }]);
  assert.equal(recipe, 'hybrid');
  const asked = site.requests.slice(requests).map(({ url }) => url);
  assert.ok(asked.includes('/model.palate.delta') && !asked.includes('/model.palate'));
});

test('A newer model that is damaged or missing leaves the kept one', async (context) => {
  const { site, page, url } = await open(context);
  await visit(page, 1);
  const damaged = Buffer.from(newer);
  damaged[1500] ^= 1;
  for (const [answer, message] of [
    [
      { body: damaged },
      `${url}: the file differs from its SHA-256: it was damaged, fetch it again`,
    ],
    [
      { status: 404 },
      `${url} answered 404 Not Found instead of a model file: is the path right, is the file deployed?`,
    ],
  ]) {
    site.answers.set('/model.palate', answer);
    const { events, recipe } = await visit(page, 2);
    assert.deepEqual(
      events.map(({ state }) => state),
      ['hit', 'stale'],
    );
    assert.equal(events[1].message, message);
    assert.equal(recipe, 'ials');
  }
});

test('A kept model that was changed on the device is dropped and downloaded', async (context) => {
  const { page, url } = await open(context);
  await visit(page, 1);
  await page.evaluate(damageKept, url);
  const { events, recipe } = await visit(page, 2);
  assert.deepEqual(
    events.map(({ state }) => state),
    ['dropped', 'stored'],
  );
  assert.equal(
    events[0].message,
    '/model.palate: the file differs from its SHA-256: it was damaged, fetch it again',
  );
  assert.equal(recipe, 'ials');
  assert.deepEqual(statesOf(await visit(page, 2)), ['hit', 'current']);
});

test('A pinned model is checked at a hit and asks the server nothing', async (context) => {
  const { site, page } = await open(context);
  await visit(page, 1, { integrity: pin(older) });
  const requests = site.requests.length;
  assert.deepEqual(statesOf(await visit(page, 1, { integrity: pin(older) })), ['hit']);
  assert.equal(site.requests.length, requests);
  // The page pins the next model: what is kept will not do any more.
  site.answers.set('/model.palate', { body: newer });
  const { events, recipe } = await visit(page, 2, { integrity: pin(newer) });
  assert.deepEqual(
    events.map(({ state, code }) => [state, code]),
    [
      ['dropped', 'fetch/integrity'],
      ['stored', undefined],
    ],
  );
  assert.equal(recipe, 'hybrid');
});

test('Where nothing can be kept the page works, and is told', async (context) => {
  const { page, url } = await open(context);
  const { events, recipe } = await page.evaluate(visitInPage, { count: 1, isFull: true });
  assert.partialDeepStrictEqual(events, [
    {
      state: 'unavailable',
      code: 'cache/unavailable',
      message: `${url} is not kept: no space left: it will be downloaded again`,
    },
  ]);
  assert.equal(recipe, 'ials');
});

test('The page starts offline, with its scripts kept by a service worker of its own', async (context) => {
  const { site, page, url } = await open(context);
  await page.evaluate(installServiceWorker);
  await visit(page, 1, { worker: true });
  await site.close();
  await page.reload();
  for (const worker of [false, true]) {
    const { events, before, recipe } = await visit(page, 2, { worker });
    assert.deepEqual(
      events.map(({ state, code }) => [state, code]),
      [
        ['hit', undefined],
        ['stale', 'fetch/network'],
      ],
    );
    assert.match(events[1].message, new RegExp(`^GET ${url} failed: .*: is there a network`));
    assert.equal(recipe, 'ials');
    assert.equal(before.picks.length, 10);
  }
});

// These run in the page.

async function visitInPage({ count, options, isFull = false }) {
  const events = [];
  const deltas = [];
  let arrived;
  const all = new Promise((resolve) => (arrived = resolve));
  const onCache = ({ state, error, model }) => {
    events.push({ state, ...(error && { code: error.code, message: error.message }), model });
    if (events.length === count) arrived();
  };
  const onDelta = ({ state, bytes, error }) =>
    deltas.push(error ? { state, code: error.code } : { state, bytes });
  if (isFull) {
    Cache.prototype.put = () =>
      Promise.reject(new DOMException('no space left', 'QuotaExceededError'));
  }
  const palate = await Palate.load('/model.palate', {
    ...options,
    cache: true,
    onCache,
    onDelta,
  });
  const before = { recipe: palate.model.recipe, picks: await palate.recommend() };
  await palate.record({ item: 'f5', type: 'like' });
  await all;
  const picks = await palate.recommend();
  const history = (await palate.history()).length;
  const { recipe } = palate.model;
  palate.dispose();
  return { events, deltas, before, picks, history, recipe };
}

const forgetKept = () => caches.delete('palate');

async function damageKept(url) {
  const cache = await caches.open('palate');
  const bytes = new Uint8Array(await (await cache.match(url)).arrayBuffer());
  bytes[1500] ^= 1;
  await cache.put(url, new Response(bytes));
}

async function installServiceWorker() {
  await navigator.serviceWorker.register('/service_worker.js');
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller === null) {
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve),
    );
  }
}
