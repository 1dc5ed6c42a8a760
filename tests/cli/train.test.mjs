// palate train: the happy path, bad input, and what becomes of the output.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { films, ok, palate, ratings, scratch } from './palate.mjs';

const train = (files, recipe, output, ...rest) =>
  palate('train', '--interactions', files.path('log.csv'), '--recipe', recipe, '--output',
    files.path(output), ...rest);

test('Training says what it read, left out, learned and wrote', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  files.write('films.csv', films());
  const { code, out, err } = train(files, 'hybrid', 'm.palate', '--items', files.path('films.csv'));
  assert.equal(code, 0, err);
  assert.match(out, /rows\s+720 read, 720 accepted, 0 rejected/);
  assert.match(out, /columns\s+item = item, timestamp = timestamp, user = user, value = rating/);
  assert.match(out, /outliers\s+no limit to the interactions of a user/);
  assert.match(out, /k-core/);
  assert.match(out, /training data\s+60 users, 40 items, 720 interactions/);
  const [, size] = /model\s+\S+m\.palate, ([\d,]+) bytes, [\d.]+ an item/.exec(out);
  assert.equal(Number(size.replaceAll(',', '')), files.bytes('m.palate').length);
  assert.match(out, /time\s+read .* s, clean .* s, index .* s, train .* s, write .* s, save .* s/);
  assert.match(err, /^ials \d+ of \d+ epochs in/m);
  assert.match(err, /^ranker \d+ of \d+ epochs in/m);
});

test('The types of events are read, and the model knows those that its network was trained on', (context) => {
  const files = scratch(context);
  files.write('log.csv', 'user,item,event\n1,2,view\n1,3,\n2,2,buy\n2,3,view\n');
  const { code, out, err } = train(files, 'sequence', 'm.palate', '--set', 'data.repeats=true');
  assert.equal(code, 0, err);
  assert.match(out, /columns\s+item = item, type = event, user = user/);
  assert.match(out, /duplicates\s+repeats of the same user and item are kept/);
  const model = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.deepEqual(model.event_types, ['view', 'buy']);
  assert.equal(model.sequence.reads_types, true);
  assert.equal(model.sequence.reads_repeats, true);
  files.write('history.csv', 'user,item,type\nx,2,buy\ny,2,view\nz,2,wave\n');
  const lists = ['recommend', '--model', files.path('m.palate'), '--histories', files.path('history.csv'), '--k', 1];
  const scores = ok(...lists).out.match(/(?<=^[xyz],1,3,).*$/gm);
  assert.equal(new Set(scores).size, 3); // an unknown type is one of its own
});

test('The recipe auto says in two lines why it trains which', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const { code, out, err } = train(files, 'auto', 'm.palate', '--set', 'data.min_user=2');
  assert.equal(code, 0, err);
  const [, chosen] = /^auto chooses (\S+)\n {2}the log: 60 users, 40 items, 720 interactions .*\n {2}.*NDCG@20 and recall@20 of /m.exec(out);
  const { training } = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(training.recipe, chosen);
  assert.match(training.recipe_toml, /min_user = 2/);
  assert.match(err, /^trials 5 of 5 recipes/m);
});

test('Rejected rows are counted and shown with file, line, column and reason', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings().replace('\n1,', '\n,').replace(/(\n2,\d+,)\d/, '$1good'));
  const { code, out, err } = train(files, 'popular', 'm.palate');
  assert.equal(code, 0, err);
  assert.match(out, /720 read, 718 accepted, 2 rejected/);
  assert.match(out, /rejected\s+\S*log\.csv:2 column user: /);
  assert.match(out, /rejected\s+\S*log\.csv:14 column rating: /);
});

test('A column of items that makes no attribute is left out and named with the reason', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const [header, ...rows] = films().trimEnd().split('\n');
  files.write('films.csv', [`,${header},year`, ...rows.map((row, at) => `${at},${row},7`)].join('\n'));
  const { code, out, err } = train(files, 'popular', 'm.palate', '--items', files.path('films.csv'));
  assert.equal(code, 0, err);
  assert.match(out, /left out\s+column 1 \(no name\)/);
  assert.match(out, /left out\s+year \(the name stands twice\)/);
  const model = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.deepEqual(model.attributes.map(({ name }) => name), ['genres', 'year']);
});

