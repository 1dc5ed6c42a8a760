// What a page asks of an opened model. The facts expected are those of tests/core/golden_models.cc.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Palate, PalateError } from '../dist/palate.js';
import { goldens, open, openGolden, readGolden, variants } from './models.ts';

const hasCode = (code: string) => (error: unknown) =>
  error instanceof PalateError && error.code === code;
const near = (a: number, b: number) =>
  Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a), Math.abs(b));

test('A new visitor gets the popular items, scored by their share of all interactions', async (context) => {
  const palate = await openGolden(context, 'popularity');
  const counts = Array.from({ length: 12 }, (_, row) => Math.floor(1000 / (row + 1)));
  const total = counts.reduce((sum, count) => sum + count);
  const picks = await palate.recommend({ count: 12 });
  assert.deepEqual(
    picks.map(({ item }) => item),
    counts.map((_, row) => (row === 2 ? 'ü2' : `f${row}`)),
  );
  picks.forEach(({ score }, row) => assert.ok(near(score, counts[row]! / total)));
});

for (const variant of variants) {
  test(`One event turns the list to its kind (${variant})`, async (context) => {
    const palate = await openGolden(context, 'fold_in', variant);
    assert.equal(await palate.record({ item: 'f5', type: 'like' }), true);
    const picks = await palate.recommend({ count: 5 });
    assert.equal(picks.length, 5);
    for (const { title } of picks) assert.match(title, /space/);
    assert.ok(!picks.some(({ item }) => item === 'f5'));
  });
}

test('Reasons are items of the history, the strongest first, and no more than asked for', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  for (const item of ['f5', 'f8', 'f11', 'f14']) await palate.record({ item, type: 'view' });
  const [pick] = await palate.recommend({ count: 1, reasons: 2 });
  assert.ok(pick !== undefined);
  assert.equal(pick.reasons.length, 2);
  assert.ok(pick.reasons[0]!.amount >= pick.reasons[1]!.amount && pick.reasons[1]!.amount > 0);
  const { contributions } = await palate.explain(pick.item);
  assert.deepEqual(pick.reasons, contributions.slice(0, 2));
  const [bare] = await palate.recommend({ count: 1, reasons: 0 });
  assert.deepEqual(bare?.reasons, []);
});

for (const model of goldens) {
  test(`An explanation sums to the score that ranking gives (${model})`, async (context) => {
    const palate = await openGolden(context, model);
    for (const item of ['f5', 'f8', 'f3']) await palate.record({ item, type: 'view' });
    for (const { item, score } of await palate.rank(['f0', 'f1', 'ü2', 'f4', 'f5'])) {
      const why = await palate.explain(item);
      const sum = why.contributions.reduce(
        (all, { amount }) => all + amount,
        why.base + why.remainder,
      );
      assert.ok(near(why.score, score), `${item}: ${why.score} is not ${score}`);
      assert.ok(near(sum, score), `${item}: the parts make ${sum}, not ${score}`);
    }
  });
}

test('Ranking sorts, gives each item once and leaves unknown ones out', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  await palate.record({ item: 'f5', type: 'buy' });
  const ranked = await palate.rank(['f1', 'nobody', 'f1', 'f4', 'f8']);
  assert.deepEqual(new Set(ranked.map(({ item }) => item)), new Set(['f1', 'f4', 'f8']));
  assert.deepEqual(
    ranked.map(({ score }) => score),
    ranked.map(({ score }) => score).sort((a, b) => b - a),
  );
  assert.deepEqual(await palate.rank([]), []);
});

test('Similar items are of one kind, and the item itself is not among them', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const neighbours = await palate.similar('f6', { count: 4 });
  assert.equal(neighbours.length, 4);
  for (const { title, score } of neighbours) {
    assert.match(title, /comedy/);
    assert.ok(score <= 1.00001);
  }
  assert.ok(!neighbours.some(({ item }) => item === 'f6'));
});

test('Without vectors the similar items are those that an item has weights for', async (context) => {
  const palate = await openGolden(context, 'item_weights');
  const neighbours = await palate.similar('f4');
  assert.deepEqual(
    neighbours.map(({ item, score }) => [item, score]),
    [
      ['f1', 0.96875],
      ['f7', 0.78125],
      ['f10', 0.6875],
      ['f5', -0.25],
    ],
  );
});

for (const model of ['weighted_mean', 'item_weights'] as const) {
  test(`The newest item of a history says most (${model})`, async (context) => {
    for (const [older, newer, kind] of [
      ['f7', 'f6', /comedy/],
      ['f6', 'f7', /drama/],
    ] as const) {
      const palate = await openGolden(context, model);
      for (const item of [newer, older, newer]) await palate.record({ item, type: 'view' });
      const [pick] = await palate.recommend({ count: 1 });
      assert.match(pick!.title, kind);
      assert.equal(pick!.reasons[0]!.item, newer);
    }
  });
}

