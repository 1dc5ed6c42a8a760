// Items that the page adds: counted like the model's own, all or none of them, and again after an update.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewItem } from '../dist/palate.js';
import { type Golden, isError, openGolden, readGolden, readGoldenDelta } from './models.ts';

const odd: NewItem = {
  item: 'odd',
  title: 'Odd',
  attributes: { kind: ['space', 'new'], year: 1999 },
};
const byVector: NewItem = { item: 7, vector: [1, 0, 0, 0], attributes: { kind: 'comedy' } };

test('Added items are what the page says of them', async (context) => {
  const palate = await openGolden(context, 'content_map');
  const added = await palate.addItems([odd, byVector]);
  assert.deepEqual(added, [
    {
      item: 'odd',
      title: 'Odd',
      popularity: 0,
      attributes: { kind: ['space', 'new'], year: 1999 },
    },
    { item: '7', title: '', popularity: 0, attributes: { kind: ['comedy'] } },
  ]);
  for (const one of added) assert.deepEqual(await palate.item(one.item), one);
  assert.equal(palate.model.items, 14);
  assert.equal((await palate.items()).length, 14);
});

test('Every call takes an added item', async (context) => {
  const palate = await openGolden(context, 'content_map');
  await palate.record({ item: 'f2', type: 'like', time: 1 });
  await palate.addItems([odd, byVector]);
  const all = await palate.recommend({ count: 100 });
  assert.deepEqual(
    all.map(({ item }) => item).sort(),
    [...(await palate.items()).map(({ item }) => item).filter((item) => item !== 'f2')].sort(),
  );
  assert.deepEqual(
    (await palate.recommend({ where: { kind: 'new' } })).map(({ item }) => item),
    ['odd'],
  );
  assert.equal((await palate.recommend({ pin: ['odd'] }))[0]!.item, 'odd');
  assert.ok((await palate.recommend({ exclude: ['odd'], count: 100 })).length < all.length);
  const diverse = await palate.recommend({
    count: 100,
    diversity: { method: 'dpp', strength: 0.4 },
    atMost: { kind: 9 },
  });
  assert.ok(diverse.some(({ item }) => item === 'odd'));
  const [scored] = await palate.rank(['odd']);
  assert.equal(scored!.item, 'odd');
  assert.ok((await palate.similar('7', { count: 20 })).some(({ item }) => item === 'odd'));
  assert.equal((await palate.similar('odd', { count: 20 })).length, 13);

  assert.equal(await palate.record({ item: 'odd', type: 'like', time: 2 }), true);
  const { contributions, attributes } = await palate.explain('f5');
  assert.ok(contributions.some(({ item, amount }) => item === 'odd' && amount !== 0));
  assert.ok(attributes.some(({ category }) => category === 'space'));
  assert.ok((await palate.taste()).some(({ category }) => category === 'new'));
  assert.ok((await palate.ask({ only: ['7', 'odd'] })).every(({ item }) => item === '7'));
  const kept = await palate.export();
  assert.equal(await palate.forget('odd'), 1);
  assert.equal(await palate.import(kept), 1);
  assert.ok((await palate.history()).some(({ item }) => item === 'odd'));
});

test('An item counts from when it was added, and its events are there before', async (context) => {
  const palate = await openGolden(context, 'content_map');
  assert.equal(await palate.record({ item: 'odd', type: 'like', time: 1 }), false);
  await palate.addItems([odd]);
  const fresh = await openGolden(context, 'content_map');
  await fresh.addItems([odd]);
  await fresh.record({ item: 'odd', type: 'like', time: 1 });
  assert.deepEqual(await palate.recommend(), await fresh.recommend());
});

test('Added one by one or all at once, items are the same', async (context) => {
  const once = await openGolden(context, 'content_map');
  await once.addItems([odd, byVector]);
  const twice = await openGolden(context, 'content_map');
  await Promise.all([twice.addItems([byVector]), twice.addItems([odd])]);
  assert.deepEqual(await twice.items(), await once.items());
  assert.deepEqual(await twice.recommend(), await once.recommend());
});

test('Items are added by their vectors to every model that has some', async (context) => {
  for (const name of ['fold_in', 'hybrid', 'byte_ranker', 'int8', 'context'] as Golden[]) {
    const palate = await openGolden(context, name);
    const model = palate.model.dimension;
    const vector = Array.from({ length: model }, (_, axis) => (axis === 0 ? 1 : 0));
    await palate.addItems([{ item: 'new', vector }]);
    const [nearest] = await palate.similar('new', { count: 1 });
    assert.deepEqual(
      (await palate.item(nearest!.item))!.attributes['kind']!.toString().slice(0, 6),
      'comedy',
    );
    assert.equal(await palate.record({ item: 'new', type: 'like' }), true);
    assert.ok((await palate.recommend({ count: 2 })).length === 2);
  }
});

test('An update keeps added items that the new model lacks', async (context) => {
  const palate = await openGolden(context, 'content_map');
  await palate.addItems([odd, byVector]);
  // One without a content map: what came by its attributes waits.
  await palate.update(await readGolden('hybrid'));
  assert.equal(palate.model.items, 13);
  assert.equal(await palate.item('odd'), undefined);
  await palate.addItems([{ item: 'odd', vector: new Float32Array([0, 0, 1, 0]) }]);
  assert.equal(palate.model.items, 14);
  await palate.update(await readGolden('item_weights'));
  assert.equal(palate.model.items, 12);
  await palate.update(await readGolden('content_map'));
  assert.equal(palate.model.items, 14);
  assert.deepEqual((await palate.item('odd'))!.attributes, {});
});

