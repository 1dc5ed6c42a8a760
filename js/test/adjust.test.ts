// A profile that the visitor can edit: tastes, adjustments, previews, undoing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Palate, PalateError } from '../dist/palate.js';
import { goldens, openGolden } from './models.ts';

const hasCode = (code: string) => (error: unknown) =>
  error instanceof PalateError && error.code === code;
const history = ['f5', 'f8', 'f3'];
const nothing = { genre: undefined, year: undefined };

async function openVisited(...given: Parameters<typeof openGolden>): Promise<Palate> {
  const palate = await openGolden(...given);
  for (const item of history) await palate.record({ item, type: 'view' });
  return palate;
}

/** The name of the model's category attribute, and one of its categories. */
async function anyCategory(palate: Palate): Promise<{ attribute: string; category: string }> {
  const { name } = palate.model.attributes.find(({ kind }) => kind === 'category')!;
  for (const { attributes } of await palate.items()) {
    const own = { ...nothing, ...attributes }[name as 'genre'] as unknown as string[] | undefined;
    if (own !== undefined) return { attribute: name, category: own[0]! };
  }
  throw new Error('the golden models have categories');
}

for (const model of goldens) {
  test(`Less of a category sinks its items, and explanations say so (${model})`, async (context) => {
    const palate = await openVisited(context, model);
    const of = await anyCategory(palate);
    const isOf = new Map(
      (await palate.items()).map(({ item, attributes }) => [
        item,
        [attributes[of.attribute]].flat().includes(of.category),
      ]),
    );
    const before = new Map((await palate.rank([...isOf.keys()])).map((one) => [one.item, one]));
    await palate.adjust({ ...of, weight: -2 });
    let moved: number | undefined;
    for (const { item, score } of await palate.rank([...isOf.keys()])) {
      const difference = score - before.get(item)!.score;
      if (!isOf.get(item)) {
        assert.ok(Math.abs(difference) <= 1e-6, item);
        continue;
      }
      moved ??= difference;
      assert.ok(moved < 0 && Math.abs(difference - moved) <= 1e-4 * Math.max(1, -moved), item);
      const why = await palate.explain(item);
      assert.deepEqual(
        why.adjustments.map(({ attribute, category }) => ({ attribute, category })),
        [of],
      );
      const parts = [...why.contributions, ...why.adjustments];
      const sum = parts.reduce((all, { amount }) => all + amount, why.base + why.remainder);
      assert.ok(Math.abs(sum - score) <= 1e-4 * Math.max(1, Math.abs(score)), item);
      assert.ok(Math.abs(why.adjustments[0]!.amount - moved) <= 1e-4 * Math.max(1, -moved), item);
    }
    assert.ok(moved !== undefined);
  });
}

test('A preview shows the list of an adjustment and keeps nothing', async (context) => {
  const palate = await openVisited(context, 'fold_in');
  const of = await anyCategory(palate);
  const before = await palate.recommend();
  const preview = await palate.recommend({ adjust: [{ ...of, weight: 5 }] });
  assert.notDeepEqual(preview, before);
  assert.deepEqual(await palate.recommend(), before);
  assert.deepEqual(await palate.adjustments(), []);
  await palate.adjust({ ...of, weight: 5 });
  assert.deepEqual(await palate.recommend(), preview);
  // On top of what is kept, and in its place where both are about one thing.
  assert.deepEqual(await palate.recommend({ adjust: [{ ...of, weight: 0 }] }), before);
  assert.deepEqual(await palate.recommend(), preview);
});

test('Of adjustments of one thing the last counts, and undoing brings the former back', async (context) => {
  const palate = await openVisited(context, 'hybrid');
  const of = await anyCategory(palate);
  const lists = [await palate.recommend()];
  for (const weight of [3, -3, 0]) {
    await palate.adjust({ ...of, weight });
    lists.push(await palate.recommend());
  }
  assert.notDeepEqual(lists[1], lists[0]);
  assert.notDeepEqual(lists[2], lists[1]);
  assert.deepEqual(lists[3], lists[0]);
  assert.deepEqual(
    (await palate.adjustments()).map(({ weight }) => weight),
    [3, -3, 0],
  );
  for (const [place, weight] of [0, -3, 3].entries()) {
    assert.equal((await palate.undo())!.weight, weight);
    assert.deepEqual(await palate.recommend(), lists[2 - place]);
  }
  assert.equal(await palate.undo(), undefined);
});

