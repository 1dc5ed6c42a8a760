// What a sequence network keeps of a lasting profile: stored beside the events, used at the next visit, and gone with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';

for (const engine of engines) {
  test(engine.name, async (context) => {
    const { site, browser } = await openPackageSite(context, engine);
    const page = await browser.open(`${site.origin}/profile.html`);
    await page.evaluate(bringTools);
    /** A test that begins without a profile. */
    const check = (title, work) =>
      context.test(title, async () => {
        await page.evaluate(() => deleteProfile());
        await work();
      });
    const reload = async () => {
      await page.reload();
      await page.evaluate(bringTools);
    };

    for (const worker of [false, true]) {
      const place = worker ? 'worker' : 'page';
      for (const model of ['recurrence', 'sequence']) {
        await check(`A ${model} goes on where it was at the last visit (${place})`, async () => {
          await page.evaluate(visitOften, { worker, model });
          await reload();
          const { found, expected } = await page.evaluate(listAgain, { worker, model });
          assert.deepEqual(found, expected);
        });

        await check(`What a ${model} has read is not read again (${place})`, async () => {
          await page.evaluate(visitOften, { worker, model });
          // Numbers that are others with a digest that is theirs: only who uses them can tell.
          await page.evaluate(changeNumber, { model, withDigest: true });
          await reload();
          const { found, expected } = await page.evaluate(listAgain, { worker, model });
          assert.notDeepEqual(found, expected);
        });
      }

      await check(`A damaged state is not used (${place})`, async () => {
        const model = 'recurrence';
        for (const change of [
          {},
          { words: 'none' },
          { words: [7] },
          { model: 7 },
          { digest: null },
        ]) {
          await page.evaluate(() => deleteProfile());
          await page.evaluate(visitOften, { worker, model });
          // Whoever used the state would come to another list.
          await page.evaluate(changeNumber, { model, withDigest: 'model' in change });
          await page.evaluate(changeState, change);
          await reload();
          const { found, expected, repaired } = await page.evaluate(listAgain, {
            worker,
            model,
          });
          assert.deepEqual(found, expected);
          assert.equal(repaired, null);
        }
      });

      await check(`A state is of one model alone (${place})`, async () => {
        await page.evaluate(visitOften, { worker, model: 'recurrence' });
        await reload();
        const { found, expected } = await page.evaluate(listAgain, { worker, model: 'sequence' });
        assert.deepEqual(found, expected);
        await page.evaluate(visitOften, { worker, model: 'sequence' });
        await reload();
        const again = await page.evaluate(listAgain, { worker, model: 'sequence' });
        assert.deepEqual(again.found, again.expected);
      });

      await check(`Forgetting removes it, and a new one is made (${place})`, async () => {
        assert.deepEqual(await page.evaluate(forgetAnItem, worker), {
          forgotten: null,
          isShorter: true,
          erased: null,
        });
      });
    }

    await check('No state of before comes after what was forgotten', async () => {
      assert.deepEqual(await page.evaluate(forgetMeanwhile), [null, null]);
    });

    await check('Old events take it along', async () => {
      assert.deepEqual(await page.evaluate(outgrowState), { trimmed: null, outdated: null });
    });

    await check('None is stored without consent, in a pause or of a short history', async () => {
      assert.deepEqual(await page.evaluate(storeNothing), {
        short: null,
        paused: null,
        resumed: true,
        databases: 0,
      });
    });

    await check('An export does not hold it', async () => {
      await page.evaluate(visitOften, { worker: false, model: 'recurrence' });
      assert.deepEqual(await page.evaluate(keysOfExport), ['format', 'version', 'events']);
    });
  });
}

// These run in the page.

function bringTools() {
  async function rawSettings(work) {
    const database = await rawDatabase();
    try {
      return await work(database.transaction('settings', 'readwrite').objectStore('settings'));
    } finally {
      database.close();
    }
  }
  const state = () => rawSettings(async (settings) => (await asked(settings.get('state'))) ?? null);
  /** Views of the items by turns, `count` of them. */
  async function visit(palate, count) {
    const items = await palate.items();
    const time = Date.now() - 1000 * count;
    for (let k = 0; k < count; ++k) {
      const { item } = items[(k * 5) % (items.length - 2)];
      await palate.record({ item, type: k % 3 ? 'view' : 'buy', time: time + 1000 * k });
    }
  }
  const stored = () => until(async () => (await state()) !== null);
  /** Longer than storing takes. */
  const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
  Object.assign(globalThis, { rawSettings, state, visit, stored, pause });
}

