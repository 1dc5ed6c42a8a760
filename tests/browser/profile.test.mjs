// A profile that lasts, in each engine: what is stored, when, and what forgetting takes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const page = await browser.open(`${site.origin}/profile.html`);
    /** A test that begins without a profile. */
    const check = (title, work) =>
      context.test(title, async () => {
        await page.evaluate(() => deleteProfile());
        await work();
      });

    for (const worker of [false, true]) {
      const place = worker ? 'worker' : 'page';

      await check(`What is recorded is there at the next visit (${place})`, async () => {
        const before = await page.evaluate(recordAndList, worker);
        assert.equal(before.status.store, 'indexeddb');
        assert.equal(before.history.length, 3);
        await page.reload();
        assert.deepEqual(await page.evaluate(list, worker), before);
      });

      await check(`Adjustments last, outlive the limits and can be undone (${place})`, async () => {
        const before = await page.evaluate(adjust, worker);
        assert.deepEqual(before.weights, [2, -3]);
        assert.deepEqual(before.history, ['f8']);
        await page.reload();
        assert.deepEqual(await page.evaluate(undo, worker), {
          kept: before,
          undone: -3,
          refused: 'request/invalid',
        });
        await page.reload();
        const { kept } = await page.evaluate(undo, worker);
        assert.deepEqual(kept.weights, [2]);
        assert.notDeepEqual(kept.list, before.list);
      });

      await check(`A refused adjustment is not stored (${place})`, async () => {
        assert.deepEqual(await page.evaluate(adjustWrongly, worker), {
          code: 'request/invalid',
          stored: ['view'],
        });
      });

      await check(
        `Lists after forget and erase are those of a new visitor (${place})`,
        async () => {
          for (const model of ['fold_in', 'hybrid', 'weighted_mean', 'item_weights']) {
            const { fresh, one, forgotten } = await page.evaluate(forget, { worker, model });
            assert.notDeepEqual(one, fresh);
            assert.deepEqual(forgotten, one);
            await page.reload();
            const { again, erased } = await page.evaluate(erase, { worker, model });
            assert.deepEqual(again, one);
            assert.deepEqual(erased, fresh);
            await page.reload();
            assert.deepEqual(await page.evaluate(explainedList, { worker, model }), fresh);
          }
        },
      );
    }

    await check('Nothing is stored before the visitor agrees, nor after that ends', async () => {
      const { before, agreed, withdrawn } = await page.evaluate(agree);
      assert.deepEqual(before, { databases: 0, history: 1, store: 'memory' });
      assert.deepEqual(agreed, { databases: 1, history: 2, store: 'indexeddb', stored: 2 });
      assert.deepEqual(withdrawn, { databases: 0, history: 0, store: 'memory' });
    });

    await check('An export is imported once, whatever is there already', async () => {
      assert.deepEqual(await page.evaluate(exportAndImport), {
        again: 0,
        merged: 2,
        elsewhere: ['f5', 'f6', 'f7'],
        malformed: 'request/invalid',
        afterwards: 3,
      });
    });

    await check('The oldest events make room, and old ones go', async () => {
      assert.deepEqual(await page.evaluate(outgrow), {
        full: ['e3', 'e4', 'e5', 'e6'],
        later: ['e6'],
        stored: 1,
      });
    });

    await check('Impressions make room before what was chosen', async () => {
      assert.deepEqual(await page.evaluate(outgrowByImpressions), { views: 30, impressions: 48 });
    });

    await check('A pause leaves new events out, here, elsewhere and later', async () => {
      assert.deepEqual(await page.evaluate(pauseAndResume), {
        here: [false, ['f5'], true],
        elsewhere: [false, true],
        later: [true, false, ['f5']],
        resumed: [true, ['f5', 'f8'], false],
      });
    });

    await check('A profile of the first layout is taken over whole', async () => {
      assert.deepEqual(await page.evaluate(openOldLayout), {
        history: ['f5', 'f6'],
        isSame: true,
        paused: true,
        stores: ['events', 'settings'],
      });
    });

    await check('An event that is recorded again by its id is there once', async () => {
      assert.deepEqual(await page.evaluate(recordAgain), { history: ['f5'], stored: ['f5'] });
    });

    await check('Profiles of other names know nothing of each other', async () => {
      assert.deepEqual(await page.evaluate(nameOthers), [['f5'], ['f6']]);
    });

    await check('Events move to another model by their items', async () => {
      const { moved, fresh } = await page.evaluate(moveToAnotherModel);
      assert.deepEqual(moved, fresh);
    });

    await check('Two openings of a profile see what the other does', async () => {
      assert.deepEqual(await page.evaluate(seeEachOther), {
        isSame: true,
        changes: true,
        left: [],
      });
    });

    await check('What is undone stays so when the store is read meanwhile', async () => {
      assert.deepEqual(await page.evaluate(undoWhileReading), { undone: 2, left: [] });
    });

    await check('A dislike takes back what was said, and keeps the item out', async () => {
      assert.deepEqual(await page.evaluate(dislike), {
        isListed: false,
        isAsNew: true,
        isBack: true,
      });
    });

    await context.test('Options that make no sense are refused', async () => {
      const codes = await page.evaluate(openWrongly);
      assert.deepEqual(new Set(codes), new Set(['request/invalid']));
    });

    await context.test('Every request is a GET of the page, the package or a model', () => {
      const allowed = ['profile.html', 'profile.js']
        .concat(
          ['palate', 'runtime', 'worker', 'worker_client', 'profile'].map(
            (name) => `palate/${name}.js`,
          ),
        )
        .concat(
          ['simd128', 'simd128-rest', 'relaxed', 'relaxed-rest'].map(
            (name) => `palate/palate-${name}.wasm`,
          ),
        )
        .concat(
          ['fold_in', 'hybrid', 'weighted_mean', 'item_weights'].map(
            (name) => `models/${name}.palate`,
          ),
        );
      const seen = [...site.requests, ...page.requests().filter(({ url }) => url !== 'data:,')];
      assert.ok(seen.length > 0);
      for (const { method, url } of seen) {
        assert.equal(method, 'GET');
        assert.ok(allowed.includes(url.replace(site.origin, '').slice(1)), url);
      }
    });
  });
}

