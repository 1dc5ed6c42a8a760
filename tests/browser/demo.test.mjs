// The demo in the three engines, and what only a driver of real keys and screens can show in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { serveDemo } from './demo_site.mjs';
import { engines } from './engines.mjs';

let site;
let browser;
before(async () => {
  site = await serveDemo();
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: ['--disable-gpu'],
  });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const { name, launch } of engines) {
  test(`Demo ranks again after every like, and back when all are cleared, in ${name}`, async (context) => {
    const engine = await launch();
    context.after(() => engine.close());
    const page = await engine.open(`${site.origin}/`);
    const seen = await page.evaluate(likeAndClear);
    assert.deepEqual(seen.liked.chips, [...seen.clicked].reverse());
    assert.ok(
      !seen.liked.titles.some((title) => seen.clicked.includes(title)),
      'what was liked has left the list',
    );
    const comedies = seen.liked.genres.slice(0, 10).filter((genre) => genre === 'Comedy').length;
    assert.ok(comedies >= 8, `${comedies} of the first ten are comedies`);
    assert.match(seen.liked.reasons[0], /^because you liked Film \d+, the \(\d+\u202f%\)/);
    assert.match(
      seen.liked.status,
      /^Re-ranked \d+ films in .+ms on this device\. First is now Film \d+, the\.$/,
    );
    assert.deepEqual(seen.cleared, seen.start);
  });
}