async function visitOften({ worker, model }) {
  const palate = await open({}, { worker }, model);
  await visit(palate, 20);
  await palate.recommend();
  await stored();
  palate.dispose();
}

async function changeState(change) {
  const kept = await state();
  await rawSettings((settings) => asked(settings.put({ ...kept, ...change }, 'state')));
}

/** Adds 1 to what is kept of all events or of the first, behind the 4 numbers of the newest. */
async function changeNumber({ model, withDigest }) {
  const kept = await state();
  const { words } = kept;
  // Attention has 16 words before it that tell the event.
  const place = model === 'recurrence' ? 4 : 4 + 16;
  new Float32Array(words.buffer)[place] += 1;
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
  const own = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const changed = { ...kept, ...(withDigest && { digest: own }) };
  await rawSettings((settings) => asked(settings.put(changed, 'state')));
}

/** With one event more, and the same without a profile. */
async function listAgain({ worker, model }) {
  const palate = await open({}, { worker }, model);
  const { repaired } = statusOf(palate);
  const items = await palate.items();
  await palate.record({ item: items.at(-1).item, type: 'view' });
  const found = await palate.recommend({ excludeSeen: false });
  const plain = await Palate.load(`/models/${model}.palate`);
  await plain.import(await palate.export());
  const expected = await plain.recommend({ excludeSeen: false });
  for (const one of [palate, plain]) one.dispose();
  return { found, expected, repaired };
}

async function forgetAnItem(worker) {
  const palate = await open({}, { worker }, 'recurrence');
  await visit(palate, 40);
  await palate.recommend();
  await stored();
  const before = await state();
  const [{ item }] = await palate.history();
  await palate.forget(item);
  const forgotten = await state();
  await palate.recommend();
  await stored();
  const isShorter = (await state()).words.length < before.words.length;
  await palate.erase();
  const erased = await state();
  palate.dispose();
  return { forgotten, isShorter, erased };
}

/** In this tab, and in another. */
async function forgetMeanwhile() {
  const found = [];
  const palate = await open({}, {}, 'recurrence');
  const other = await open({}, {}, 'recurrence');
  const [{ item }, another] = await palate.items();
  for (const tab of [palate, other]) {
    await palate.record({ item: another.item, type: 'view' });
    for (let k = 0; k < 20; ++k) await palate.record({ item, type: 'view' });
    await palate.history();
    await Promise.all([palate.recommend(), tab.forget(item)]);
    await pause();
    found.push(await state());
  }
  for (const one of [palate, other]) one.dispose();
  return found;
}

async function outgrowState() {
  const palate = await open({ maxEvents: 30 }, {}, 'recurrence');
  await visit(palate, 30);
  await palate.recommend();
  await stored();
  await visit(palate, 1);
  const trimmed = await state();
  await palate.recommend();
  await stored();
  palate.dispose();
  (await open({ maxAge: 5000 }, {}, 'recurrence')).dispose();
  return { trimmed, outdated: await state() };
}

async function storeNothing() {
  const palate = await open({}, {}, 'recurrence');
  await visit(palate, 10);
  await palate.recommend();
  await pause();
  const short = await state();
  await visit(palate, 10);
  await palate.pause();
  await palate.recommend();
  await pause();
  const paused = await state();
  await palate.resume();
  await palate.recommend();
  await stored();
  const resumed = (await state()) !== null;
  await palate.consent(false);
  await visit(palate, 20);
  await palate.recommend();
  await pause();
  const databases = (await indexedDB.databases()).length;
  palate.dispose();
  return { short, paused, resumed, databases };
}

async function keysOfExport() {
  const palate = await open({}, {}, 'recurrence');
  const document = await palate.export();
  palate.dispose();
  return Object.keys(document);
}