// These run in the page.

async function adjust(worker) {
  const palate = await open({ maxEvents: 1 }, { worker });
  await palate.record({ item: 'f5', type: 'view' });
  const [{ attribute, category }] = await palate.taste();
  for (const weight of [2, -3]) await palate.adjust({ attribute, category, weight });
  await palate.record({ item: 'f8', type: 'view' });
  const history = (await palate.history()).map(({ item }) => item);
  const weights = (await palate.adjustments()).map(({ weight }) => weight);
  const list = await palate.recommend();
  palate.dispose();
  return { history, weights, list };
}

async function adjustWrongly(worker) {
  const palate = await open({}, { worker });
  const [code] = await Promise.all([
    codeOf(palate.adjust({ attribute: 'nonsense', weight: 1 })),
    palate.record({ item: 'f5', type: 'view' }),
  ]);
  palate.dispose();
  const stored = await rawEvents((events) => asked(events.getAll()));
  return { code, stored: stored.map(({ type }) => type) };
}

async function undoWhileReading() {
  const palate = await open({}, { worker: true });
  await palate.record({ item: 'f5', type: 'view' });
  const [{ attribute, category }] = await palate.taste();
  await palate.adjust({ attribute, category, weight: 2 });
  await palate.history();
  const undoing = palate.undo();
  // The worker has been asked, and cannot have answered yet.
  for (let step = 0; step < 50; ++step) await undefined;
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await palate.history();
  const { weight } = await undoing;
  const left = await palate.adjustments();
  palate.dispose();
  return { undone: weight, left };
}

async function undo(worker) {
  const palate = await open({ maxEvents: 1 }, { worker });
  const refused = await codeOf(palate.adjust({ attribute: 'nonsense', weight: 1 }));
  const history = (await palate.history()).map(({ item }) => item);
  const weights = (await palate.adjustments()).map(({ weight }) => weight);
  const list = await palate.recommend();
  const { weight } = (await palate.undo()) ?? { weight: 0 };
  palate.dispose();
  return { kept: { history, weights, list }, undone: weight, refused };
}

async function recordAndList(worker) {
  const palate = await open({}, { worker });
  await palate.record({ item: 'f5', type: 'like' });
  await Promise.all([
    palate.record({ item: 'f8', type: 'rate', value: 4 }),
    palate.record({ item: 'nobody', type: 'impression' }),
  ]);
  return {
    status: statusOf(palate),
    history: await palate.history(),
    picks: await palate.recommend(),
  };
}

async function list(worker) {
  const palate = await open({}, { worker });
  return {
    status: statusOf(palate),
    history: await palate.history(),
    picks: await palate.recommend(),
  };
}

