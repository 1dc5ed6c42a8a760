// The packed package in every kind of page, under a strict policy: taken plainly and in a single
// file, through each bundler, in React on a server, and as the README's quick start.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, train } from '../../js/dist/node.js';
import { engines } from '../browser/engines.mjs';
import { isolation } from '../browser/package_site.mjs';
import { serve, strictPolicy } from '../browser/site.mjs';
import { bundlers, byVite } from './bundlers.mjs';
import { NextServer } from './next.mjs';
import { Project } from './project.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const golden = (name) => readFileSync(here(`../golden/${name}.palate`));
const [chromium] = engines;

let project;
const browsers = new Map();
before(() => (project = new Project()));
after(async () => {
  for (const browser of browsers.values()) await browser.close();
  project?.remove();
});

/** A page of an engine that is started once for all tests. */
async function visit(context, { name, launch }, url) {
  if (!browsers.has(name)) browsers.set(name, await launch());
  const page = await browsers.get(name).open(url);
  context.after(() => page.close());
  return page;
}

async function serveProject(context, mounts, headers) {
  const site = await serve(mounts, headers);
  context.after(() => site.close());
  site.answers.set('/fold_in.palate', { body: golden('fold_in') });
  return site;
}

/** Vectors of 1.5 MB: enough for threads. */
async function largeModel() {
  const rows = Array.from({ length: 12_000 }, (_, k) => ({ user: k % 600, item: k % 6000 }));
  return Buffer.from(await train(rows, { dimension: 64, epochs: 1 }));
}

const plainFiles = [
  'palate.js',
  'runtime.js',
  'worker_client.js',
  'worker.js',
  'model_cache.js',
  'delta.js',
  'element.js',
  'new_items.js',
  'palate-items.wasm',
  'train.js',
  'train_worker.js',
  'palate-train.wasm',
  'palate-relaxed.wasm',
  'palate-simd128.wasm',
  'palate-relaxed-rest.wasm',
  'palate-simd128-rest.wasm',
].map((name) => `/node_modules/palate/dist/${name}`);

function checkRequests(site, page, allowed) {
  const known = new Set(['/', '/main.js', '/fold_in.palate', ...allowed]);
  const seen = [...site.requests, ...page.requests().filter(({ url }) => url !== 'data:,')];
  for (const { method, url } of seen) {
    assert.equal(method, 'GET');
    assert.ok(known.has(url.replace(site.origin, '')), url);
  }
}

for (const engine of engines) {
  test(`A plain page takes the package as it is (${engine.name})`, async (context) => {
    const site = await serveProject(context, {
      '/node_modules/': project.path('node_modules'),
      '/': project.path('plain'),
    });
    const page = await visit(context, engine, `${site.origin}/`);
    for (const worker of [false, true])
      assert.match(await page.evaluate(bestTitle, { worker }), /space/);
    assert.deepEqual(await page.evaluate(bestOfTrained), ['b', 'b']);
    assert.equal(await page.evaluate(nearestAdded), 'new');
    checkRequests(site, page, plainFiles);
  });
}

for (const [name, build] of Object.entries(bundlers)) {
  test(`The package goes through ${name} without a warning and runs`, async (context) => {
    assert.deepEqual(await build(project.path('bundled')), []);
    const dist = project.path(`bundled/dist-${name}`);
    const site = await serveProject(context, { '/': dist });
    const page = await visit(context, chromium, `${site.origin}/`);
    for (const worker of [false, true])
      assert.match(await page.evaluate(bestTitle, { worker, cache: true }), /space/);
    assert.deepEqual(await page.evaluate(feedStates), ['ready', 'failed']);
    assert.deepEqual(await page.evaluate(bestOfTrained), ['b', 'b']);
    assert.equal(await page.evaluate(nearestAdded), 'new');
    const files = readdirSync(dist, { recursive: true }).map((path) => `/${path}`);
    checkRequests(site, page, [...files, '/missing.palate']);
    const headers = { 'content-security-policy': strictPolicy, ...isolation };
    const isolated = await serveProject(context, { '/': dist }, headers);
    isolated.answers.set('/large.palate', { body: await largeModel() });
    const other = await visit(context, chromium, `${isolated.origin}/`);
    assert.equal(await other.evaluate(threadsOf, '/large.palate'), 2);
    checkRequests(isolated, other, [...files, '/large.palate']);
  });
}

