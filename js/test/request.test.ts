// What a page asks of a list: filters and its order. The catalogue is that of tests/core/golden_models.cc.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Palate, PalateError, type RecommendOptions } from '../dist/palate.js';
import { goldens, openGolden } from './models.ts';

const hasCode = (code: string) => (error: unknown) =>
  error instanceof PalateError && error.code === code;

const near = (a: number, b: number) =>
  Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));

async function listed(palate: Palate, options: RecommendOptions): Promise<string[]> {
  const picks = await palate.recommend({ count: 100, reasons: 0, ...options });
  return picks.map(({ item }) => item);
}

for (const model of goldens) {
  test(`A filter takes items out of the whole list and changes nothing else (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    for (const item of ['f5', 'f8']) await palate.record({ item, type: 'view' });
    const all = await palate.recommend({ count: 100, reasons: 0 });
    const allowed = ['f1', 'f5', 'f6', 'f9', 'nobody'];
    assert.deepEqual(
      await palate.recommend({ count: 100, reasons: 0, only: allowed, exclude: ['f9', 1] }),
      all.filter(({ item }) => item === 'f1' || item === 'f6'),
    );
    const where = { kind: ['comedy', 'odd'], year: { min: 1995, max: 2010 } };
    const wanted = (await palate.items())
      .filter(({ attributes: { kind, year } }) => {
        const isOfKind = (kind as string[] | undefined)?.some((one) => where.kind.includes(one));
        return isOfKind && (year as number) >= 1995 && (year as number) <= 2010;
      })
      .map(({ item }) => item);
    const expected = all.filter(({ item }) => wanted.includes(item));
    assert.ok(expected.length > 0 && expected.length < all.length);
    assert.deepEqual(await palate.recommend({ count: 100, reasons: 0, where }), expected);
    assert.deepEqual(await palate.recommend({ count: 2, reasons: 0, where }), expected.slice(0, 2));
  });
}

test('A condition may be a category, a number, one of several or an open range', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const items = await palate.items();
  const filtered = async (where: RecommendOptions['where']) =>
    new Set(await listed(palate, { where }));
  const found = (keep: (kind: string[], year: number) => boolean) =>
    new Set(
      items
        .filter(({ attributes: { kind = [], year = NaN } }) =>
          keep(kind as string[], year as number),
        )
        .map(({ item }) => item),
    );
  assert.deepEqual(
    await filtered({ kind: 'odd' }),
    found((kind) => kind.includes('odd')),
  );
  assert.deepEqual(
    await filtered({ year: 1997 }),
    found((_, year) => year === 1997),
  );
  assert.deepEqual(
    await filtered({ year: [1990, 1997] }),
    found((_, year) => [1990, 1997].includes(year)),
  );
  assert.deepEqual(
    await filtered({ year: { min: 2000 } }),
    found((_, year) => year >= 2000),
  );
  assert.deepEqual(
    await filtered({ year: { max: 2000 } }),
    found((_, year) => year <= 2000),
  );
  assert.deepEqual(
    await filtered({ year: {} }),
    found((_, year) => year === year),
  );
  assert.equal((await filtered({})).size, items.length);
  for (const where of [{ kind: [] }, { year: [] }, { kind: 'opera' }]) {
    assert.equal((await filtered(where)).size, 0);
  }
});

test('Similar items are filtered, too', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const all = await palate.similar('f6', { count: 100 });
  const odd = await palate.similar('f6', { count: 100, where: { kind: 'odd' }, exclude: ['f1'] });
  const kinds = new Map(
    (await palate.items()).map(({ item, attributes }) => [item, attributes['kind']]),
  );
  const expected = all.filter(
    ({ item }) => item !== 'f1' && (kinds.get(item) as string[] | undefined)?.includes('odd'),
  );
  assert.deepEqual(odd, expected);
});

test('A disliked item takes nobody else out of the list', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  const all = await listed(palate, {});
  await palate.record({ item: all[0]!, type: 'dislike' });
  assert.deepEqual((await listed(palate, {})).sort(), all.slice(1).sort());
});

for (const model of ['fold_in', 'item_weights', 'popularity'] as const) {
  test(`A list is put in order as asked for, with the scores of its items (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    for (const item of ['f5', 'f8']) await palate.record({ item, type: 'view' });
    const scores = new Map(
      (await palate.recommend({ count: 100 })).map(({ item, score }) => [item, score]),
    );
    const kinds = new Map(
      (await palate.items()).map(({ item, attributes }) => [
        item,
        (attributes['kind'] ?? []) as string[],
      ]),
    );
    const picks = await palate.recommend({
      count: 6,
      pin: ['f11', 'f8'],
      atMost: { kind: 3 },
      atLeast: { kind: { comedy: 2 } },
      diversity: 0.4,
      popularity: 0.2,
    });
    assert.deepEqual(
      picks.slice(0, 2).map(({ item }) => item),
      ['f11', 'f8'],
    );
    assert.equal(new Set(picks.map(({ item }) => item)).size, picks.length);
    for (const kind of ['comedy', 'drama', 'space', 'odd']) {
      const count = picks.filter(({ item }) => kinds.get(item)!.includes(kind)).length;
      assert.ok(count <= 3, `${count} of ${kind}`);
      if (kind === 'comedy') assert.ok(count >= 2);
    }
    for (const { item, score } of picks) {
      if (item !== 'f8') assert.ok(near(score, scores.get(item)!), item);
      const why = await palate.explain(item);
      const sum = why.contributions.reduce(
        (all, { amount }) => all + amount,
        why.base + why.remainder,
      );
      assert.ok(near(sum, score), item);
    }
  });
}