async function forget({ worker, model }) {
  const lists = async (palate) => ({
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  });
  const palate = await open({}, { worker }, model);
  const fresh = await lists(palate);
  await palate.record({ item: 'f5', type: 'like', time: Date.now() - 1000 });
  const one = await lists(palate);
  // Shown beside another item, and chosen: that is learned.
  for (const item of ['f3', 'f7']) await palate.record({ item, type: 'impression' });
  for (const type of ['view', 'buy', 'skip']) await palate.record({ item: 'f3', type });
  await lists(palate);
  await palate.forget('f7');
  if ((await palate.forget('f3')) !== 4) throw new Error('not all of it was forgotten');
  const forgotten = await lists(palate);
  palate.dispose();
  return { fresh, one, forgotten };
}

async function erase({ worker, model }) {
  const lists = async (palate) => ({
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  });
  const palate = await open({}, { worker }, model);
  const again = await lists(palate);
  if ((await palate.erase()) !== 1) throw new Error('not all of it was erased');
  const erased = await lists(palate);
  palate.dispose();
  return { again, erased };
}

async function explainedList({ worker, model }) {
  const palate = await open({}, { worker }, model);
  const answer = {
    picks: await palate.recommend({ count: 100 }),
    why: await palate.explain('f9'),
  };
  palate.dispose();
  return answer;
}

async function agree() {
  const palate = await open({ consent: false });
  const state = async () => ({
    databases: (await indexedDB.databases()).length,
    history: (await palate.history()).length,
    store: palate.profile.store,
  });
  await palate.record({ item: 'f5', type: 'like' });
  const before = await state();
  await palate.consent(true);
  await palate.record({ item: 'f6', type: 'like' });
  const stored = await rawEvents((events) => asked(events.count()));
  const agreed = { ...(await state()), stored };
  await palate.consent(false);
  const withdrawn = await state();
  palate.dispose();
  return { before, agreed, withdrawn };
}

async function exportAndImport() {
  const palate = await open();
  await palate.record({ item: 'f5', type: 'like', time: Date.now() - 3000 });
  await palate.record({ item: 'f6', type: 'like', time: Date.now() - 2000 });
  const json = JSON.stringify(await palate.export());
  const again = await palate.import(JSON.parse(json));
  const other = await open({ name: 'other' });
  await other.erase();
  await other.record({ item: 'f7', type: 'like' });
  const merged = await other.import(JSON.parse(json));
  const broken = JSON.parse(json);
  broken.events[0].id = 'another';
  broken.events[1].type = 'stare';
  const malformed = await codeOf(other.import(broken));
  other.dispose();
  const reopened = await open({ name: 'other' });
  const elsewhere = (await reopened.history()).map(({ item }) => item);
  reopened.dispose();
  palate.dispose();
  await deleteProfile('other');
  return { again, merged, elsewhere, malformed, afterwards: elsewhere.length };
}

async function outgrow() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  const now = Date.now();
  const palate = await open({ maxEvents: 4 });
  for (const place of [0, 1, 2, 3, 4, 5, 6]) {
    await palate.record({ item: `e${place}`, type: 'view', time: now - (6 - place) * 100_000 });
  }
  const full = await items(palate);
  palate.dispose();
  const later = await open({ maxEvents: 4, maxAge: 50_000 });
  const left = await items(later);
  const stored = await rawEvents((events) => asked(events.count()));
  later.dispose();
  return { full, later: left, stored };
}

async function recordAgain() {
  const items = (events) => events.map(({ item }) => item);
  const event = { id: 'the same', item: 'f5', type: 'like' };
  const palate = await open();
  await palate.record(event);
  await palate.record(event);
  palate.dispose();
  const reopened = await open();
  await reopened.record({ ...event, item: 'f6' });
  const history = items(await reopened.history());
  reopened.dispose();
  return { history, stored: items(await rawEvents((events) => asked(events.getAll()))) };
}

async function nameOthers() {
  const [one, two] = [await open(), await open({ name: 'other' })];
  await one.record({ item: 'f5', type: 'like' });
  await two.record({ item: 'f6', type: 'like' });
  const histories = [await one.history(), await two.history()];
  one.dispose();
  two.dispose();
  await deleteProfile('other');
  return histories.map((events) => events.map(({ item }) => item));
}

async function moveToAnotherModel() {
  const event = { item: 'f5', type: 'like', time: Date.now() };
  const old = await open();
  await old.record(event);
  old.dispose();
  const next = await open({}, {}, 'weighted_mean');
  const plain = await Palate.load('/models/weighted_mean.palate');
  await plain.record(event);
  const lists = { moved: await next.recommend(), fresh: await plain.recommend() };
  next.dispose();
  plain.dispose();
  return lists;
}

