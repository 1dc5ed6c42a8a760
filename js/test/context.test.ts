// What a page tells of a visit: the golden model whose ranker reads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGolden, variants } from './models.ts';

const items = Array.from({ length: 12 }, (_, row) => (row === 2 ? 'ü2' : `f${row}`));
const isRefused = (message: RegExp) => ({ name: 'PalateError', code: 'request/invalid', message });

test('A model says what it reads of a visit', async (context) => {
  const { model } = await openGolden(context, 'context');
  assert.deepEqual(model.context, [
    { name: 'hour', kind: 'number' },
    { name: 'device', kind: 'category' },
  ]);
  assert.deepEqual(model.features, []);
  assert.deepEqual((await openGolden(context, 'hybrid')).model.context, []);
});

for (const variant of variants) {
  test(`Lists, ranks and reasons are those of the visit (${variant})`, async (context) => {
    const palate = await openGolden(context, 'context', variant);
    await palate.record({ item: 'f1', type: 'view' });
    await palate.record({ item: 'f4', type: 'view' });
    const plain = await palate.rank(items);
    const visit = { device: 'phone', hour: 20 };
    const ranked = await palate.rank(items, { context: visit });
    assert.notDeepEqual(ranked, plain);
    const scores = new Map(ranked.map(({ item, score }) => [item, score]));
    const picks = await palate.recommend({ context: visit, reasons: 2 });
    for (const { item, score } of picks) assert.equal(score, scores.get(item));
    const why = await palate.explain(picks[0]!.item, { context: visit, without: 1 });
    const sum = why.contributions.reduce((total, { amount }) => total + amount, why.base);
    assert.equal(why.score, picks[0]!.score);
    assert.ok(Math.abs(sum + why.remainder - why.score) < 1e-5);
    // It holds for its call alone.
    assert.deepEqual(await palate.rank(items), plain);
    assert.deepEqual(await palate.rank(items, { context: {} }), plain);
  });
}

test('A visitor without history gets the popular items in the order of the context', async (context) => {
  const palate = await openGolden(context, 'context');
  const list = async (visit: object) =>
    (await palate.recommend({ count: 8, context: visit as never })).map(({ item }) => item);
  const popular = await list({});
  assert.deepEqual(popular, items.slice(0, 8));
  assert.deepEqual(await list({ device: 'tv' }), popular);
  const own = await list({ device: 'phone', hour: 20 });
  assert.notDeepEqual(own, popular);
  assert.deepEqual([...own].sort(), [...popular].sort()); // as many as are the ranker's candidates
});

test('What is not told, or what the model does not know, is unknown', async (context) => {
  const palate = await openGolden(context, 'context');
  await palate.record({ item: 'f1', type: 'view' });
  const rank = (visit: object) => palate.rank(items, { context: visit as never });
  const plain = await palate.rank(items);
  assert.deepEqual(await rank({ device: 'tv', hour: null }), plain);
  assert.deepEqual(await rank({ device: '', hour: undefined }), plain);
  const phone = await rank({ device: 'phone' });
  assert.notDeepEqual(phone, plain);
  assert.deepEqual(await rank({ device: ['tv', 'phone'], hour: null }), phone);
  assert.notDeepEqual(await rank({ device: 'über' }), phone);
  // A number beyond what the training has seen is the last one that it has.
  assert.deepEqual(await rank({ hour: 1e6 }), await rank({ hour: 23 }));
});

test('A context that the model cannot read is refused, and the known names are told', async (context) => {
  const palate = await openGolden(context, 'context');
  const other = await openGolden(context, 'hybrid');
  const calls = (visit: object) =>
    [{ context: visit as never }].flatMap((options) => [
      () => palate.recommend(options),
      () => palate.rank(['f0'], options),
      () => palate.explain('f0', options),
    ]);
  for (const call of calls({ country: 'ch' })) {
    await assert.rejects(call, isRefused(/knows no context "country"; it has hour, device/));
  }
  for (const call of calls({ hour: 'late' })) {
    await assert.rejects(call, isRefused(/hour must be a number/));
  }
  for (const call of calls({ hour: NaN })) await assert.rejects(call, isRefused(/hour must be/));
  await assert.rejects(
    other.recommend({ context: { hour: 3 } }),
    isRefused(/knows no context "hour"; it has none/),
  );
  await assert.rejects(other.recommend({ context: 3 as never }), isRefused(/context must be/));
  assert.equal((await other.recommend({ context: {} })).length > 0, true);
});