test('Diversity brings items of other kinds up, by either method', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  const plain = await palate.recommend({ count: 6 });
  for (const { title } of plain) assert.match(title, /space/);
  assert.deepEqual(await palate.recommend({ count: 6, diversity: 0 }), plain);
  for (const method of ['mmr', 'dpp'] as const) {
    const picks = await palate.recommend({ count: 6, diversity: { method, strength: 0.8 } });
    assert.equal(picks[0]!.item, plain[0]!.item);
    assert.ok(picks.some(({ title }) => !title.includes('space')));
  }
});

test('Newer items come up as far as freshness says', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const years = new Map(
    (await palate.items()).map(({ item, attributes }) => [item, attributes['year'] as number]),
  );
  const freshness = { attribute: 'year', halfLife: 1, weight: 1000 };
  const [newest] = await palate.recommend({ count: 1, freshness });
  assert.equal(years.get(newest!.item), Math.max(...[...years.values()].filter((year) => year)));
  const [oldest] = await palate.recommend({
    count: 1,
    freshness: { ...freshness, weight: -1000, now: 1990 },
  });
  assert.ok(Number.isNaN(years.get(oldest!.item) ?? NaN), 'all others are of 1990 or later');
});

test('A disliked item is not pinned', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'dislike' });
  assert.deepEqual((await listed(palate, { count: 2, pin: ['f5', 'f7'] }))[0], 'f7');
});

const day = 24 * 60 * 60 * 1000;

test('What was passed over sinks, comes back with time, and at once when it is taken', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 2e9 });
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  const plain = await listed(palate, { excludeSeen: false });
  const [shown] = plain;
  const place = async (fatigue: RecommendOptions['fatigue'] = 1) =>
    (await listed(palate, { excludeSeen: false, fatigue })).indexOf(shown!);
  await palate.record({ item: shown!, type: 'skip' });
  const afterOne = await place();
  assert.ok(afterOne > 0);
  for (let more = 0; more < 20; ++more) await palate.record({ item: shown!, type: 'impression' });
  const afterMany = await place();
  assert.ok(afterMany > afterOne);
  assert.equal(await place(0), 0);
  assert.ok((await place({ strength: 0.2 })) < afterMany);
  context.mock.timers.tick(2 * day);
  const later = await place();
  assert.ok(later < afterMany);
  assert.ok((await place({ strength: 1, halfLife: 30 * day })) > later);
  context.mock.timers.tick(100 * day);
  assert.deepEqual(await listed(palate, { excludeSeen: false, fatigue: 1 }), plain);
  await palate.record({ item: shown!, type: 'skip' });
  await palate.record({ item: shown!, type: 'view' });
  const taken = await listed(palate, { excludeSeen: false, fatigue: 1 });
  assert.deepEqual(taken, await listed(palate, { excludeSeen: false }));
});

test('The whole page shown, other items than the candidates come up', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const first = await listed(palate, { count: 5 });
  for (const item of first) await palate.record({ item, type: 'skip' });
  const second = await listed(palate, { count: 5, pool: 5, fatigue: 5 });
  assert.ok(!second.some((item) => first.includes(item)));
});