test('Too many rejected rows stop the training and leave the output alone', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings().replace(/\n(\d+),1/g, '\n,1'));
  files.write('m.palate', 'what stood here before');
  const { code, err } = train(files, 'popular', 'm.palate', '--max-bad', '0.5');
  assert.equal(code, 1);
  assert.match(err, /^palate train: .*log\.csv: 720 of 720 rows/);
  assert.match(err, /line 2, column user: /);
  assert.match(err, /--max-bad/);
  assert.equal(files.read('m.palate'), 'what stood here before');
});

test('A missing file is named', (context) => {
  const files = scratch(context);
  const { code, err } = train(files, 'popular', 'm.palate');
  assert.equal(code, 1);
  assert.match(err, /^palate train: .*log\.csv/);
  assert.equal(existsSync(files.path('m.palate')), false);
});

test('A model that no page could use does not take the place of an older one', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  files.write('m.palate', 'older');
  const { code, err } = train(files, 'ials', 'm.palate', '--set', 'ials.regularization=1e-9');
  assert.equal(code, 1);
  assert.match(err, /train the model again with a stronger regularization/);
  assert.equal(readFileSync(files.path('m.palate'), 'utf8'), 'older');
});

test('An unknown recipe is refused with the nearest known one', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const { code, err } = train(files, 'hibrid', 'm.palate');
  assert.equal(code, 1);
  assert.match(err, /hibrid/);
  assert.match(err, /did you mean.*hybrid/);
});

test('An unknown field of a recipe is refused with the nearest known one', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const { code, err } = train(files, 'ials', 'm.palate', '--set', 'ials.dimensions=8');
  assert.equal(code, 1);
  assert.match(err, /ials\.dimensions/);
  assert.match(err, /did you mean.*dimension/);
});

test('An output that cannot be written is found out before the work begins', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  mkdirSync(files.path('folder'));
  for (const [output, reason] of [['nowhere/m.palate', /no folder '.*nowhere'/], ['folder', /it is a folder/]]) {
    const { code, out, err } = train(files, 'popular', output);
    assert.equal(code, 1);
    assert.match(err, /^palate train: cannot write '/);
    assert.match(err, reason);
    assert.equal(out, '');
  }
});

test('Columns can be named where their names do not tell', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings().replace('user,item,rating', 'who,what,rating'));
  assert.equal(train(files, 'popular', 'm.palate').code, 1);
  const { code, out, err } = train(files, 'popular', 'm.palate', '--columns', 'user=who,item=what');
  assert.equal(code, 0, err);
  assert.match(out, /item = what, .*user = who/);
});

test('Rows and recipe follow --min-user, --min-item, --min-value and --set', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const { out } = ok('train', '--interactions', files.path('log.csv'), '--recipe', 'ials', '--output',
    files.path('m.palate'), '--min-user', 3, '--min-item', 4, '--min-value', 2.5, '--set',
    'ials.dimension=5', 'ials.epochs=2');
  assert.match(out, /below 2\.5, left out/);
  assert.match(out, /at least 3 a user and 4 an item/);
  const model = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(model.dimension, 5);
  assert.match(model.training.recipe_toml, /min_user = 3/);
  assert.match(model.training.recipe_toml, /epochs = 2/);
});

test('Training twice gives the same bytes, and so does any number of threads', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  files.write('films.csv', films());
  const models = [1, 1, 2, 4].map((threads, run) => {
    const { code, err } = train(files, 'hybrid', `${run}.palate`, '--items',
      files.path('films.csv'), '--threads', threads, '--seed', 7);
    assert.equal(code, 0, err);
    return files.bytes(`${run}.palate`);
  });
  for (const model of models.slice(1)) assert.ok(model.equals(models[0]));
  train(files, 'hybrid', 'other.palate', '--items', files.path('films.csv'), '--seed', 8);
  assert.equal(files.bytes('other.palate').equals(models[0]), false);
});

