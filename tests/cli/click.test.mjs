// The recipe click on the command line: train, inspect, evaluate, score.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { generator, ok, palate, parseCsv, ratings, scratch } from './palate.mjs';

/** A log in which a click follows price and kind together: cheap drama, dear comedy. */
function clicks({ rows = 1500, users = 40 } = {}) {
  const draw = generator();
  const lines = ['visitor,clicked,price,kind,code,timestamp'];
  for (let row = 0; row < rows; row += 1) {
    const price = draw(1000) / 10;
    const kind = ['drama', 'comedy'][draw(2)];
    const liked = (price > 50) === (kind === 'comedy');
    const clicked = draw(10) === 0 ? !liked : liked;
    const shown = draw(10) === 0 ? '' : price;
    lines.push(`v${draw(users)},${Number(clicked)},${shown},${kind},${draw(3)},${1_600_000_000 + row}`);
  }
  return `${lines.join('\n')}\n`;
}

const flags = ['--recipe', 'click', '--categorical', 'code', '--seed', 3];

test('A click model is trained, described and asked', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', clicks());
  const { out } = ok('train', '--interactions', log, ...flags, '--output', files.path('m.palate'));
  assert.match(out, /label = clicked, timestamp = timestamp, user = visitor/);
  assert.match(out, /feature price +number +missing in 1\d\d rows/);
  assert.match(out, /validation log loss of the linear head/);
  const model = JSON.parse(ok('inspect', files.path('m.palate'), '--json').out);
  assert.equal(model.items, 0);
  assert.equal(model.tabular.label, 'clicked');
  assert.equal(model.tabular.target, 'probability');
  assert.deepEqual(model.tabular.layers.slice(-3), [64, 32, 1]);
  assert.deepEqual(
    model.tabular.columns.map(({ name, kind }) => [name, kind]),
    [['price', 'number'], ['kind', 'category'], ['code', 'category']],
  );
  assert.deepEqual(
    model.tabular.columns[1].weights.map(({ term }) => term),
    ['comedy', 'drama', '(other)', '(missing)'],
  );
  assert.equal(model.training.users, 40);
  assert.equal(Object.values(model.sections).reduce((sum, size) => sum + size, 0), model.bytes);
  const text = ok('inspect', files.path('m.palate')).out;
  assert.match(text, /the probability of 'clicked', network \d+-64-32-1/);
  assert.match(text, /linear head +logit = /);

  const rows = files.write('rows.csv', 'kind,price,extra\ndrama,10,1\ncomedy,10,1\nopera,,1\n');
  const scored = ok('score', '--model', files.path('m.palate'), '--interactions', rows, '--output',
    files.path('s.csv'), '--explain');
  assert.match(scored.err, /missing in every row: code/);
  const scores = parseCsv(files.read('s.csv'));
  assert.ok(Number(scores[0].score) > 0.7 && Number(scores[1].score) < 0.3, files.read('s.csv'));
  for (const row of scores) {
    const sum = ['base', 'remainder', 'price', 'kind', 'code'].reduce((total, name) => total + Number(row[name]), 0);
    assert.ok(Math.abs(sum - Number(row.sum)) < 1e-4);
    assert.ok(Math.abs(1 / (1 + Math.exp(-Number(row.sum))) - Number(row.score)) < 1e-5);
    const linear = ['linear_base', 'linear price', 'linear kind', 'linear code']
      .reduce((total, name) => total + Number(row[name]), 0);
    assert.ok(Math.abs(1 / (1 + Math.exp(-linear)) - Number(row.linear)) < 1e-5);
  }
});

test('A click model is measured beside its linear head, on rows, users and times apart', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', clicks());
  for (const [protocol, users] of [['row-split', 40], ['user-split', 8], ['time-split', 40]]) {
    const json = files.path('report.json');
    const { out } = ok('evaluate', '--interactions', log, ...flags, '--protocol', protocol,
      '--bootstrap', 100, '--json', json);
    const report = JSON.parse(files.read('report.json'));
    assert.equal(report.users, users);
    assert.ok(report.network.auc.value > 0.8, protocol);
    assert.ok(report.linear.auc.value < 0.65, protocol);
    assert.ok(report.difference.auc.interval[0] > 0.1, protocol);
    assert.equal(report.reliability.reduce((sum, { rows }) => sum + rows, 0), report.rows);
    assert.match(out, /network +linear head +network less linear/);
    assert.match(out, /network: rows +predicted +observed/);
  }
  ok('train', '--interactions', log, ...flags, '--output', files.path('m.palate'));
  const { out } = ok('evaluate', '--model', files.path('m.palate'), '--test', log, '--bootstrap', 0);
  assert.match(out, /evaluated on 1,500 rows/);
});