test('Those that the new model has are its own', async (context) => {
  const palate = await openGolden(context, 'hybrid');
  await palate.addItems([{ item: 'f20', vector: [0, 0, 0, 1] }]);
  const { items } = await palate.update(await readGolden('fold_in'));
  assert.equal(items, 48);
  assert.equal((await palate.item('f20'))!.title, 'A space 20');
});

test('A delta leads on from the model that was loaded, whatever was added', async (context) => {
  const palate = await openGolden(context, 'fold_in');
  const vector = [1, 0, 0, 0, 0, 0, 0, 0];
  await palate.addItems([{ item: 'new', vector }]);
  const delta = `data:application/octet-stream;base64,${(await readGoldenDelta('fold_in_to_hybrid')).toString('base64')}`;
  const told: string[] = [];
  await palate.update('https://nowhere.invalid/', {
    delta,
    onDelta: ({ state }) => told.push(state),
  });
  assert.deepEqual(told, ['applied']);
  assert.equal(palate.model.recipe, 'hybrid');
});

test('Who watches is told of added items', async (context) => {
  const palate = await openGolden(context, 'content_map');
  let told = 0;
  palate.watch(() => ++told);
  await palate.addItems([odd]);
  assert.equal(told, 1);
});

const refused: [string, Golden, unknown, string, RegExp][] = [
  ['no list', 'content_map', 7, 'request/invalid', /items must be an array/],
  ['no item', 'content_map', [null], 'request/invalid', /items\[0\] must be an object/],
  ['no id', 'content_map', [{}], 'request/invalid', /items\[0\]\.item/],
  [
    'an id that the model has',
    'content_map',
    [odd, { item: 'f3', attributes: { year: 2000 } }],
    'request/invalid',
    /items\[1\]: the model has an item "f3" already/,
  ],
  [
    'an id twice',
    'content_map',
    [odd, odd],
    'request/invalid',
    /items\[1\]\.item must be other than that of items\[0\]/,
  ],
  [
    'nothing known',
    'content_map',
    [{ item: 'x' }],
    'request/invalid',
    /items\[0\]: none of its attributes says anything/,
  ],
  [
    'an unknown category alone',
    'content_map',
    [{ item: 'x', attributes: { kind: 'opera' } }],
    'request/invalid',
    /none of its attributes/,
  ],
  [
    'an unknown attribute',
    'content_map',
    [{ item: 'x', attributes: { genre: 'War' } }],
    'request/invalid',
    /items\[0\]\.attributes\.genre is no attribute of the model, which has kind, year/,
  ],
  [
    'a text for a number',
    'content_map',
    [{ item: 'x', attributes: { year: 'late' } }],
    'request/invalid',
    /attributes\.year must be a number/,
  ],
  [
    'a number too large',
    'content_map',
    [{ item: 'x', attributes: { year: 1e20 } }],
    'request/invalid',
    /items\[0\]: its numbers lead beyond/,
  ],
  [
    'a short vector',
    'content_map',
    [{ item: 'x', vector: [1, 2, 3] }],
    'request/invalid',
    /items\[0\]\.vector must be an array of 4 numbers, not 3/,
  ],
  [
    'a vector of texts',
    'content_map',
    [{ item: 'x', vector: 'abcd' }],
    'request/invalid',
    /vector must be an array of 4 numbers/,
  ],
  [
    'a number that is none',
    'content_map',
    [{ item: 'x', vector: [1, 2, NaN, 4] }],
    'request/invalid',
    /vector\[2\] must be a number of a million at most/,
  ],
  ['no content map', 'hybrid', [odd], 'model/unsupported', /palate train --content-map/],
  [
    'no vectors',
    'item_weights',
    [odd],
    'model/unsupported',
    /the recipe item-weights gives items no vectors/,
  ],
  [
    'no vectors for a vector',
    'popularity',
    [byVector],
    'model/unsupported',
    /the recipe popular gives items no vectors/,
  ],
  [
    'a vector without its place in a history',
    'weighted_mean',
    [byVector],
    'request/invalid',
    /beside its vector give attributes/,
  ],
];

for (const [what, name, given, code, message] of refused) {
  test(`Nothing is added where there is ${what}`, async (context) => {
    const palate = await openGolden(context, name);
    const before = await palate.items();
    await assert.rejects(palate.addItems(given as NewItem[]), isError(code, message));
    assert.deepEqual(await palate.items(), before);
  });
}

test('An item that was added is refused again, and all that comes with it', async (context) => {
  const palate = await openGolden(context, 'content_map');
  await palate.addItems([odd]);
  await assert.rejects(
    palate.addItems([byVector, odd]),
    isError('request/invalid', /items\[1\]: the model has an item "odd" already/),
  );
  assert.equal(palate.model.items, 13);
});

test('A Palate that is disposed adds nothing', async (context) => {
  const palate = await openGolden(context, 'content_map');
  const adding = palate.addItems([odd]);
  palate.dispose();
  await assert.rejects(adding, isError('disposed', /./));
});