test('An older model is a start, and one that cannot be is refused', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings({ users: 50 }));
  const set = ['--set', 'ials.dimension=8', '--set', 'ials.epochs=2'];
  assert.equal(train(files, 'ials', 'old', ...set).code, 0);
  files.write('log.csv', ratings());
  const { code, out, err } = train(files, 'ials', 'm', ...set, '--from', files.path('old'));
  assert.equal(code, 0, err);
  assert.match(out, /items started from the older model\s+40\.0000/);
  const other = train(files, 'ials', 'm', '--set', 'ials.dimension=9', '--from', files.path('old'));
  assert.equal(other.code, 1);
  assert.match(other.err, /have 8 numbers, the recipe's 9/);
  const missing = train(files, 'ials', 'm', ...set, '--from', files.path('nowhere'));
  assert.equal(missing.code, 1);
  assert.match(missing.err, /nowhere/);
});

test('Items that nobody has touched are placed by their attributes', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  files.write('items.csv', `${films()}new-1,New,Drama|War,1955\nnew-0,A riddle,,\n`);
  const inputs = ['--interactions', files.path('log.csv'), '--items', files.path('items.csv')];
  const output = ['--output', files.path('m.palate')];
  const { out } = ok('train', ...inputs, '--recipe', 'ials', '--new-items', ...output);
  assert.match(out, /new items {2}1 placed by their attributes, .*: 1$/m);
  const { items } = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(items, 41);
  const alike = ok('recommend', '--model', files.path('m.palate'), '--history', 'new-1', '--k', 8);
  const listed = alike.out.trimEnd().split('\n').slice(1);
  assert.ok(listed.filter((line) => line.includes('Drama|War')).length >= 7, alike.out);
  const all = ok('recommend', '--model', files.path('m.palate'), '--history', '101', '--k', 41);
  assert.match(all.out, / new-1 /);
  const described = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(described.places_new_items, false);
  assert.equal(described.sections.content_map, undefined);
  const plain = palate('train', ...inputs, '--recipe', 'item-item', '--new-items', ...output);
  assert.equal(plain.code, 1);
  assert.match(plain.err, /the recipe item-item gives items no vectors/);
  const without = palate('train', ...inputs.slice(0, 2), '--recipe', 'ials', '--new-items', ...output);
  assert.notEqual(without.code, 0);
  assert.match(without.err, /--new-items needs --items/);
});

test('A content map is written where it is asked for, and stays in what is made of the model', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  files.write('items.csv', `${films()}new-1,New,Drama|War,1955\n`);
  const inputs = ['--interactions', files.path('log.csv'), '--items', files.path('items.csv')];
  const [plain, mapped, grown, small] = ['plain', 'mapped', 'grown', 'small'].map(files.path);
  const ials = ['train', ...inputs, '--recipe', 'ials', '--set', 'ials.dimension=8'];
  ok(...ials, '--output', plain);
  ok(...ials, '--content-map', '--output', mapped);
  ok(...ials, '--content-map', '--new-items', '--output', grown);
  const { sections, bytes, places_new_items } = JSON.parse(ok('inspect', mapped, '--json').out);
  assert.equal(places_new_items, true);
  // Three categories and a number, eight numbers of a vector and a bias, in 4 bytes; two attributes.
  assert.equal(sections.content_map, 4 * ((1 + 4) * 9 + 3 * 2));
  assert.ok(bytes - files.bytes('plain').length < sections.content_map + 200);
  assert.match(ok('inspect', mapped).out, /^places new items by their attributes$/m);
  assert.match(ok('inspect', grown).out, /^items\s+41$/m);
  assert.match(ok('inspect', grown).out, /^places new items/m);
  const [header, ...rows] = ratings().trim().split('\n');
  const part = (is) => `${[header, ...rows.filter((_, at) => (at % 6 === 0) === is)].join('\n')}\n`;
  files.write('history.csv', part(false));
  files.write('test.csv', part(true));
  ok('compress', '--model', mapped, '--output', small, '--items', 'int8', '--histories', files.path('history.csv'),
    '--test', files.path('test.csv'), '--max-loss', 1);
  assert.match(ok('inspect', small).out, /^places new items/m);

  const none = palate('train', ...inputs, '--recipe', 'item-item', '--content-map', '--output', plain);
  assert.equal(none.code, 1);
  assert.match(none.err, /the recipe item-item gives items no vectors/);
  const unknown = palate('train', ...inputs.slice(0, 2), '--recipe', 'ials', '--content-map', '--output', plain);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.err, /--content-map needs --items/);
});
