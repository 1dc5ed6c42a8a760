// A model whose index has a list for each kind of item, of which one is looked at.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Palate } from '../dist/palate.js';
import { type Golden, open, openGolden, readGolden, variants } from './models.ts';

const liked = { item: 'f5', type: 'like' } as const;

async function listed(palate: Palate, options = {}): Promise<string[]> {
  const picks = await palate.recommend({ count: 2, ...options });
  return picks.map(({ item }) => item);
}

/** A golden model with the most popular item of the third kind among those of the first. */
async function misled(golden: Golden): Promise<Uint8Array> {
  const file = Buffer.from(await readGolden(golden));
  const lists = Buffer.from(Uint16Array.from({ length: 12 }, (_, row) => row % 3).buffer);
  const place = file.indexOf(lists);
  assert.ok(place > 0);
  file.writeUInt16LE(0, place + 2 * 2);
  const digest = createHash('sha256').update(file.subarray(0, 24)).update(file.subarray(56));
  digest.digest().copy(file, 24);
  return file;
}

async function openMisled(
  context: TestContext,
  golden: Golden = 'indexed',
  options = {},
): Promise<Palate> {
  const palate = await open(context, await misled(golden), options);
  await palate.record(liked);
  return palate;
}

test('A model says what its index finds', async (context) => {
  assert.equal((await openGolden(context, 'indexed')).model.recall, 0.875);
  assert.equal((await openGolden(context, 'weighted_mean')).model.recall, 1);
});

for (const variant of variants) {
  test(`Lists through an index have the scores of exact ones (${variant})`, async (context) => {
    const indexed = await openGolden(context, 'indexed', variant);
    const plain = await openGolden(context, 'weighted_mean', variant);
    for (const palate of [indexed, plain]) await palate.record(liked);
    const picks = await indexed.recommend({ count: 3 });
    assert.deepEqual(picks, await plain.recommend({ count: 3 }));
    assert.deepEqual(picks, await indexed.recommend({ count: 3, exact: true }));
  });
}

test('What an index misses is found where it is asked to be exact, and under conditions', async (context) => {
  const palate = await openMisled(context);
  assert.deepEqual(await listed(palate), ['f11', 'f8']);
  assert.ok((await listed(palate, { exact: true })).includes('ü2'));
  assert.ok((await listed(palate, { where: { kind: 'space' } })).includes('ü2'));
  assert.ok((await listed(palate, { only: ['ü2', 'f8', 'f0'] })).includes('ü2'));
  // The one list that is looked at cannot fill a longer one.
  assert.ok((await listed(palate, { count: 3 })).includes('ü2'));
});

test('Items that the page adds are in no list of the index: lists are exact from then on', async (context) => {
  const palate = await openMisled(context, 'indexed_fold_in');
  assert.ok(!(await listed(palate)).includes('ü2'));
  const vector = new Float32Array(palate.model.dimension).fill(9);
  await palate.addItems([{ item: 'new', vector }]);
  assert.equal(palate.model.recall, 1);
  const found = await listed(palate, { count: 3 });
  assert.ok(found.includes('ü2'));
  assert.deepEqual(found, await listed(palate, { count: 3, exact: true }));
});

test('Without the code for the index lists are exact', async (context) => {
  assert.ok(!(await listed(await openMisled(context, 'indexed_fold_in'))).includes('ü2'));
  const without = { wasmRest: new Uint8Array(8) };
  const palate = await openMisled(context, 'indexed_fold_in', without);
  assert.ok((await listed(palate)).includes('ü2'));
});

test('Whether a list is exact is true or false', async (context) => {
  const palate = await openGolden(context, 'indexed');
  await assert.rejects(listed(palate, { exact: 1 }), /exact must be true or false, not 1/);
});