test('A model of popularity alone says that it has no similar items', async (context) => {
  const palate = await openGolden(context, 'popularity');
  await assert.rejects(palate.similar('f0'), hasCode('model/unsupported'));
});

test('Seen items stay in when asked for', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  const picks = await palate.recommend({ count: 48, excludeSeen: false });
  assert.equal(picks.length, 48);
  assert.ok(picks.some(({ item }) => item === 'f5'));
  assert.equal((await palate.recommend({ count: 1000 })).length, 47);
});

test('The history is oldest first, and forgetting brings the earlier list back', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ id: 'a', item: 'f5', type: 'like', time: 2000 });
  const before = await palate.recommend();
  await palate.record({ id: 'b', item: 'f0', type: 'rate', value: 4.5, time: new Date(1000) });
  await palate.record({ id: 'c', item: 'f0', type: 'view', time: 3000 });
  assert.deepEqual(await palate.history(), [
    { id: 'b', item: 'f0', type: 'rate', value: 4.5, time: 1000 },
    { id: 'a', item: 'f5', type: 'like', time: 2000 },
    { id: 'c', item: 'f0', type: 'view', time: 3000 },
  ]);
  assert.notDeepEqual(await palate.recommend(), before);
  assert.equal(await palate.forget('f0'), 2);
  assert.equal(await palate.forget('f0'), 0);
  assert.deepEqual(await palate.recommend(), before);
});

test('The same id twice is one event, and an event has an id of its own otherwise', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  for (const item of ['f5', 'f6']) await palate.record({ id: 'a', item, type: 'like' });
  await palate.record({ item: 'f7', type: 'dwell', value: 12 });
  await palate.record({ item: 'f7', type: 'dwell', value: 12 });
  const events = await palate.history();
  assert.deepEqual(
    events.map(({ item }) => item),
    ['f5', 'f7', 'f7'],
  );
  assert.equal(new Set(events.map(({ id }) => id)).size, 3);
});

test('Events keep their order when the clock is set back', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 1e6 });
  await palate.record({ item: 'f5', type: 'view' });
  context.mock.timers.setTime(1000);
  await palate.record({ item: 'f6', type: 'view' });
  assert.deepEqual(
    (await palate.history()).map(({ item }) => item),
    ['f5', 'f6'],
  );
});

test('What says nothing for an item changes no list, nor asks for the rest of the runtime', async (context) => {
  const wasmRest = new ArrayBuffer(0);
  const palate = await open(context, await readGolden('fold_in'), { wasmRest });
  const before = await palate.recommend({ count: 48 });
  await palate.record({ item: 'f5', type: 'dwell', value: 0 });
  assert.deepEqual(await palate.recommend({ count: 48 }), before);
  for (const type of ['impression', 'skip'] as const) await palate.record({ item: 'f5', type });
  assert.deepEqual(await palate.recommend({ count: 48 }), before);
  await assert.rejects(palate.recommend({ fatigue: 1 }), { code: 'runtime/load' });
});

test('An exported history makes the same list elsewhere', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like', time: 2000 });
  await palate.record({ item: 'f0', type: 'rate', value: 4.5, time: 1000 });
  const json = JSON.stringify(await palate.export());
  const other = await openGolden(context, 'fold_in');
  const fresh = await other.recommend();
  assert.equal(await other.import(JSON.parse(json)), 2);
  assert.equal(await other.import(JSON.parse(json)), 0);
  assert.deepEqual(await other.history(), await palate.history());
  assert.deepEqual(await other.recommend(), await palate.recommend());
  assert.equal(await other.erase(), 2);
  assert.deepEqual(await other.recommend(), fresh);
});

test('Where nothing can be stored the history is in memory, and the status says why', async (context) => {
  const palate = await open(context, await readGolden('fold_in'), { profile: { consent: true } });
  assert.equal(palate.profile.store, 'memory');
  assert.equal(palate.profile.error?.code, 'profile/blocked');
  assert.equal(await palate.record({ item: 'f5', type: 'like' }), true);
  assert.equal(await palate.forget('f5'), 1);
  const strict = await open(context, await readGolden('fold_in'), {
    profile: { consent: true, durability: 'strict' },
  });
  await assert.rejects(strict.record({ item: 'f5', type: 'like' }), hasCode('profile/blocked'));
  assert.equal((await strict.history()).length, 1);
});

test('The history that is handed out is a copy', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 'f5', type: 'like' });
  (await palate.history())[0]!.item = 'f0';
  assert.equal((await palate.history())[0]!.item, 'f5');
});