test('The single file needs no second one, and says that a worker, training and adding do', async (context) => {
  const site = await serveProject(context, {
    '/node_modules/': project.path('node_modules'),
    '/': project.path('plain'),
  });
  const page = await visit(context, chromium, `${site.origin}/inline.html`);
  assert.match(await page.evaluate(bestTitle, { worker: false }), /space/);
  checkRequests(site, page, ['/inline.html', '/inline.js', '/node_modules/palate/dist/inline.js']);
  assert.equal(
    await page.evaluate(messageOf, { worker: true }),
    "the worker cannot start: palate/inline has no worker's script, and a strict worker-src forbids blobs: load without worker",
  );
  assert.equal(
    await page.evaluate(messageOfTraining),
    "palate/inline does not hold the trainer: import 'palate' where models are trained",
  );
  assert.equal(
    await page.evaluate(messageOfAdding),
    "palate/inline does not hold what adds items: import 'palate' where items are added",
  );
});

test("The README's quick start runs word for word", async (context) => {
  assert.deepEqual(await byVite(project.path('quick_start')), []);
  const site = await serveProject(context, { '/': project.path('quick_start/dist-vite') });
  site.answers.set('/model.palate', { body: golden('fold_in') });
  const page = await visit(context, chromium, `${site.origin}/`);
  const palate = await load(golden('fold_in'));
  await palate.record({ item: '318', type: 'like' });
  const expected = (await palate.recommend({ count: 10 })).map(({ title }) => `${title}\n`);
  assert.equal(await page.evaluate(textOfPicks), expected.join(''));
});

test("A page's own list stays until the model is there, and where it fails or is slow", async (context) => {
  assert.deepEqual(await byVite(project.path('own_list')), []);
  const site = await serveProject(context, { '/': project.path('own_list/dist-vite') });
  const own = 'What the page shows by itself';
  for (const [answer, isOwn] of [
    [{ body: golden('fold_in') }, false],
    [{ status: 404 }, true],
    [{ body: '<!doctype html>' }, true],
    [{ isSilent: true }, true],
  ]) {
    site.answers.set('/model.palate', answer);
    const page = await visit(context, chromium, `${site.origin}/`);
    const { first, last } = await page.evaluate(textsOfPicks, { own, isOwn });
    if (isOwn) assert.deepEqual([first, last], [own, own]);
    else assert.match(last, /A comedy|A drama|A space/);
  }
});

test('Next.js renders the own list on the server and the picks in the browser', async (context) => {
  const next = await NextServer.start(project);
  context.after(() => next.close());
  for (const query of ['', '?worker']) {
    const html = await (await fetch(`${next.origin}/${query}`)).text();
    assert.match(html, /data-status="loading".*What the page shows by itself/s);
    const page = await visit(context, chromium, `${next.origin}/${query}`);
    const { before, after } = await page.evaluate(useNextPage);
    assert.equal(before.length, 5);
    for (const title of after) assert.match(title, /space/);
    for (const { method, url } of page.requests()) {
      assert.equal(method, 'GET');
      assert.ok(url.startsWith(next.origin), url);
    }
  }
  const first = await visit(context, chromium, `${next.origin}/?profile`);
  const other = await first.tab(`${next.origin}/?profile`);
  const titles = await other.evaluate(nextTitles);
  const { after } = await first.evaluate(useNextPage);
  assert.deepEqual(await other.evaluate(nextTitlesAfter, titles), after);
  const page = await visit(context, chromium, `${next.origin}/?source=/missing.palate`);
  assert.deepEqual(await page.evaluate(failedNextPage), ['What the page shows by itself']);
});

// These run in the page.

