// Several tabs at once, and tabs that are killed while they write: every event is there, once.
//
//   node --test tests/browser/profile_tabs.test.mjs
//   PALATE_SOAK=1 node --test tests/browser/profile_tabs.test.mjs     2000 events a tab; 200 kills in Chromium, 50 in Firefox
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

const isSoak = process.env.PALATE_SOAK === '1';
const [tabs, events] = isSoak ? [8, 2000] : [8, 200];
const [chromium, firefox] = engines;

for (const engine of [chromium, firefox]) {
  test(`${tabs} tabs of ${engine.name} record ${events} events each: all are there, once`, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const first = await browser.open(`${site.origin}/profile.html`);
    const others = [];
    while (others.length < tabs - 1) others.push(await first.tab(`${site.origin}/profile.html`));
    const pages = [first, ...others];
    await Promise.all(pages.map((page) => page.evaluate(openLargeProfile)));
    await Promise.all(pages.map((page, tab) => page.evaluate(recordMany, { tab, events })));
    const expected = pages.flatMap((_, tab) =>
      Array.from({ length: events }, (_, place) => `${tab}-${place}`),
    );
    const seen = await Promise.all(pages.map((page) => page.evaluate(seeAll, expected.length)));
    for (const items of seen) assert.deepEqual(items.sort(), expected.toSorted());
  });
}

for (const engine of [chromium, firefox]) {
  test(`A list in ${engine.name} follows what another tab does`, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const page = await browser.open(`${site.origin}/profile.html`);
    const tab = await page.tab(`${site.origin}/profile.html`);
    const popular = await tab.evaluate(showFeed);
    const liked = await page.evaluate(likeElsewhere);
    assert.notDeepEqual(liked, popular);
    assert.deepEqual(await tab.evaluate(feedAfter, popular), liked);
    await page.evaluate(() => palate.erase());
    assert.deepEqual(await tab.evaluate(feedAfter, liked), popular);
  });
}

for (const [engine, times] of [
  [chromium, isSoak ? 200 : 8],
  [firefox, isSoak ? 50 : 3],
]) {
  test(`A tab of ${engine.name} killed ${times} times while it writes loses no event`, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    // Another tab keeps the store alive, as it is for one who has several.
    const page = await browser.open(`${site.origin}/`);
    const acknowledged = () =>
      site.requests
        .filter(({ url }) => url.startsWith('/recorded/'))
        .map(({ url }) => url.slice('/recorded/'.length));
    for (let round = 0; round < times; ++round) {
      const tab = await page.tab(`${site.origin}/profile.html`);
      const before = acknowledged();
      const items = await tab.evaluate(openAndList);
      assert.equal(new Set(items).size, items.length, 'an event is there twice');
      const found = new Set(items);
      const lost = before.filter((item) => !found.has(item));
      assert.deepEqual(lost, [], `lost after ${round} kills`);
      await tab.evaluate(startRecording, round);
      // At another moment each time, of what the tab does between two events and of what its store does.
      const enough = before.length + 3 + (round % 7);
      while (acknowledged().length < enough) await new Promise((resolve) => setTimeout(resolve, 1));
      await browser.killTabs();
      await tab.close().catch(() => {});
    }
    assert.ok(acknowledged().length >= 3 * times);
  });
}

// These run in the page.

async function openLargeProfile() {
  globalThis.palate = await open({ maxEvents: 100_000 });
}

/** Some one after the other, some in heaps. */
async function recordMany({ tab, events }) {
  let waiting = [];
  for (let place = 0; place < events; ++place) {
    waiting.push(palate.record({ item: `${tab}-${place}`, type: 'view' }));
    if (place % 50 < 10 || place % 50 === 49) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
}

async function seeAll(count) {
  await until(async () => (await palate.history()).length >= count);
  return (await palate.history()).map(({ item }) => item);
}

async function showFeed() {
  await import('/palate/element.js');
  const feed = document.createElement('palate-feed');
  const shown = new Promise((resolve) =>
    feed.addEventListener('palate-list', resolve, { once: true }),
  );
  globalThis.titles = () =>
    [...feed.shadowRoot.querySelectorAll('[part=title]')].map(({ textContent }) => textContent);
  feed.palate = await open();
  document.body.append(feed);
  await shown;
  return titles();
}

async function feedAfter(before) {
  await until(() => titles().join() !== before.join());
  return titles();
}

async function likeElsewhere() {
  globalThis.palate = await open();
  await palate.record({ item: 'f5', type: 'like' });
  return (await palate.recommend()).map(({ item, title }) => title || item);
}

async function openAndList() {
  globalThis.palate = await open({ maxEvents: 100_000 });
  return (await palate.history()).map(({ item }) => item);
}

/** Records until it is killed; what was acknowledged is told to the site at once. */
function startRecording(round) {
  let place = 0;
  const recordNext = async () => {
    const item = `${round}-${place++}`;
    await palate.record({ item, type: 'view' });
    void fetch(`/recorded/${item}`).catch(() => {});
    return recordNext();
  };
  // Several at once: some wait for a transaction that others have begun.
  for (let writer = 0; writer < 4; ++writer) void recordNext();
}