test('Calls take effect in the order in which they are made', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const [, first, , second] = await Promise.all([
    palate.record({ item: 'f5', type: 'like' }),
    palate.recommend({ count: 48 }),
    palate.record({ item: 'f0', type: 'like' }),
    palate.recommend({ count: 48 }),
  ]);
  assert.ok(first.some(({ item }) => item === 'f0'));
  assert.ok(!second.some(({ item }) => item === 'f0'));
});

test('An unknown item stays in the history and counts nothing', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const before = await palate.recommend();
  assert.equal(await palate.record({ item: 'new', type: 'buy' }), false);
  assert.deepEqual(await palate.recommend(), before);
  assert.equal((await palate.history()).length, 1);
});

test('A number is an id as its text is', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  await palate.record({ item: 318, type: 'view' });
  assert.equal(await palate.forget('318'), 1);
});

test('The catalogue says what each item is, with missing values left out', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  const items = await palate.items();
  assert.equal(items.length, 12);
  assert.deepEqual(items[1], {
    item: 'f1',
    title: 'A drama 1',
    popularity: 500,
    attributes: { kind: ['drama', 'odd'], year: 1997 },
  });
  assert.equal(items[3]!.title, '');
  assert.ok(!('year' in items[4]!.attributes));
  assert.ok(!('kind' in items[6]!.attributes));
  assert.deepEqual(await palate.item('ü2'), items[2]);
  assert.equal(await palate.item('nobody'), undefined);
});

test('The model says what it is', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  assert.deepEqual(palate.model, {
    bytes: 2000,
    items: 12,
    dimension: 4,
    ranker: true,
    recall: 1,
    attributes: [
      { name: 'kind', kind: 'category' },
      { name: 'year', kind: 'number' },
    ],
    features: [],
    context: [],
    label: '',
    recipe: 'hybrid',
    producer: 'palate golden',
    users: 700,
    interactions: 3103,
    newest: 1_700_000_000_123,
  });
});

const wrongCalls: [string, (palate: Palate) => Promise<unknown>][] = [
  ['an event without an item', (palate) => palate.record({ type: 'view' } as never)],
  ['an event of an unknown type', (palate) => palate.record({ item: 1, type: 'stare' } as never)],
  [
    'an event of the type __proto__',
    (palate) => palate.record({ item: 1, type: '__proto__' } as never),
  ],
  ['a rating without a value', (palate) => palate.record({ item: 1, type: 'rate' })],
  [
    'a rating beyond all numbers',
    (palate) => palate.record({ item: 1, type: 'rate', value: 1e300 }),
  ],
  ['a view with a value', (palate) => palate.record({ item: 1, type: 'view', value: 1 })],
  [
    'a time that is none',
    (palate) => palate.record({ item: 1, type: 'view', time: new Date('soon') }),
  ],
  ['a time on a page without a number', (palate) => palate.record({ item: 1, type: 'dwell' })],
  ['an event with an empty id', (palate) => palate.record({ id: '', item: 1, type: 'view' })],
  ['a profile of another format', (palate) => palate.import({ version: 1, events: [] } as never)],
  [
    'a profile of a later version',
    (palate) => palate.import({ format: 'palate-profile', version: 2, events: [] } as never),
  ],
  [
    'a profile with an event that lacks its id',
    (palate) =>
      palate.import({
        format: 'palate-profile',
        version: 1,
        events: [{ item: '1', type: 'view', time: 1 }],
      } as never),
  ],
  ['an empty id', (palate) => palate.explain('')],
  ['an id that is not a number', (palate) => palate.explain(NaN)],
  ['an id that the model does not know', (palate) => palate.explain('nobody')],
  ['a count of zero', (palate) => palate.recommend({ count: 0 })],
  ['half a pick', (palate) => palate.recommend({ count: 1.5 })],
  ['reasons below zero', (palate) => palate.recommend({ reasons: -1 })],
  ['a flag that is a text', (palate) => palate.recommend({ excludeSeen: 'yes' } as never)],
  ['items that are no list', (palate) => palate.rank('f0' as never)],
];
for (const [what, call] of wrongCalls) {
  test(`Palate refuses ${what}`, async (context) => {
    const palate = await openGolden(context, 'hybrid');
    await assert.rejects(call(palate), hasCode('request/invalid'));
  });
}

test('After dispose every call says so', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  palate.dispose();
  palate.dispose();
  const calls = [
    palate.record({ item: 1, type: 'view' }),
    palate.recommend(),
    palate.rank(['f0']),
    palate.similar('f0'),
    palate.explain('f0'),
    palate.history(),
    palate.forget('f0'),
    palate.erase(),
    palate.export(),
    palate.item('f0'),
    palate.items(),
  ];
  for (const call of calls) await assert.rejects(call, hasCode('disposed'));
});
