// palate compress --index: lists through an index, what they miss, and when there is none.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

import { ok, palate, ratings, scratch } from './palate.mjs';

const items = 10_400;
const themes = 40;

/** Visitors who each keep to two themes of a large catalogue: next to all of one's part of it, and whatever of the other. */
function clicks(part) {
  const rows = ['user,item'];
  const places = items / themes;
  for (let user = 0; user < items / 8; ++user) {
    for (let k = part === 'history' ? 0 : 16; k < (part === 'history' ? 16 : 20); ++k) {
      const theme = (user + (k % 2) * 11) % themes;
      const place = k % 2 === 0 && k < 16 ? Math.floor(user / themes) * 8 + k / 2 : user * 37 + k * 53;
      rows.push(`u${user},i${(place % places) * themes + theme}`);
    }
  }
  return `${rows.join('\n')}\n`;
}

function indexed(context, ...flags) {
  const files = scratch(context);
  files.write('history.csv', clicks('history'));
  files.write('test.csv', clicks('test'));
  ok('train', '--interactions', files.path('history.csv'), '--recipe', 'ials', '--output', files.path('m.palate'), '--set',
    'ials.dimension=16', '--set', 'ials.epochs=3');
  const change = (from, to, ...rest) => palate('compress', '--model', files.path(from), '--output', files.path(to), '--histories',
    files.path('history.csv'), '--test', files.path('test.csv'), '--max-loss', 1, ...rest);
  const made = change('m.palate', 'indexed.palate', '--index', 'ivf', ...flags);
  assert.equal(made.code, 0, made.err);
  const describe = (name) => JSON.parse(ok('inspect', files.path(name), '--json').out);
  return { files, change, made, describe };
}

test('An index is measured, stated and used, and can be taken away', (context) => {
  const { files, change, made, describe } = indexed(context);
  assert.match(made.out, /^index +no +ivf +loss\nbytes .*\nbytes an item .*\nrecall@20 .* %\nndcg@20 .* %$/m);
  const [, recall, probes] = /^the index finds ([.\d]+) of the exact best 200 in (\d+) of its lists, with [.\d]+ % of the items$/m.exec(made.out);
  const { index, items: count, sections } = describe('indexed.palate');
  assert.equal(index.lists, Math.round(2 * Math.sqrt(count)));
  assert.equal(`${index.probes} ${index.recall.toFixed(4)} ${index.length}`, `${probes} ${recall} 200`);
  assert.ok(index.recall > 0.9, `recall ${index.recall}`);
  assert.equal(sections.index, index.lists * 16 * 4 + 2 * count);
  assert.match(ok('inspect', files.path('indexed.palate')).out, /^index {2}\d+ of \d+ lists are looked at, recall@200 of the exact list 0\.\d{4}$/m);
  assert.equal(describe('m.palate').index, null);

  const list = (name, ...flags) => ok('recommend', '--model', files.path(name), '--histories', files.path('history.csv'), '--k', 20, ...flags).out;
  const exact = list('m.palate');
  const through = list('indexed.palate');
  assert.equal(list('indexed.palate', '--exact'), exact);
  assert.notEqual(through, exact);

  assert.equal(change('indexed.palate', 'plain.palate', '--index', 'none').code, 0);
  assert.equal(describe('plain.palate').index, null);
  assert.equal(list('plain.palate'), exact);
});

test('Rounding the items of an indexed model asks what becomes of the index', (context) => {
  const { change, describe } = indexed(context, '--lists', 50, '--probes', 5);
  assert.deepEqual([describe('indexed.palate').index.lists, describe('indexed.palate').index.probes], [50, 5]);
  assert.match(change('indexed.palate', 'int8.palate', '--items', 'int8').err, /the model has an index of its item vectors as they are; give --index ivf/);
  assert.equal(change('indexed.palate', 'int8.palate', '--items', 'int8', '--index', 'ivf', '--lists', 60).code, 0);
  assert.equal(describe('int8.palate').index.lists, 60);
  assert.equal(describe('int8.palate').precision, 'int8');
});

test('An index that would not pay, or that cannot be, is refused', (context) => {
  const files = scratch(context);
  const [header, ...rows] = ratings().trimEnd().split('\n');
  for (const [name, rest] of [['history', [1, 2]], ['test', [0]]]) {
    files.write(`${name}.csv`, [header, ...rows.filter((_, row) => rest.includes(row % 3))].join('\n'));
  }
  ok('train', '--interactions', files.path('history.csv'), '--recipe', 'ials', '--output', files.path('m.palate'));
  const change = (...flags) => palate('compress', '--model', files.path('m.palate'), '--output', files.path('out.palate'), '--histories',
    files.path('history.csv'), '--test', files.path('test.csv'), ...flags);
  const small = change('--index', 'ivf');
  assert.equal(small.code, 1);
  assert.match(small.err, /m\.palate: an index is for 10000 items or more; the model's 40 are all looked at as soon/);
  assert.equal(change('--index', 'flat').code, 2);
  assert.equal(change('--items', 'int8', '--lists', 50).code, 2);
  assert.ok(!existsSync(files.path('out.palate')));
});
