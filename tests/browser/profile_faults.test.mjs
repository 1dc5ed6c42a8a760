// A store that fails, for real: the status says so, memory takes its place, and what was recorded
// is written when the store works again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

const [chromium, firefox] = engines;

async function openPage(context, engine, options) {
  const { site, browser } = await openPackageSite(context, engine, options);
  return { page: await browser.open(`${site.origin}/profile.html`), origin: site.origin };
}

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { page } = await openPage(context, engine);
    const check = (title, work) =>
      context.test(title, async () => {
        await page.evaluate(() => deleteProfile());
        await work();
      });

    await check('Records of a wrong shape are removed, and the others count', async () => {
      assert.deepEqual(await page.evaluate(openDamagedEvents), {
        history: ['f5', 'f6'],
        repaired: 'profile/corrupt',
        store: 'indexeddb',
        stored: 2,
        later: null,
      });
    });

    await check('A database without its stores is made anew', async () => {
      assert.deepEqual(await page.evaluate(openDamagedDatabase), {
        repaired: 'profile/corrupt',
        store: 'indexeddb',
        history: 1,
      });
    });

    await check('A profile that a newer Palate wrote stays as it is', async () => {
      assert.deepEqual(await page.evaluate(openNewerProfile), {
        status: 'memory',
        error: 'profile/version',
        recorded: true,
        listed: true,
        stored: ['f6'],
      });
    });

    await check(
      'A profile deleted under a running page is gone, and the page goes on',
      async () => {
        assert.deepEqual(await page.evaluate(deleteUnderThePage), {
          history: ['f6'],
          store: 'indexeddb',
          stored: ['f6'],
        });
      },
    );

    await check('A tab that keeps the database from opening delays nothing for long', async () => {
      const { store, error, took, recovered } = await page.evaluate(holdOnToTheDatabase);
      assert.deepEqual([store, error], ['memory', 'profile/failed']);
      assert.ok(took < 6000, `load took ${took} ms`);
      assert.deepEqual(recovered, ['f5']);
    });

    await check('Events keep their order and age when the clock is set back', async () => {
      assert.deepEqual(await page.evaluate(setClockBack), {
        before: ['f5', 'f6', 'f7'],
        after: ['f5', 'f6', 'f7', 'f8'],
        fromTheFuture: 0,
      });
    });

    await check('A model swapped under a running page finds the same events', async () => {
      const { swapped, fresh, kept } = await page.evaluate(swapModel);
      assert.deepEqual(swapped, fresh);
      assert.equal(kept, 2);
    });
  });
}

for (const engine of [chromium, firefox]) {
  test(`Where ${engine.name} forbids to store, the history is in memory`, async (context) => {
    const { page } = await openPage(context, engine, { storage: 'blocked' });
    assert.deepEqual(await page.evaluate(useBlockedStore), {
      status: 'memory',
      error: 'profile/blocked',
      relaxed: true,
      strict: 'profile/blocked',
      history: 2,
      forgotten: 2,
    });
  });
}

test('In a private window of Firefox the profile lasts as long as the window', async (context) => {
  const { page } = await openPage(context, firefox, { storage: 'private' });
  assert.equal(await page.evaluate(recordOne), 'indexeddb');
  await page.reload();
  assert.equal(await page.evaluate(countEvents), 1);
});

test('A full quota is told, and what was recorded is written when there is room', async (context) => {
  const { page, origin } = await openPage(context, chromium);
  const protocol = await page.protocol();
  await protocol.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  assert.deepEqual(await page.evaluate(recordWithoutRoom), {
    first: 'profile/full',
    second: 'recorded',
    strict: 'profile/full',
    status: {
      store: 'memory',
      consent: true,
      paused: false,
      waiting: 2,
      error: 'profile/full',
      repaired: null,
    },
    told: ['profile/full'],
    history: 2,
    stored: 0,
  });
  await protocol.send('Storage.overrideQuotaForOrigin', { origin });
  assert.deepEqual(await page.evaluate(recordWithRoom), {
    status: {
      store: 'indexeddb',
      consent: true,
      paused: false,
      waiting: 0,
      error: null,
      repaired: null,
    },
    told: ['profile/full', null],
    stored: 5,
  });
});

