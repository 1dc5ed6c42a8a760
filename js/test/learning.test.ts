// What events count, and what is learned of a visitor's choices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Palate } from '../dist/palate.js';
import { open, openGolden, readGolden } from './models.ts';

const near = (a: number, b: number) =>
  Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));

test('A dislike speaks against what is like it, and a long stay for it', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const scoreOf = async (item: string) => (await palate.rank([item]))[0]!.score;
  await palate.record({ item: 'f6', type: 'view' });
  const before = await scoreOf('f8');
  await palate.record({ item: 'f5', type: 'dislike' });
  const disliked = await scoreOf('f8');
  assert.ok(disliked < before, `${disliked} is not below ${before}`);
  assert.ok(
    !(await palate.recommend({ count: 48, excludeSeen: false })).some(({ item }) => item === 'f5'),
  );
  await palate.record({ item: 'f5', type: 'dwell', value: 300 });
  assert.ok((await scoreOf('f8')) > before);
});

test('An event counts half as much as one that is a half-life younger', async (context) => {
  const day = 24 * 60 * 60 * 1000;
  const scoreAfter = async (halfLife: number, days: number) => {
    const palate = await open(context, await readGolden('fold_in'), { learning: { halfLife } });
    await palate.record({ item: 'f5', type: 'view', time: 1e12 });
    await palate.record({ item: 'f6', type: 'view', time: 1e12 + days * day });
    return (await palate.rank(['f8']))[0]!.score;
  };
  assert.equal(await scoreAfter(10 * day, 10), await scoreAfter(40 * day, 40));
  assert.ok((await scoreAfter(10 * day, 20)) < (await scoreAfter(10 * day, 10)));
  assert.equal(await scoreAfter(Infinity, 20), await scoreAfter(Infinity, 0));
});

/** One list shown and one item of it chosen, twice. */
async function choose(palate: Palate): Promise<void> {
  let time = 1e12;
  await palate.record({ item: 'f5', type: 'view', time });
  for (const chosen of ['f8', 'f11']) {
    for (const item of ['f8', 'f6', 'f7', 'f11', 'f9']) {
      await palate.record({ item, type: 'impression', time: ++time });
    }
    await palate.record({ item: chosen, type: 'like', time: ++time });
  }
}

for (const model of [
  'fold_in',
  'hybrid',
  'byte_ranker',
  'item_weights',
  'weighted_mean',
] as const) {
  test(`What was passed over sinks, and reasons still sum to the score (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    const other = await open(context, await readGolden(model), { learning: { choices: false } });
    for (const one of [palate, other]) await choose(one);
    const [learned, plain] = await Promise.all(
      [palate, other].map(async (one) => {
        const ranked = await one.rank(['f6', 'f7', 'f8', 'f10', 'f11']);
        return new Map(ranked.map(({ item, score }) => [item, score]));
      }),
    );
    const gain = (item: string) => learned!.get(item)! - plain!.get(item)!;
    assert.ok(gain('f8') + gain('f11') > gain('f6') + gain('f7'));
    const { score, base, contributions, remainder } = await palate.explain('f10');
    assert.ok(near(score, learned!.get('f10')!));
    assert.ok(
      near(
        contributions.reduce((sum, { amount }) => sum + amount, base + remainder),
        score,
      ),
    );
    await palate.forget('f11');
    await other.erase();
    const without = await openGolden(context, model);
    await without.import({
      format: 'palate-profile',
      version: 1,
      events: (await palate.history()).filter(({ item }) => item !== 'f11'),
    });
    assert.deepEqual(await palate.recommend({ count: 48 }), await without.recommend({ count: 48 }));
    await palate.erase();
    assert.deepEqual(await palate.recommend({ count: 48 }), await other.recommend({ count: 48 }));
  });
}

test('Lists that explore, and counterfactuals, leave what was learned as it is', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await choose(palate);
  const before = await palate.recommend({ count: 48 });
  const scores = new Map(before.map(({ item, score }) => [item, score]));
  for (const { item, score } of await palate.recommend({ explore: { strength: 3, seed: 5 } })) {
    assert.ok(near(score, scores.get(item)!));
  }
  assert.deepEqual(await palate.recommend({ count: 48 }), before);
  await palate.explain(before[0]!.item, { without: 3 });
  assert.deepEqual(await palate.recommend({ count: 48 }), before);
});

test('What was learned adds to what was asked for, and another model learns it anew', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  await choose(palate);
  const scoreOf = async (item: string) => (await palate.rank([item]))[0]!.score;
  const learned = await scoreOf('f10');
  await palate.adjust({ attribute: 'kind', category: 'drama', weight: 1 });
  const moved = await scoreOf('f10');
  const why = await palate.explain('f10');
  assert.ok(near(why.score, moved));
  await palate.undo();
  assert.ok(near(await scoreOf('f10'), learned));
  await palate.update(await readGolden('fold_in'));
  const fresh = await openGolden(context, 'fold_in');
  await choose(fresh);
  assert.ok(near((await fresh.rank(['f10']))[0]!.score, await scoreOf('f10')));
});

test('Without the rest of the runtime choices teach nothing, and lists are made', async (context) => {
  const options = { wasmRest: new ArrayBuffer(0) };
  const palate = await open(context, await readGolden('fold_in'), options);
  const plain = await open(context, await readGolden('fold_in'), {
    ...options,
    learning: { choices: false },
  });
  const learning = await openGolden(context, 'fold_in');
  for (const each of [palate, plain, learning]) await choose(each);
  const list = await palate.recommend();
  assert.deepEqual(list, await plain.recommend());
  assert.notDeepEqual(list, await learning.recommend());
  await assert.rejects(palate.taste(), { code: 'runtime/load' });
});

for (const learning of [{ halfLife: 0 }, { halfLife: NaN }, { choices: 1 }, 5]) {
  test(`Learning that makes no sense is refused: ${JSON.stringify(learning)}`, async () => {
    const options = { learning } as never;
    await assert.rejects(Palate.load(await readGolden('fold_in'), options), {
      code: 'request/invalid',
    });
  });
}
