// palate evaluate: both forms, and its numbers against the lists that recommend writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { films, ok, palate, parseCsv, ratings, scratch } from './palate.mjs';

/** Splits a log: each user's last two rows are the test. */
function splitLog(text) {
  const [header, ...rows] = text.trimEnd().split('\n');
  const byUser = Map.groupBy(rows, (row) => row.split(',')[0]);
  const part = (from, to) =>
    `${[header, ...[...byUser.values()].flatMap((list) => list.slice(from, to))].join('\n')}\n`;
  return [part(0, -2), part(-2)];
}

/** Mean recall and NDCG at k of lists, computed here. */
function measure(lists, test, k) {
  const heldOut = Map.groupBy(test, (row) => row.user);
  const sums = { recall: 0, ndcg: 0 };
  for (const [user, rows] of heldOut) {
    const items = new Set(rows.map((row) => row.item));
    const ranks = lists.filter((row) => row.user === user && items.has(row.item) && Number(row.rank) <= k);
    const gain = (rank) => 1 / Math.log2(rank + 1);
    let ideal = 0;
    for (let rank = 1; rank <= Math.min(k, items.size); rank += 1) ideal += gain(rank);
    sums.recall += ranks.length / items.size;
    sums.ndcg += ranks.reduce((sum, row) => sum + gain(Number(row.rank)), 0) / ideal;
  }
  return { recall: sums.recall / heldOut.size, ndcg: sums.ndcg / heldOut.size };
}

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('A model file is measured as the lists that it recommends are', (context) => {
  const files = scratch(context);
  const [history, heldOut] = splitLog(ratings());
  files.write('history.csv', history);
  files.write('test.csv', heldOut);
  ok('train', '--interactions', files.path('history.csv'), '--recipe', 'ials', '--output', files.path('m.palate'));
  const { out } = ok('evaluate', '--model', files.path('m.palate'), '--histories', files.path('history.csv'),
    '--test', files.path('test.csv'), '--k', '5,10', '--json', files.path('report.json'));
  ok('recommend', '--model', files.path('m.palate'), '--histories', files.path('history.csv'), '--k', 10,
    '--output', files.path('lists.csv'));
  const report = JSON.parse(files.read('report.json'));
  const lists = parseCsv(files.read('lists.csv'));
  assert.equal(report.users, 60);
  assert.equal(report.held_out, 120);
  for (const row of report.model) {
    const { recall, ndcg } = measure(lists, parseCsv(heldOut), row.k);
    near(row.recall, recall);
    near(row.ndcg, ndcg);
    assert.match(out, new RegExp(`^top ${row.k} +model +popularity\nrecall +${row.recall.toFixed(4)} \\[`, 'm'));
  }
  assert.deepEqual(report.model.map((row) => row.k), [5, 10]);
  assert.deepEqual(report.popularity.map((row) => row.k), [5, 10]);
  assert.ok(report.model[1].recall > report.popularity[1].recall);
});

for (const protocol of ['leave-last-out', 'user-split', 'time-split']) {
  test(`A recipe is measured by ${protocol}, with ranker and values`, (context) => {
    const files = scratch(context);
    const { out } = ok('evaluate', '--interactions', files.write('log.csv', ratings()), '--items',
      files.write('films.csv', films()), '--recipe', 'hybrid', '--protocol', protocol, '--json',
      files.path('report.json'));
    const report = JSON.parse(files.read('report.json'));
    assert.ok(report.users > 0);
    assert.ok(report.model[1].hit_rate > 0);
    for (const metric of ['accuracy', 'precision', 'recall', 'f1', 'auc']) {
      const value = report.classification[metric];
      assert.ok(value >= 0 && value <= 1, metric);
    }
    assert.equal(report.classification.negatives, 4 * report.classification.positives);
    near(report.values.rmse ** 2, report.values.mse);
    assert.match(out, /popularity/);
    assert.match(out, /ranker as a classifier/);
    assert.match(out, /predicted values/);
  });
}

test('Leave-last-out tests every user on one item', (context) => {
  const files = scratch(context);
  ok('evaluate', '--interactions', files.write('log.csv', ratings()), '--recipe', 'popular', '--json', files.path('r.json'));
  const report = JSON.parse(files.read('r.json'));
  assert.equal(report.users, 60);
  assert.equal(report.held_out, 60);
  assert.equal(report.classification, null);
  assert.deepEqual(report.model, report.popularity);
});

test('The numbers do not depend on the threads', (context) => {
  const files = scratch(context);
  files.write('log.csv', ratings());
  const [one, two, four] = [1, 2, 4].map((threads) => {
    ok('evaluate', '--interactions', files.path('log.csv'), '--recipe', 'hybrid', '--threads', threads, '--json', files.path('r.json'));
    return files.read('r.json');
  });
  assert.equal(two, one);
  assert.equal(four, one);
});

test('A log without times has no time-split', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', 'user,item\na,1\na,2\nb,1\nb,2\n');
  const { code, err } = palate('evaluate', '--interactions', log, '--recipe', 'popular', '--protocol', 'time-split');
  assert.equal(code, 1);
  assert.match(err, /^palate evaluate: .*time/);
});

test('Test rows that are all seen are an error that says so', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', ratings());
  ok('train', '--interactions', log, '--recipe', 'popular', '--output', files.path('m.palate'));
  const { code, err } = palate('evaluate', '--model', files.path('m.palate'), '--histories', log, '--test', log);
  assert.equal(code, 1);
  assert.match(err, /no user has a held-out item/);
  ok('evaluate', '--model', files.path('m.palate'), '--histories', log, '--test', log, '--include-seen');
});
