// Scores of features: the golden tabular model, asked by the package.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import type { Palate } from '../dist/palate.js';
import { open, openGolden } from './models.ts';

async function openTabular(context: TestContext): Promise<Palate> {
  return open(context, await readTabular());
}

function readTabular(): Promise<Uint8Array> {
  return readFile(new URL('../../tests/golden/tabular.palate', import.meta.url));
}

const isRefused = (message: RegExp, code = 'request/invalid') => ({
  name: 'PalateError',
  code,
  message,
});

test('A tabular model says what it takes and what it predicts', async (context) => {
  const { model } = await openTabular(context);
  assert.equal(model.label, 'bought');
  assert.equal(model.items, 0);
  assert.deepEqual(model.features, [
    { name: 'price', kind: 'number' },
    { name: 'hour', kind: 'number' },
    { name: 'kind', kind: 'category' },
  ]);
});

test('A score comes with reasons that sum to it', async (context) => {
  const palate = await openTabular(context);
  const row = { price: 12.5, hour: 7, kind: ['space', 'drama'] };
  const { score, sum, base, remainder, reasons, linear } = await palate.score(row);
  assert.deepEqual(reasons.map(({ feature }) => feature).sort(), ['hour', 'kind', 'price']);
  const total = (of: 'amount' | 'linear') =>
    reasons.reduce((so_far, reason) => so_far + reason[of], 0);
  assert.ok(Math.abs(base + total('amount') + remainder - sum) < 1e-5);
  assert.ok(Math.abs(linear.base + total('linear') - linear.sum) < 1e-5);
  assert.ok(Math.abs(score - 1 / (1 + Math.exp(-sum))) < 1e-6);
  assert.ok(Math.abs(linear.score - 1 / (1 + Math.exp(-linear.sum))) < 1e-6);
  // The head's weights are known: bias, log(1 + price), hour, space + drama.
  const expected = -0.25 - 0.75 * (Math.log1p(12.5) - 2) * 0.5 + 0.5 * (7 - 12) * 0.25 + 1 + 0.25;
  assert.ok(Math.abs(linear.sum - expected) < 1e-5);
  const [first, , last] = reasons;
  assert.ok(Math.abs(first!.amount) >= Math.abs(last!.amount));
});

test('What is left out, null or empty is missing', async (context) => {
  const palate = await openTabular(context);
  const nothing = await palate.score({});
  assert.deepEqual(await palate.score({ price: null, hour: undefined, kind: '' }), nothing);
  assert.deepEqual(await palate.score({ kind: [] }), nothing);
  const price = nothing.reasons.find(({ feature }) => feature === 'price');
  assert.ok(Math.abs(price!.linear - 0.125) < 1e-6, 'the weight of a missing price');
  assert.ok((await palate.score({ price: 3 })).sum !== nothing.sum);
});

test('Unknown categories are one, and numbers may name categories', async (context) => {
  const palate = await openTabular(context);
  const other = await palate.score({ kind: 'opera' });
  assert.deepEqual(await palate.score({ kind: ['opera', 'musical'] }), other);
  assert.deepEqual(await palate.score({ kind: 318 }), other);
  assert.deepEqual(await palate.score({ kind: [318, 'x'] }), other);
});

test('An unknown column or a value of a wrong type is refused', async (context) => {
  const palate = await openTabular(context);
  await assert.rejects(
    palate.score({ weight: 3 }),
    isRefused(/knows no feature "weight"; it has price, hour, kind/),
  );
  await assert.rejects(
    palate.score({ price: 'cheap' }),
    isRefused(/price must be a number, not "cheap"/),
  );
  await assert.rejects(
    palate.score({ price: NaN }),
    isRefused(/price must be a finite number, not NaN/),
  );
  await assert.rejects(
    palate.score({ kind: true as never }),
    isRefused(/kind must be a number, a text/),
  );
  await assert.rejects(palate.score(3 as never), isRefused(/features must be an object/));
  await assert.rejects(
    palate.score(JSON.parse('{"__proto__": 1}')),
    isRefused(/knows no feature "__proto__"/),
  );
});

test('Each kind of model refuses what is asked of the other', async (context) => {
  const tabular = await openTabular(context);
  const ranking = await openGolden(context, 'hybrid');
  await assert.rejects(tabular.recommend(), isRefused(/no items to rank/, 'model/unsupported'));
  await assert.rejects(tabular.rank([1]), isRefused(/no items to rank/, 'model/unsupported'));
  assert.deepEqual(await tabular.items(), []);
  assert.deepEqual(ranking.model.features, []);
  assert.equal(ranking.model.label, '');
  await assert.rejects(ranking.score({}), isRefused(/scores no features/, 'model/unsupported'));
  await assert.rejects(
    ranking.score({ a: 1 }),
    isRefused(/scores no features/, 'model/unsupported'),
  );
});
