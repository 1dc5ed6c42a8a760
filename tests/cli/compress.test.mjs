// palate compress: smaller files, what they lose, and when they are refused.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

import { films, ok, palate, ratings, scratch } from './palate.mjs';

/** A folder with a model of `recipe`, the log it was trained on, and its last row of each user. */
function trained(context, recipe, ...flags) {
  const files = scratch(context);
  const [header, ...rows] = ratings().trimEnd().split('\n');
  const byUser = [...Map.groupBy(rows, (row) => row.split(',')[0]).values()];
  const part = (from, to) => `${[header, ...byUser.flatMap((list) => list.slice(from, to))].join('\n')}\n`;
  files.write('history.csv', part(0, -2));
  files.write('test.csv', part(-2));
  files.write('films.csv', films());
  ok('train', '--interactions', files.path('history.csv'), '--items', files.path('films.csv'), '--recipe', recipe,
    '--output', files.path('m.palate'), ...flags);
  return files;
}

const compress = (files, items, output, ...flags) => [
  'compress', '--model', files.path('m.palate'), '--output', files.path(output), '--items', items, '--histories',
  files.path('history.csv'), '--test', files.path('test.csv'), ...flags,
];

const describe = (files, name) => JSON.parse(ok('inspect', files.path(name), '--json').out);

const ownTable = ['--set', 'two_tower.shared_vectors=false'];
for (const [recipe, tables, ...flags] of [['ials', 1], ['two-tower', 2, ...ownTable], ['rating', 2]]) {
  test(`A model of ${recipe} shrinks to bytes and half bytes, and ranks on`, (context) => {
    const files = trained(context, recipe, ...flags);
    const before = describe(files, 'm.palate');
    assert.equal(before.precision, 'f32');
    const vectors = (model) => model.sections.item_table + (tables === 2 ? model.sections.encoder : 0);
    for (const [items, bits] of [['int8', 8], ['int4', 4]]) {
      const { out } = ok(...compress(files, items, `${items}.palate`, '--max-loss', 1));
      assert.match(out, new RegExp(`^items +f32 +${items} +loss\nbytes +[0-9,]+ +[0-9,]+\nbytes an item`, 'm'));
      assert.match(out, /^recall@20 +0\.\d{4} +0\.\d{4} +-?\d+\.\d\d %$/m);
      assert.match(out, /^rmse +\d\.\d{4} /m);
      const after = describe(files, `${items}.palate`);
      assert.equal(after.precision, items);
      assert.deepEqual(after.training, before.training);
      assert.deepEqual(after.attributes, before.attributes);
      const row = Math.ceil((before.dimension * bits) / 128) * 16 + 4;
      const saved = tables * 40 * (4 * before.dimension - row);
      assert.equal(vectors(before) - vectors(after), saved);
      assert.match(ok('inspect', files.path(`${items}.palate`)).out, new RegExp(`^encoder .*, ${items}`, 'm'));
      const list = ok('recommend', '--model', files.path(`${items}.palate`), '--history', '101,102,103', '--explain');
      assert.match(list.out, /Film 1\d\d, the/);
    }
  });
}

test('What was compressed can be compressed again, and read as floats', (context) => {
  const files = trained(context, 'ials');
  ok(...compress(files, 'int8', 'int8.palate', '--max-loss', 1));
  const again = compress(files, 'int8', 'again.palate', '--max-loss', 0);
  again[2] = files.path('int8.palate');
  assert.match(ok(...again).out, /^ndcg@20 .* 0\.00 %$/m);
  again[4] = files.path('floats.palate');
  again[6] = 'f32';
  ok(...again);
  assert.equal(describe(files, 'floats.palate').precision, 'f32');
});