test('Values are measured by their errors', (context) => {
  const files = scratch(context);
  const draw = generator();
  const rows = Array.from({ length: 600 }, () => {
    const x = draw(100);
    return `${x},${draw(2) === 0 ? 'a' : 'b'},${3 * x + 7}`;
  });
  const log = files.write('log.csv', `x,kind,spent\n${rows.join('\n')}\n`);
  ok('evaluate', '--interactions', log, '--recipe', 'click', '--columns', 'label=spent', '--bootstrap', 20,
    '--json', files.path('r.json'));
  const report = JSON.parse(files.read('r.json'));
  assert.deepEqual(Object.keys(report.network), ['mae', 'mse', 'rmse']);
  assert.ok(report.linear.rmse.value < 1, 'a line is found by the linear head');
});

test('A click training that was stopped comes to the same bytes', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', clicks({ rows: 400 }));
  const train = (...more) => ok('train', '--interactions', log, ...flags, ...more);
  train('--output', files.path('whole.palate'), '--threads', 1);
  train('--output', files.path('kept.palate'), '--threads', 3, '--checkpoint', files.path('c'),
    '--checkpoint-interval', 0);
  assert.deepEqual(files.bytes('kept.palate'), files.bytes('whole.palate'));
});

test('What does not go with the recipe click is refused with a reason', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', clicks({ rows: 200 }));
  const model = files.path('m.palate');
  ok('train', '--interactions', log, ...flags, '--output', model);
  const refused = (says, ...args) => {
    const { code, err } = palate(...args);
    assert.equal(code, 1, err);
    assert.match(err, says);
  };
  const train = ['train', '--output', files.path('x.palate')];
  refused(/--items does not go with the recipe click/, ...train, '--interactions', log, '--items', log, ...flags);
  refused(/go with the recipe click, or with --context/, ...train, '--interactions', log, '--recipe', 'popular', '--ignore', 'code');
  refused(/no column is known as the label/, ...train, '--interactions',
    files.write('l.csv', ratings().replace('rating', 'stars')), '--recipe', 'click');
  refused(/there is no column 'nowhere'/, ...train, '--interactions', log, ...flags, '--numeric', 'nowhere');
  refused(/unknown field 'data.min_user'/, ...train, '--interactions', log, ...flags, '--min-user', 3);
  refused(/trains no item vectors/, ...train, '--interactions', log, ...flags, '--from', model);
  refused(/row-split goes with the recipe click alone/, 'evaluate', '--interactions', log, '--recipe', 'popular',
    '--protocol', 'row-split');
  refused(/measured by --protocol row-split/, 'evaluate', '--interactions', log, ...flags, '--protocol', 'leave-last-out');
  refused(/give --test alone/, 'evaluate', '--model', model, '--test', log, '--histories', log);
  refused(/no items to rank/, 'recommend', '--model', model, '--history', '1', '--k', 3);
  for (const flag of [['--k', 10], ['--include-seen'], ['--details']]) {
    const says = new RegExp(`${flag[0]} does not go with the recipe click`);
    refused(says, 'evaluate', '--interactions', log, ...flags, ...flag);
    refused(says, 'evaluate', '--model', model, '--test', log, ...flag);
  }
  const { code, err } = palate(...train, '--interactions', log, ...flags, '--k', 10);
  assert.equal(code, 2);
  assert.match(err, /there is no '--k'/);
  const popular = files.path('p.palate');
  ok('train', '--interactions', files.write('r.csv', ratings()), '--recipe', 'popular', '--output', popular);
  refused(/scores no rows of features/, 'score', '--model', popular, '--interactions', log, '--output', files.path('s.csv'));
  refused(/give --histories/, 'evaluate', '--model', popular, '--test', log);
});