test('Exploring lists vary by their seed, with the scores of their items', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  const scores = new Map(
    (await palate.recommend({ count: 100 })).map(({ item, score }) => [item, score]),
  );
  const explore = (seed: number) => ({ strength: 3, seed });
  const lists = await Promise.all(
    [1, 2, 3].map((seed) => palate.recommend({ explore: explore(seed) })),
  );
  assert.deepEqual(await palate.recommend({ explore: explore(1) }), lists[0]);
  const orders = lists.map((list) => list.map(({ item }) => item).join());
  assert.equal(new Set(orders).size, 3);
  for (const { item, score } of lists.flat()) assert.ok(near(score, scores.get(item)!));
  const [large, largest] = [2 ** 32 - 2, 2 ** 32 - 1].map((seed) =>
    palate.recommend({ explore: explore(seed) }),
  );
  assert.notDeepEqual(await large, await largest);
  const byChance = new Set<string>();
  for (let times = 0; times < 8; ++times) {
    byChance.add((await listed(palate, { count: 10, explore: 3 })).join());
  }
  assert.ok(byChance.size > 1);
});

test('A model that does not fold in refuses to explore', async (context) => {
  const palate = await openGolden(context, 'item_weights');
  await assert.rejects(palate.recommend({ explore: 1 }), hasCode('model/unsupported'));
});

for (const model of ['fold_in', 'hybrid', 'popularity', 'item_weights'] as const) {
  test(`A quiz asks about items that nothing was recorded of (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    const first = await palate.ask({ count: 3 });
    assert.equal(new Set(first.map(({ item }) => item)).size, 3);
    for (const [index, { item, title }] of first.entries()) {
      assert.equal(title, (await palate.item(item))!.title);
      await palate.record({ item, type: (['like', 'dislike', 'skip'] as const)[index]! });
    }
    const second = await palate.ask({ count: 100, exclude: ['f7'] });
    const asked = [...first, ...second].map(({ item }) => item);
    assert.equal(new Set(asked).size, asked.length);
    assert.ok(!second.some(({ item }) => item === 'f7'));
    if (!first.some(({ item }) => item === 'f7'))
      assert.equal(asked.length, palate.model.items - 1);
  });
}

const wrong: [string, object][] = [
  ['ids that are no list', { exclude: 'f1' }],
  ['an allow-list with an empty id', { only: [''] }],
  ['conditions that are a text', { where: 'kind' }],
  ['an attribute that the model lacks', { where: { colour: 'red' } }],
  ['a category that is an object in a list', { where: { kind: [{}] } }],
  ['a range of categories', { where: { kind: { min: 1 } } }],
  ['a year that is a text', { where: { year: 'old' } }],
  ['a range that is turned round', { where: { year: { min: 2, max: 1 } } }],
  ['a range without a number', { where: { year: { min: NaN } } }],
  ['a condition that is null', { where: { year: null } }],
  ['diversity above 1', { diversity: 1.5 }],
  ['diversity of an unknown method', { diversity: { method: 'magic', strength: 0.5 } }],
  ['a popularity that is no number', { popularity: 'less' }],
  ['an empty pool', { pool: 0 }],
  ['a cap that is a text', { atMost: { kind: 'two' } }],
  ['a cap on an attribute of numbers', { atMost: { year: 2 } }],
  ['half a quota', { atLeast: { kind: { comedy: 0.5 } } }],
  ['a quota that names no category', { atLeast: { kind: 2 } }],
  ['freshness without a half-life', { freshness: { attribute: 'year' } }],
  ['freshness by a category', { freshness: { attribute: 'kind', halfLife: 1 } }],
  ['a pinned object', { pin: [{}] }],
  ['fatigue below zero', { fatigue: -1 }],
  ['fatigue without an end', { fatigue: { strength: 1, halfLife: 0 } }],
  ['exploration that is a text', { explore: 'much' }],
  ['a seed that is half a number', { explore: { strength: 1, seed: 0.5 } }],
  ['a seed of more than 32 bits', { explore: { strength: 1, seed: 2 ** 32 } }],
];
for (const [what, options] of wrong) {
  test(`A list refuses ${what}`, async (context) => {
    const palate = await openGolden(context, 'hybrid');
    await assert.rejects(listed(palate, options as RecommendOptions), hasCode('request/invalid'));
  });
}