test('A full quota of Firefox is told', async (context) => {
  const { page } = await openPage(context, firefox, { storage: 'small' });
  assert.equal(await page.evaluate(recordUntilFull), 'profile/full');
});

test('Data that the visitor clears under a running page is gone, and the page goes on', async (context) => {
  const { page, origin } = await openPage(context, chromium);
  const protocol = await page.protocol();
  assert.equal(await page.evaluate(recordOne), 'indexeddb');
  // What it tells the page, and when, differs from time to time.
  for (const item of ['f6', 'f7', 'f8', 'f9', 'f10', 'f11']) {
    await protocol.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    assert.deepEqual(await page.evaluate(recordAnother, item), { history: [item], stored: [item] });
  }
});

// These run in the page.

async function openDamagedEvents() {
  const first = await open();
  await first.record({ item: 'f5', type: 'like', time: Date.now() - 1000 });
  await first.record({ item: 'f6', type: 'like' });
  first.dispose();
  await rawEvents((events) => {
    for (const id of [1, new Date(0), [2, 'x']]) events.put({ id });
    events.put({ id: 'no item', type: 'like', time: Date.now() });
    events.put({ id: 'no type', item: 'f7', type: 'stare', time: Date.now() });
    events.put({ id: 'no time', item: 'f7', type: 'like', time: NaN });
    events.put({ id: '__proto__', item: { toString: () => 'f7' }.item, type: 'like' });
    return asked(events.put({ id: 'no value', item: 'f7', type: 'rate', time: Date.now() }));
  });
  const palate = await open();
  const status = statusOf(palate);
  const history = (await palate.history()).map(({ item }) => item);
  await palate.recommend();
  palate.dispose();
  const again = await open();
  const later = statusOf(again).repaired;
  again.dispose();
  const stored = await rawEvents((events) => asked(events.count()));
  return { history, repaired: status.repaired, store: status.store, stored, later };
}

async function openDamagedDatabase() {
  const version = await currentVersion();
  (await rawDatabase(version, (database) => database.createObjectStore('other'))).close();
  const palate = await open();
  await palate.record({ item: 'f5', type: 'like' });
  const { store, repaired } = statusOf(palate);
  palate.dispose();
  const again = await open();
  const history = (await again.history()).length;
  again.dispose();
  return { repaired, store, history };
}

async function openNewerProfile() {
  const first = await open();
  await first.record({ item: 'f6', type: 'like' });
  const version = (await currentVersion({ keep: true })) + 1;
  // The running page lets go of it.
  (await rawDatabase(version)).close();
  const palate = await open();
  const { store, error } = statusOf(palate);
  const recorded = await palate.record({ item: 'f5', type: 'like' });
  const listed = (await palate.recommend({ count: 1 }))[0].reasons[0].item === 'f5';
  palate.dispose();
  first.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { status: store, error, recorded, listed, stored: stored.map(({ item }) => item) };
}

async function deleteUnderThePage() {
  const palate = await open();
  await palate.record({ item: 'f5', type: 'like' });
  await deleteProfile();
  await palate.record({ item: 'f6', type: 'like' });
  const history = (await palate.history()).map(({ item }) => item);
  const { store } = palate.profile;
  palate.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { history, store, stored: stored.map(({ item }) => item) };
}

async function holdOnToTheDatabase() {
  const version = await currentVersion();
  // No such connection of Palate's: this one does not let go when it is asked to.
  const held = await rawDatabase(version, (database) => database.createObjectStore('other'));
  const newer = asked(indexedDB.deleteDatabase('palate/default'));
  const begin = performance.now();
  const palate = await open();
  const took = performance.now() - begin;
  const { store, error } = statusOf(palate);
  await palate.record({ item: 'f5', type: 'like' });
  held.close();
  await newer;
  await until(async () => {
    await palate.recommend();
    return palate.profile.store === 'indexeddb' && palate.profile.waiting === 0;
  });
  palate.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { store, error, took, recovered: stored.map(({ item }) => item) };
}

