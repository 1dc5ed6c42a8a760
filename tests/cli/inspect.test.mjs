// palate inspect and palate simulate.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { films, ok, palate, parseCsv, ratings, scratch } from './palate.mjs';

test('Inspect tells what stands in a model file', (context) => {
  const files = scratch(context);
  ok('train', '--interactions', files.write('log.csv', ratings()), '--items',
    files.write('films.csv', films()), '--recipe', 'hybrid', '--output', files.path('m.palate'), '--seed', 5);
  const bytes = files.bytes('m.palate');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const model = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(model.encoder, 'fold-in');
  assert.equal(model.items, 40);
  assert.equal(model.bytes, bytes.length);
  assert.equal(model.sha256, sha256);
  assert.equal(model.sections.item_table, 40 * model.dimension * 4);
  assert.equal(Object.values(model.sections).reduce((sum, size) => sum + size, 0), bytes.length);
  assert.equal(model.ranker.layers.at(-1), 1);
  assert.equal(model.training.users, 60);
  assert.equal(model.training.interactions, 720);
  assert.equal(model.training.seed, 5);
  assert.deepEqual(model.attributes, [
    { name: 'genres', kind: 'category', categories: 3, missing: 0 },
    { name: 'year', kind: 'number', missing: 0 },
  ]);
  const { out } = ok('inspect', files.path('m.palate'));
  assert.match(out, new RegExp(sha256));
  assert.match(out, /genres +3 categories/);
  assert.match(out, /the newest of 2017-07-14/);
  assert.match(out, /^kind = "hybrid"/m);
});

test('Inspect tells how an encoder weighs a history', () => {
  const golden = (name) => fileURLToPath(new URL(`../golden/${name}.palate`, import.meta.url));
  const describe = (name) => JSON.parse(ok('inspect', golden(name), '--json').out);
  const weights = { recency: [1, 0.75, 0.5], popularity_exponent: 0.5, length_exponent: 1 };

  const mean = describe('weighted_mean');
  assert.equal(mean.encoder, 'weighted-mean');
  assert.deepEqual(mean.history_weights, weights);
  assert.equal(mean.sections.encoder, (12 * 4 + 3) * 4);
  assert.match(
    ok('inspect', golden('weighted_mean')).out,
    /^encoder +weighted-mean, dimension 4, a table of its own for the history\nhistory +recency 1 to 0.5 over 3 places, popularity exponent 0.5, length exponent 1$/m,
  );

  const quantised = describe('int4');
  assert.equal(quantised.precision, 'int4');
  assert.equal(quantised.sections.item_table, 12 * (16 + 4));
  assert.equal(quantised.sections.encoder, 12 * (16 + 4) + 3 * 4);
  assert.match(ok('inspect', golden('int4')).out, /^encoder +weighted-mean, dimension 4, int4, a table of its own/m);

  const rows = describe('item_weights');
  assert.equal(rows.encoder, 'item-weights');
  assert.deepEqual(rows.history_weights, weights);
  assert.equal(rows.item_weights, 47);
  assert.equal(rows.sections.encoder, (3 + 13 + 47) * 4 + 47 * 2);
  assert.match(ok('inspect', golden('item_weights')).out, /^encoder +item-weights, 47 weights, 3.9 an item$/m);
});

test('Inspect refuses what is missing or no model', (context) => {
  const files = scratch(context);
  const missing = palate('inspect', files.path('none.palate'));
  assert.equal(missing.code, 1);
  assert.match(missing.err, /^palate inspect: .*none\.palate/);
  const other = palate('inspect', files.write('log.csv', ratings()));
  assert.equal(other.code, 1);
  assert.match(other.err, /log\.csv: /);
});

test('Simulate draws the log that was asked for, and the same one for the same seed', (context) => {
  const files = scratch(context);
  files.write('films.csv', films());
  const simulate = (seed, output) =>
    ok('simulate', '--items', files.path('films.csv'), '--users', 100, '--events', 2000, '--seed', seed,
      '--output', files.path(output));
  const { out } = simulate(1, 'a.csv');
  assert.match(out, /simulated\s+\S+a\.csv/);
  const rows = parseCsv(files.read('a.csv'));
  assert.equal(rows.length, 2000);
  for (const { item } of rows) assert.ok(Number(item) >= 101 && Number(item) <= 140);
  simulate(1, 'b.csv');
  simulate(2, 'c.csv');
  assert.equal(files.read('b.csv'), files.read('a.csv'));
  assert.notEqual(files.read('c.csv'), files.read('a.csv'));
  ok('train', '--interactions', files.path('a.csv'), '--recipe', 'ials', '--output', files.path('m.palate'));
});