async function bestTitle(options) {
  const palate = await Palate.load('/fold_in.palate', options);
  await palate.record({ item: 'f5', type: 'like' });
  const [best] = await palate.recommend({ count: 1 });
  palate.dispose();
  return best.title;
}

/** Once both are there. */
async function threadsOf(source) {
  const palate = await Palate.load(source, { worker: true, threads: 2 });
  while (palate.threads < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  const { threads } = palate;
  palate.dispose();
  return threads;
}

/** Of a model trained in a worker and one trained beside it: who takes a takes b. */
async function bestOfTrained() {
  const rows = [...'abcdef'].flatMap((item, k) =>
    [0, 1, 2].map((user) => ({ user: `${user}${k % 3 === 0 || item === 'b' ? 'a' : 'c'}`, item })),
  );
  const best = [];
  for (const worker of [true, false]) {
    const palate = await Palate.load(await Palate.train(rows, { dimension: 4, worker }));
    await palate.record({ item: 'a', type: 'like' });
    await palate.record({ item: 'd', type: 'like' });
    best.push((await palate.recommend({ count: 1 }))[0].item);
    palate.dispose();
  }
  return best;
}

/** The nearest to an item that was added beside it. */
async function nearestAdded() {
  const palate = await Palate.load('/fold_in.palate');
  const vector = [0, 0, 0, 0, 0, 0, 0, 1];
  await palate.addItems([
    { item: 'new', vector },
    { item: 'other', vector },
  ]);
  const [nearest] = await palate.similar('other', { count: 1 });
  palate.dispose();
  return nearest.item;
}

async function messageOfAdding() {
  const palate = await Palate.load('/fold_in.palate');
  return palate.addItems([{ item: 'new', vector: [] }]).catch(({ message }) => message);
}

function messageOfTraining() {
  return Palate.train([{ user: 1, item: 2 }]).catch(({ message }) => message);
}

async function messageOf(options) {
  return Palate.load('/fold_in.palate', options).catch(({ message }) => message);
}

/** Of an element whose model is there, and of one whose model is not. */
async function feedStates() {
  const states = [];
  for (const source of ['/fold_in.palate', '/missing.palate']) {
    const feed = document.createElement('palate-feed');
    feed.setAttribute('src', source);
    feed.innerHTML = '<p>own list</p>';
    const done = new Promise((resolve) => {
      feed.addEventListener('palate-list', resolve);
      feed.addEventListener('palate-error', resolve);
    });
    document.body.append(feed);
    await done;
    states.push(feed.getAttribute('state'));
  }
  return states;
}

async function textOfPicks() {
  const picks = document.querySelector('#picks');
  while (picks.textContent === '') await new Promise((resolve) => setTimeout(resolve, 20));
  return picks.textContent;
}

/** At first and at last: where the own list is to stay, after the page has given up waiting. */
async function textsOfPicks({ own, isOwn }) {
  const picks = document.querySelector('#picks');
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
  while (picks.textContent === '') await wait(1);
  const first = picks.textContent;
  if (isOwn) await wait(5500);
  else while (picks.textContent === own) await wait(20);
  return { first, last: picks.textContent };
}

async function useNextPage() {
  const titles = () => [...document.querySelectorAll('li')].map((item) => item.textContent);
  const until = async (test) => {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until(() => document.querySelector('[data-status=ready]') && titles().length === 5);
  const before = titles();
  document.querySelector('button').click();
  await until(() => titles().join() !== before.join());
  return { before, after: titles() };
}

/** Once there are five. */
async function nextTitles() {
  const titles = () => [...document.querySelectorAll('li')].map((item) => item.textContent);
  while (titles().length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
  return titles();
}

/** Once they are others than before. */
async function nextTitlesAfter(before) {
  const titles = () => [...document.querySelectorAll('li')].map((item) => item.textContent);
  while (titles().join() === before.join()) await new Promise((resolve) => setTimeout(resolve, 20));
  return titles();
}

async function failedNextPage() {
  while (document.querySelector('[data-status=failed]') === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [...document.querySelectorAll('li')].map((item) => item.textContent);
}