test('A number is adjusted without a category', async (context) => {
  const palate = await openVisited(context, 'hybrid');
  const { name } = palate.model.attributes.find(({ kind }) => kind === 'number')!;
  await palate.adjust({ attribute: name, weight: 10 });
  const [first] = await palate.recommend({ count: 1 });
  const why = await palate.explain(first!.item);
  assert.deepEqual(
    why.adjustments.map(({ attribute, amount }) => [attribute, amount > 0]),
    [[name, true]],
  );
  assert.ok(!('category' in why.adjustments[0]!));
});

test('Adjustments go with the history: exported, imported and erased, never forgotten', async (context) => {
  const palate = await openVisited(context, 'fold_in');
  const of = await anyCategory(palate);
  await palate.adjust({ ...of, weight: 4 });
  const exported = await palate.export();
  assert.deepEqual(
    exported.events.map(({ item }) => item),
    history,
  );
  assert.deepEqual(exported.adjustments, await palate.adjustments());
  const { id, time, ...rest } = exported.adjustments![0]!;
  assert.ok(id.length > 10 && time > 1e12);
  assert.deepEqual(rest, { type: 'adjust', ...of, weight: 4 });
  const other = await openGolden(context, 'fold_in');
  assert.equal(await other.import(JSON.parse(JSON.stringify(exported))), 4);
  assert.deepEqual(await other.recommend(), await palate.recommend());
  assert.equal((await other.history()).length, 3);
  await other.forget('f5');
  assert.equal((await other.adjustments()).length, 1);
  assert.equal(await other.erase(), 3);
  assert.deepEqual(await other.adjustments(), []);
  const fresh = await openGolden(context, 'fold_in');
  assert.deepEqual(await other.recommend(), await fresh.recommend());
  assert.ok(!('adjustments' in (await other.export())));
});

test('Tastes are what the history has more of than usual, with what was adjusted', async (context) => {
  const palate = await openVisited(context, 'fold_in');
  const tastes = await palate.taste();
  assert.ok(tastes.length > 0);
  for (const { weight, share, usual, adjustment } of tastes) {
    assert.ok(share > 0 && share <= 1 && usual > 0 && usual <= 1);
    assert.equal(weight, share - usual);
    assert.equal(adjustment, 0);
  }
  assert.ok(tastes.every(({ weight }, place) => weight <= (tastes[place - 1]?.weight ?? 1)));
  assert.equal((await palate.taste({ count: 1 })).length, 1);
  const last = tastes.at(-1)!;
  const { attribute, category } = last;
  await palate.adjust({ attribute, category, weight: -1 });
  assert.deepEqual(await palate.taste(), [...tastes.slice(0, -1), { ...last, adjustment: -1 }]);
  const short = await palate.taste({ count: 1 });
  assert.ok(
    short.some((one) => one.adjustment === -1),
    'an adjusted one is always told',
  );
});

test('What cannot be asked for is refused by name, and nothing is kept', async (context) => {
  const palate = await openVisited(context, 'hybrid');
  const of = await anyCategory(palate);
  const number = palate.model.attributes.find(({ kind }) => kind === 'number')!.name;
  for (const [wrong, named] of [
    [{ ...of, attribute: 'nonsense', weight: 1 }, /nonsense/],
    [{ ...of, category: 'nonsense', weight: 1 }, /nonsense/],
    [{ attribute: of.attribute, weight: 1 }, /category/],
    [{ attribute: number, category: of.category, weight: 1 }, /is a number/],
    [{ ...of, weight: 11 }, /weight .* not 11/],
    [{ ...of, weight: NaN }, /weight .* not NaN/],
    [{ ...of, weight: '1' as unknown as number }, /weight/],
    [null as never, /adjustment must be an object/],
  ] as const) {
    for (const call of [() => palate.adjust(wrong), () => palate.recommend({ adjust: [wrong] })]) {
      await assert.rejects(call, hasCode('request/invalid'));
      await assert.rejects(call, named);
    }
  }
  assert.deepEqual(await palate.adjustments(), []);
  const popular = await openGolden(context, 'popularity');
  await assert.rejects(
    popular.import({
      format: 'palate-profile',
      version: 1,
      events: [],
      adjustments: [{ id: 'a', type: 'adjust', attribute: 'genre', weight: 99, time: 1 }],
    }),
    /adjustments\[0\]: weight/,
  );
});

test('An adjustment that another version of the model knew is kept and counts nothing', async (context) => {
  const palate = await openVisited(context, 'fold_in');
  const before = await palate.recommend();
  const adjustments = [
    { id: 'a', type: 'adjust' as const, attribute: 'lost', category: 'x', weight: 9, time: 1 },
  ];
  await palate.import({ format: 'palate-profile', version: 1, events: [], adjustments });
  assert.deepEqual(await palate.recommend(), before);
  assert.deepEqual(await palate.adjustments(), adjustments);
});