/** In the page: likes three comedies, then clears the history; tells what stood there at each step. */
async function likeAndClear() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const texts = (selector) => all(selector).map((element) => element.textContent);
  const chips = () => texts('.chip > span');
  const until = async (holds) => {
    for (const end = Date.now() + 20_000; !holds();) {
      if (Date.now() > end) throw new Error(`the page stands still: ${document.body.innerText}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const look = () => ({
    titles: texts('.poster .title'),
    genres: texts('.genre'),
    reasons: texts('.reason'),
    status: texts('#status')[0],
    chips: chips(),
  });

  await until(() => all('.card, .trouble').length > 0);
  const start = look();
  const clicked = [];
  for (let like = 1; like <= 3; ++like) {
    const card = all('.card').find(
      (element) => element.querySelector('.genre').textContent === 'Comedy',
    );
    clicked.push(card.querySelector('.title').textContent);
    card.querySelector('.poster').click();
    await until(() => chips().length === like);
  }
  const liked = look();
  document.querySelector('#clear').click();
  await until(() => chips().length === 0);
  return { start, clicked, liked, cleared: look() };
}

/** Opens the demo in Chromium with these options, until the test ends. */
async function visit(context, options = {}, prepare = async () => {}) {
  const visitor = await browser.newContext(options);
  context.after(() => visitor.close());
  const page = await visitor.newPage();
  await prepare(page);
  await page.goto(`${site.origin}/`);
  await page.locator('.card, .trouble').first().waitFor();
  return page;
}

const focused = (page, selector) => page.locator(`${selector}:focus`);

test('Demo can be used by keyboard alone', async (context) => {
  const page = await visit(context);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const first = await page.locator('.poster .title').first().textContent();
  await page.keyboard.press('Enter');
  await page.locator('.chip', { hasText: first }).waitFor();
  assert.equal(
    await focused(page, '.card:first-child .poster').count(),
    1,
    'the next card has the focus',
  );
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await page.locator('.chip').nth(1).waitFor();
  assert.equal(await focused(page, '.card:nth-child(2) .poster').count(), 1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.explain[open]').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(
    await focused(page, '.card:nth-child(2) .why').count(),
    1,
    'closing gives the focus back',
  );
  await page.locator('.chip button').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.chip').length === 1);
  assert.equal(await focused(page, '.chip button').count(), 1, 'the next chip has the focus');
});

test('Demo shows contributions that sum to the score', async (context) => {
  const page = await visit(context);
  for (const like of [0, 1]) {
    await page.locator('.poster').nth(4).click();
    await page.locator('.chip').nth(like).waitFor();
  }
  await page.locator('.why').first().click();
  await page.locator('.explain tfoot').waitFor();
  const read = async (selector) => {
    const texts = await page.locator(selector).allTextContents();
    return texts.map((text) => Number(text.replace('−', '-')));
  };
  const lines = await read('.explain tbody td:last-child');
  const [score] = await read('.explain tfoot td:last-child');
  assert.equal(lines.length, 4, 'two likes, the base and the remainder');
  const sum = lines.reduce((total, line) => total + line, 0);
  assert.ok(
    Math.abs(sum - score) <= 0.0005 * (lines.length + 1),
    `${lines.join(' + ')} = ${score}`,
  );
});

test('Demo finds films by title and by genre, liked ones included', async (context) => {
  const page = await visit(context);
  await page.locator('.poster').first().click();
  await page.locator('.chip').waitFor();
  const liked = await page.locator('.chip > span').textContent();
  await page.locator('#search').fill(liked);
  await page.locator('#list-title', { hasText: '1 film' }).waitFor();
  assert.equal(await page.locator('.poster[aria-pressed=true] .title').textContent(), liked);
  await page.locator('.poster').click();
  await page.waitForFunction(() => document.querySelectorAll('.chip').length === 0);
  await page.locator('#search').fill('');
  await page.locator('.genres button', { hasText: 'Comedy' }).click();
  await page.locator('#list-title', { hasText: /^\d+ films for Comedy/ }).waitFor();
  assert.deepEqual([...new Set(await page.locator('.genre').allTextContents())], ['Comedy']);
  await page.locator('#search').fill('nothing of this name');
  await page.locator('#list-title', { hasText: 'No film' }).waitFor();
});

test('Demo fits a phone of 360 pixels', async (context) => {
  const page = await visit(context, {
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  });
  for (let like = 1; like <= 4; ++like) {
    await page.locator('.poster').nth(like).tap();
    await page
      .locator('.chip')
      .nth(like - 1)
      .waitFor();
  }
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await width(), 360);
  await page.locator('.why').first().tap();
  await page.locator('.explain[open]').waitFor();
  assert.ok((await page.locator('.explain').evaluate((panel) => panel.scrollWidth)) <= 360);
});

test('Demo stands still for those who ask for less motion', async (context) => {
  const counts = [];
  for (const reducedMotion of ['no-preference', 'reduce']) {
    const page = await visit(context, { reducedMotion });
    counts.push(
      await page.evaluate(async () => {
        document.querySelectorAll('.poster')[5].click();
        while (!document.querySelector('.chip'))
          await new Promise((resolve) => setTimeout(resolve));
        return document.getAnimations().length;
      }),
    );
  }
  assert.ok(counts[0] > 0, 'cards glide');
  assert.equal(counts[1], 0);
});

const loseModel = (page) =>
  page.route('**/model.palate', (route) => route.fulfill({ status: 404 }));
const loseWebAssembly = (page) => page.addInitScript(() => delete globalThis.WebAssembly);

async function cutModel(page) {
  await page.route('**/model.palate', async (route) => {
    const response = await route.fetch();
    const model = await response.body();
    const half = model.subarray(0, model.length / 2);
    await route.fulfill({ status: 200, contentType: 'application/octet-stream', body: half });
  });
}

const troubles = [
  ['a model that is not there', 'The model file did not arrive', loseModel],
  ['a model that was cut short', 'The model file was refused', cutModel],
  ['a browser without WebAssembly', 'This browser cannot run the ranking', loseWebAssembly],
];

for (const [what, said, prepare] of troubles) {
  test(`Demo says what to do about ${what}`, async (context) => {
    const page = await visit(context, {}, prepare);
    assert.equal(await page.locator('.trouble h2').textContent(), said);
    assert.equal(await page.locator('.card').count(), 0);
  });
}
