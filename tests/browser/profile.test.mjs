// A profile that lasts, in each engine: what is stored, when, and what forgetting takes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engines } from './engines.mjs';
import { openPackageSite } from './package_site.mjs';
import * as calls from './profile_calls.mjs';

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
        const before = await page.evaluate(calls.recordAndList, worker);
        assert.equal(before.status.store, 'indexeddb');
        assert.equal(before.history.length, 3);
        await page.reload();
        assert.deepEqual(await page.evaluate(calls.list, worker), before);
      });

      await check(`Adjustments last, outlive the limits and can be undone (${place})`, async () => {
        const before = await page.evaluate(calls.adjust, worker);
        assert.deepEqual(before.weights, [2, -3]);
        assert.deepEqual(before.history, ['f8']);
        await page.reload();
        assert.deepEqual(await page.evaluate(calls.undo, worker), {
          kept: before,
          undone: -3,
          refused: 'request/invalid',
        });
        await page.reload();
        const { kept } = await page.evaluate(calls.undo, worker);
        assert.deepEqual(kept.weights, [2]);
        assert.notDeepEqual(kept.list, before.list);
      });

      await check(`A refused adjustment is not stored (${place})`, async () => {
        assert.deepEqual(await page.evaluate(calls.adjustWrongly, worker), {
          code: 'request/invalid',
          stored: ['view'],
        });
      });

      await check(
        `Lists after forget and erase are those of a new visitor (${place})`,
        async () => {
          for (const model of ['fold_in', 'hybrid', 'weighted_mean', 'item_weights']) {
            const { fresh, one, forgotten } = await page.evaluate(calls.forget, { worker, model });
            assert.notDeepEqual(one, fresh);
            assert.deepEqual(forgotten, one);
            await page.reload();
            const { again, erased } = await page.evaluate(calls.erase, { worker, model });
            assert.deepEqual(again, one);
            assert.deepEqual(erased, fresh);
            await page.reload();
            assert.deepEqual(await page.evaluate(calls.explainedList, { worker, model }), fresh);
          }
        },
      );
    }

    await check('Nothing is stored before the visitor agrees, nor after that ends', async () => {
      const { before, agreed, withdrawn } = await page.evaluate(calls.agree);
      assert.deepEqual(before, { databases: 0, history: 1, store: 'memory' });
      assert.deepEqual(agreed, { databases: 1, history: 2, store: 'indexeddb', stored: 2 });
      assert.deepEqual(withdrawn, { databases: 0, history: 0, store: 'memory' });
    });

    await check('An export is imported once, whatever is there already', async () => {
      assert.deepEqual(await page.evaluate(calls.exportAndImport), {
        again: 0,
        merged: 2,
        elsewhere: ['f5', 'f6', 'f7'],
        malformed: 'request/invalid',
        afterwards: 3,
      });
    });

    await check('The oldest events make room, and old ones go', async () => {
      assert.deepEqual(await page.evaluate(calls.outgrow), {
        full: ['e3', 'e4', 'e5', 'e6'],
        later: ['e6'],
        stored: 1,
      });
    });

    await check('Impressions make room before what was chosen', async () => {
      assert.deepEqual(await page.evaluate(calls.outgrowByImpressions), {
        views: 30,
        impressions: 48,
      });
    });

    await check('A pause leaves new events out, here, elsewhere and later', async () => {
      assert.deepEqual(await page.evaluate(calls.pauseAndResume), {
        here: [false, ['f5'], true],
        elsewhere: [false, true],
        later: [true, false, ['f5']],
        resumed: [true, ['f5', 'f8'], false],
      });
    });

    await check('A profile of the first layout is taken over whole', async () => {
      assert.deepEqual(await page.evaluate(calls.openOldLayout), {
        history: ['f5', 'f6'],
        isSame: true,
        paused: true,
        stores: ['events', 'settings'],
      });
    });

    await check('An event that is recorded again by its id is there once', async () => {
      assert.deepEqual(await page.evaluate(calls.recordAgain), { history: ['f5'], stored: ['f5'] });
    });

    await check('Profiles of other names know nothing of each other', async () => {
      assert.deepEqual(await page.evaluate(calls.nameOthers), [['f5'], ['f6']]);
    });

    await check('Events move to another model by their items', async () => {
      const { moved, fresh } = await page.evaluate(calls.moveToAnotherModel);
      assert.deepEqual(moved, fresh);
    });

    await check('Two openings of a profile see what the other does', async () => {
      assert.deepEqual(await page.evaluate(calls.seeEachOther), {
        isSame: true,
        changes: true,
        left: [],
      });
    });

    await check('What is undone stays so when the store is read meanwhile', async () => {
      assert.deepEqual(await page.evaluate(calls.undoWhileReading), { undone: 2, left: [] });
    });

    await check('A dislike takes back what was said, and keeps the item out', async () => {
      assert.deepEqual(await page.evaluate(calls.dislike), {
        isListed: false,
        isAsNew: true,
        isBack: true,
      });
    });

    await context.test('Options that make no sense are refused', async () => {
      const codes = await page.evaluate(calls.openWrongly);
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
