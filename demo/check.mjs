// Holds the built demo to its promises: opens it in Chromium as a visitor would, likes three films of one
// genre, and looks at what changed, what was requested and what was stored.
//
//   node check.mjs [SCREENSHOT.png]          exit code 0 when every promise was kept, else 1
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));
const dist = resolve(root, 'dist');
const screenshot = resolve(process.argv[2] ?? resolve(root, '../build/demo.png'));
const likes = 3;
const top = 20;
const margin = 0.15; // by how much the genre's share of the top must grow

const promises = [];
function promise(text, kept, detail = '') {
  promises.push(kept);
  console.log(`${kept ? 'kept   ' : 'BROKEN '} ${text}${detail && `: ${detail}`}`);
}

const note = (text) => console.log(`        ${text}`);

const server = await preview({ root, preview: { host: '127.0.0.1', port: 0 }, logLevel: 'error' });
const url = server.resolvedUrls.local[0];
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  chromiumSandbox: process.getuid() !== 0,
  args: [
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  await visit(await browser.newContext({ viewport: { width: 1360, height: 1000 } }));
} catch (error) {
  promise('the visit comes to its end', false, error.message);
} finally {
  await browser.close();
  await server.close();
}
const broken = promises.filter((kept) => !kept).length;
console.log(`demo check: ${promises.length - broken} passed, ${broken} failed`);
process.exitCode = broken === 0 ? 0 : 1;

async function visit(context) {
  const traffic = watch(context);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.locator('.card, .trouble').first().waitFor();

  const before = await shown(page);
  promise('films are shown', before.length >= top, `${before.length} cards`);
  const requestsBefore = traffic.requests.length;
  const genre = rarestGenre(before);
  const liked = [];
  for (let like = 1; like <= likes; ++like) liked.push(await likeFirst(page, genre, like));
  const after = await shown(page);

  note(`liked ${liked.map((film) => film.title).join(', ')}`);
  note(`the page says: ${await page.locator('#status').textContent()}`);
  promiseOfList(before, after, liked, genre);
  promiseOfTraffic(traffic, requestsBefore);
  await promiseOfStorage(context, page);
  promise('the browser has nothing to complain of', complaints.length === 0, complaints.join('; '));

  mkdirSync(dirname(screenshot), { recursive: true });
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished)),
  );
  await page.screenshot({ path: screenshot });
  note(`screenshot: ${screenshot}`);
}

/** The cards as a visitor reads them, best first. */
function shown(page) {
  return page.locator('.card').evaluateAll((cards) =>
    cards.map((card) => ({
      id: card.dataset.key,
      title: card.querySelector('.title').textContent,
      genres: card.querySelector('.genre').textContent.split(' · '),
      reason: card.querySelector('.reason').textContent,
    })),
  );
}

/** Of the genres with enough cards to like, the one that the top holds least of: a lean towards it must show. */
function rarestGenre(films) {
  const genres = [...new Set(films.flatMap((film) => film.genres))];
  const enough = genres.filter(
    (genre) => films.filter((film) => film.genres.includes(genre)).length >= likes,
  );
  return enough.sort((a, b) => share(films, a) - share(films, b))[0];
}

/** Share of a genre in the top of a list. */
function share(films, genre) {
  return films.slice(0, top).filter((film) => film.genres.includes(genre)).length / top;
}

async function likeFirst(page, genre, number) {
  const film = (await shown(page)).find(({ genres }) => genres.includes(genre));
  await page.locator(`.card[data-key="${film.id}"] .poster`).click();
  await page
    .locator('.chip')
    .nth(number - 1)
    .waitFor();
  return film;
}

function promiseOfList(before, after, liked, genre) {
  const clicked = new Set(liked.map((film) => film.id));
  const expected = before.filter((film) => !clicked.has(film.id)).map((film) => film.id);
  const changed = after.slice(0, expected.length).some((film, rank) => film.id !== expected[rank]);
  promise('the list is more than the old one without what was liked', changed);
  promise('what was liked has left the list', !after.some((film) => clicked.has(film.id)));
  const [was, is] = [share(before, genre), share(after, genre)];
  const percent = (part) => `${Math.round(part * 100)} %`;
  promise(
    `the top ${top} leans to what was liked, by ${percent(margin)} or more`,
    is - was >= margin,
    `${genre} ${percent(was)} before, ${percent(is)} after`,
  );
  const told = after
    .slice(0, top)
    .filter((film) => liked.some(({ title }) => film.reason.includes(title)));
  promise(
    'most of the top says which like it stands there for',
    told.length > top / 2,
    `${told.length} of ${top}`,
  );
}

function watch(context) {
  const requests = [];
  const sockets = [];
  context.on('request', (request) => requests.push(request));
  context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())));
  return { requests, sockets };
}

/** Every file of the build has one address; nothing else may be asked for, and nothing may be sent along. */
function promiseOfTraffic({ requests, sockets }, requestsBefore) {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((file) =>
    relative(dist, resolve(file.parentPath, file.name)).split(sep).join('/'),
  );
  const allowed = new Set([url, ...paths.map((path) => url + path)]);
  const strange = requests.filter((request) => !allowed.has(request.url()));
  const asked = (name) => requests.some((request) => request.url() === url + name);
  const telling = requests.filter(
    (request) => request.method() !== 'GET' || request.postData() !== null,
  );
  const name = (request) => `${request.method()} ${request.url()}`;
  promise('the model was asked for', asked('model.palate'));
  const none = (text, list) => promise(text, list.length === 0, list.join(', '));
  none(
    `each of the ${requests.length} requests was for an exact address on the list`,
    strange.map(name),
  );
  none('every request was a GET without a body', telling.map(name));
  none('no request was made after the page was ready', requests.slice(requestsBefore).map(name));
  none('no socket was opened', sockets);
}

async function promiseOfStorage(context, page) {
  const stored = await page.evaluate(async () => ({
    localStorage: Object.keys(localStorage),
    sessionStorage: Object.keys(sessionStorage),
    indexedDB: (await indexedDB.databases()).map((database) => database.name),
    caches: await caches.keys(),
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
    serviceWorkers: (await navigator.serviceWorker.getRegistrations()).map(
      (worker) => worker.scope,
    ),
  }));
  stored.cookies = (await context.cookies()).map((cookie) => cookie.name);
  const full = Object.entries(stored).filter(([, names]) => names.length > 0);
  const told =
    full.length > 0 ? full.map(([place, names]) => `${place}: ${names}`) : Object.keys(stored);
  promise('nothing was stored', full.length === 0, told.join(', '));
}