async function setClockBack() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  const now = Date.now;
  const ahead = 1000 * 24 * 60 * 60 * 1000;
  const palate = await open();
  await palate.record({ item: 'f5', type: 'like' });
  Date.now = () => now() + ahead;
  await palate.record({ item: 'f6', type: 'like' });
  Date.now = now;
  await palate.record({ item: 'f7', type: 'like' });
  const before = await items(palate);
  palate.dispose();
  const later = await open();
  await later.record({ item: 'f8', type: 'like', time: Date.now() + 1 });
  const after = await items(later);
  later.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  const fromTheFuture = stored.filter(({ time }) => time > now() + 60_000).length;
  return { before, after, fromTheFuture };
}

async function swapModel() {
  const palate = await open();
  const event = { item: 'f5', type: 'like', time: Date.now() - 1000 };
  await palate.record(event);
  await palate.recommend();
  const swapping = palate.update('/models/weighted_mean.palate');
  const during = palate.record({ ...event, item: 'f6' });
  await Promise.all([swapping, during]);
  const plain = await Palate.load('/models/weighted_mean.palate');
  for (const item of ['f5', 'f6']) await plain.record({ ...event, item });
  const lists = { swapped: await palate.recommend(), fresh: await plain.recommend() };
  palate.dispose();
  plain.dispose();
  const again = await open({}, {}, 'weighted_mean');
  const kept = (await again.history()).length;
  again.dispose();
  return { ...lists, kept };
}

async function useBlockedStore() {
  const palate = await open();
  const { store, error } = statusOf(palate);
  const relaxed = await palate.record({ item: 'f5', type: 'like' });
  await palate.record({ item: 'f5', type: 'view' });
  const history = (await palate.history()).length;
  const forgotten = await palate.forget('f5');
  const strictly = await open({ durability: 'strict' });
  const strict = await codeOf(strictly.record({ item: 'f5', type: 'like' }));
  return { status: store, error, relaxed, strict, history, forgotten };
}

async function recordOne() {
  globalThis.palate = await open();
  await palate.record({ item: 'f5', type: 'like' });
  return palate.profile.store;
}

async function countEvents() {
  return (await (await open()).history()).length;
}

async function recordWithoutRoom() {
  globalThis.told = [];
  const onStatus = ({ error }) => told.push(error?.code ?? null);
  globalThis.palate = await open({ onStatus });
  const item = 'x'.repeat(10_000);
  const first = await codeOf(palate.record({ item: `${item}1`, type: 'like' }));
  const second = await palate.record({ item: `${item}2`, type: 'like' }).then(() => 'recorded');
  globalThis.strictly = await open({ durability: 'strict' });
  const strict = await codeOf(strictly.record({ item: `${item}3`, type: 'like' }));
  const status = statusOf(palate);
  const history = (await palate.history()).length;
  const stored = await rawEvents((events) => asked(events.count()));
  return { first, second, strict, status, told, history, stored };
}

async function recordWithRoom() {
  await palate.record({ item: 'f6', type: 'like' });
  await until(() => palate.profile.waiting === 0);
  await strictly.recommend();
  await strictly.record({ item: 'f7', type: 'like' });
  const stored = await rawEvents((events) => asked(events.count()));
  return { status: statusOf(palate), told, stored };
}

async function recordUntilFull() {
  const palate = await open();
  for (let place = 0; place < 1000; ++place) {
    // Of no pattern: Firefox compresses what it stores.
    const item = crypto.getRandomValues(new Uint32Array(1000)).join();
    const code = await codeOf(palate.record({ item, type: 'view' }));
    if (code !== 'no error') return code;
  }
  return 'no error';
}

async function recordAnother(another) {
  await palate.record({ item: another, type: 'like' });
  const history = (await palate.history()).map(({ item }) => item);
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { history, stored: stored.map(({ item }) => item) };
}