test('A ranker shrinks to bytes step by step, and back', (context) => {
  const files = trained(context, 'hybrid');
  const { ranker } = describe(files, 'm.palate');
  assert.equal(`${ranker.precision} ${ranker.item_half}`, 'f32 f32');
  const to = (output, ...steps) => ['compress', '--model', files.path('m.palate'), '--output', files.path(output), ...steps,
    '--histories', files.path('history.csv'), '--test', files.path('test.csv'), '--max-loss', 1];
  const { out } = ok(...to('small.palate', '--items', 'int8', '--ranker', 'int8', '--item-half', 'int8'));
  for (const step of ['items', 'ranker', 'item half']) {
    assert.match(out, new RegExp(`^${step} +f32 +int8 +loss\nbytes .*\nbytes an item .*\nrecall@20 .* %\nndcg@20 .* %$`, 'm'));
  }
  const small = describe(files, 'small.palate');
  assert.equal(`${small.precision} ${small.ranker.precision} ${small.ranker.item_half}`, 'int8 int8 int8');
  assert.match(ok('inspect', files.path('small.palate')).out, /^ranker .*, int8, items' halves in int8$/m);
  const list = ok('recommend', '--model', files.path('small.palate'), '--history', '101,102,103', '--explain');
  assert.match(list.out, /Film 1\d\d, the/);
  const back = to('back.palate', '--ranker', 'f32', '--item-half', 'f32');
  back[2] = files.path('small.palate');
  ok(...back);
  const { precision, item_half } = describe(files, 'back.palate').ranker;
  assert.equal(`${precision} ${item_half}`, 'f32 f32');

  const none = palate(...to('none.palate'));
  assert.equal(none.code, 1);
  assert.match(none.err, /nothing is to be changed: give --items, --ranker, --item-half or --index/);
  assert.equal(palate(...to('none.palate', '--ranker', 'int4')).code, 2);
});

test('A model without a ranker has none to shrink', (context) => {
  const files = trained(context, 'ials');
  const run = (...step) => palate('compress', '--model', files.path('m.palate'), '--output', files.path('out.palate'), ...step,
    '--histories', files.path('history.csv'), '--test', files.path('test.csv'));
  assert.match(run('--ranker', 'int8').err, /m\.palate: the model has no ranker with a layer between its first and its last/);
  assert.match(run('--item-half', 'int8').err, /m\.palate: the model has no ranker, so no half of an item to round/);
});

test('A loss over the limit is refused, and nothing is written', (context) => {
  const files = trained(context, 'ials');
  // Tested on its own lists the model is perfect, so whatever 4 bits change is a loss.
  const lists = ok('recommend', '--model', files.path('m.palate'), '--histories', files.path('history.csv'), '--k', 3);
  files.write('test.csv', lists.out.replace('rank', 'place').replace('score', 'logit'));
  const { code, out, err } = palate(...compress(files, 'int4', 'int4.palate', '--max-loss', 0.0001, '--k', 3));
  assert.match(out, /^recall@3 +1\.0000 /m);
  assert.equal(code, 1);
  assert.match(err, /int4 items lose \d+\.\d\d % of (recall|ndcg)@3, over --max-loss 0\.01 %: nothing is written/);
  assert.ok(!existsSync(files.path('int4.palate')));
  ok(...compress(files, 'int4', 'int4.palate', '--max-loss', 1, '--k', 3));
  assert.ok(existsSync(files.path('int4.palate')));
});

test('What cannot be compressed is refused', (context) => {
  const files = trained(context, 'popular');
  const none = palate(...compress(files, 'int8', 'out.palate'));
  assert.equal(none.code, 1);
  assert.match(none.err, /m\.palate: the model has no item vectors/);
  const unknown = palate(...compress(files, 'int5', 'out.palate'));
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /there is no precision 'int5'/);
  assert.equal(palate(...compress(files, 'int8', 'out.palate', '--max-loss', 2)).code, 2);
  assert.equal(palate('compress', '--model', files.path('m.palate'), '--items', 'int8').code, 2);
  const folder = palate(...compress(files, 'int8', 'no/such/out.palate'));
  assert.equal(folder.code, 1);
  assert.match(folder.err, /no\/such/);
});