async function seeEachOther() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  let changes = 0;
  const one = await open({ onChange: () => ++changes }, { worker: true });
  const two = await open();
  await two.record({ item: 'f5', type: 'like' });
  await until(async () => (await items(one)).length === 1);
  await one.record({ item: 'f6', type: 'like' });
  await until(async () => (await items(two)).length === 2);
  const isSame =
    JSON.stringify(await one.recommend()) === JSON.stringify(await two.recommend()) &&
    (await items(one)).join() === 'f5,f6';
  await two.forget('f5');
  await until(async () => (await items(one)).join() === 'f6');
  await one.erase();
  await until(async () => (await items(two)).length === 0);
  const left = await items(two);
  one.dispose();
  two.dispose();
  return { isSame, changes: changes > 0, left };
}

async function outgrowByImpressions() {
  const palate = await open({ maxEvents: 80 });
  for (let round = 0; round < 60; ++round) {
    await palate.record({ item: `e${round}`, type: 'impression' });
    if (round < 30) await palate.record({ item: `e${round}`, type: 'view' });
  }
  const history = await palate.history();
  palate.dispose();
  const count = (of) => history.filter(({ type }) => type === of).length;
  return { views: count('view'), impressions: count('impression') };
}

async function pauseAndResume() {
  const items = async (palate) => (await palate.history()).map(({ item }) => item);
  const one = await open();
  const two = await open();
  await one.record({ item: 'f5', type: 'view' });
  await one.pause();
  const here = [
    await one.record({ item: 'f6', type: 'view' }),
    await items(one),
    one.profile.paused,
  ];
  await until(() => two.profile.paused);
  const elsewhere = [await two.record({ item: 'f7', type: 'view' }), two.profile.paused];
  one.dispose();
  two.dispose();
  const three = await open();
  const later = [
    three.profile.paused,
    await three.record({ item: 'f7', type: 'view' }),
    await items(three),
  ];
  await three.resume();
  const resumed = [
    await three.record({ item: 'f8', type: 'view' }),
    await items(three),
    three.profile.paused,
  ];
  three.dispose();
  return { here, elsewhere, later, resumed };
}

async function openOldLayout() {
  const events = ['f5', 'f6'].map((item, order) => ({
    id: `old-${order}`,
    item,
    type: 'like',
    time: Date.now() - 1000 + order,
    order,
  }));
  const database = await rawDatabase(1, (made) =>
    made.createObjectStore('events', { keyPath: 'id' }),
  );
  const store = database.transaction('events', 'readwrite').objectStore('events');
  await Promise.all(events.map((event) => asked(store.add(event))));
  // Held open, as by a tab with the older page, which lets go of it when asked.
  database.onversionchange = () => database.close();
  const palate = await open();
  const history = await palate.history();
  await palate.pause();
  const { paused } = palate.profile;
  palate.dispose();
  const now = await rawDatabase();
  const stores = [...now.objectStoreNames];
  now.close();
  const isSame = events.every(({ id, item, type, time }, place) => {
    const kept = history[place];
    return kept.id === id && kept.item === item && kept.type === type && kept.time === time;
  });
  return { history: history.map(({ item }) => item), isSame, paused, stores };
}

async function dislike() {
  const palate = await open();
  const fresh = await palate.recommend({ count: 47 });
  const isListed = async () =>
    (await palate.recommend({ count: 1000, excludeSeen: false })).some(({ item }) => item === 'f5');
  await palate.record({ item: 'f5', type: 'like' });
  await palate.record({ item: 'f5', type: 'dislike' });
  const disliked = await palate.recommend({ count: 47 });
  const was = await isListed();
  await palate.record({ item: 'f5', type: 'like' });
  const isBack = await isListed();
  palate.dispose();
  const withoutIt = fresh.filter(({ item }) => item !== 'f5');
  const isAsNew = withoutIt.every(({ score }, place) => disliked[place].score === score);
  return { isListed: was, isAsNew, isBack };
}

async function openWrongly() {
  const wrong = [
    { name: '' },
    { name: 7 },
    { consent: 'yes' },
    { durability: 'some' },
    { maxEvents: 0 },
    { maxAge: -1 },
  ];
  const codes = [];
  for (const profile of wrong) codes.push(await codeOf(open(profile)));
  for (const profile of ['anna', true]) {
    codes.push(await codeOf(Palate.load('/models/fold_in.palate', { profile })));
  }
  const plain = await Palate.load('/models/fold_in.palate');
  codes.push(await codeOf(plain.consent(true)));
  plain.dispose();
  return codes;
}
