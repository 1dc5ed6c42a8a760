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

const kMeasures = ['recall', 'precision', 'hit_rate', 'ndcg', 'mrr', 'map'];

/** Evaluates the made log by leave-last-out and more flags: the report, and what was printed. */
function evaluated(files, recipe, ...flags) {
  const run = ok('evaluate', '--interactions', files.write('log.csv', ratings()), '--recipe', recipe,
    '--json', files.path('r.json'), ...flags);
  return { ...run, report: JSON.parse(files.read('r.json')) };
}

test('Intervals hold the means, and 0 resamples give none', (context) => {
  const files = scratch(context);
  const { report, out } = evaluated(files, 'ials', '--bootstrap', 500);
  assert.equal(report.resamples, 500);
  assert.equal(report.confidence, 0.95);
  for (const row of [...report.model, ...report.popularity]) {
    for (const measure of kMeasures) {
      const [low, high] = row.intervals[measure];
      assert.ok(low <= row[measure] && row[measure] <= high && high <= 1, measure);
    }
  }
  assert.match(out, /95 % of 500 resamples of the users/);
  const without = evaluated(files, 'ials', '--bootstrap', 0);
  assert.equal(without.report.model[0].intervals, null);
  assert.equal(without.report.model[0].recall, report.model[0].recall);
  assert.doesNotMatch(without.out, /resample/);
  assert.doesNotMatch(without.out, /^recall.*\[/m);
});

test('The tables of users and items add up, and are printed where asked for', (context) => {
  const files = scratch(context);
  const { report, out } = evaluated(files, 'ials');
  const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);
  assert.equal(sum(report.by_history_length, 'users'), report.users);
  // Of twelve rows eleven are left: all users stand in one line, which is the whole.
  assert.deepEqual(report.by_history_length.map(({ shortest, longest }) => [shortest, longest]), [[11, 20]]);
  near(report.by_history_length[0].model[1].ndcg, report.model[1].ndcg);
  assert.deepEqual(report.by_item_popularity.map((row) => row.class), ['head', 'torso', 'tail']);
  assert.equal(sum(report.by_item_popularity, 'held_out'), report.held_out - report.unknown);
  near(sum(report.by_item_popularity, 'share'), 1);
  // One item a user is held out: the classes, weighted by their users, are the whole.
  const weighted = report.by_item_popularity.reduce((total, row) => total + row.users * row.model[0].recall, 0);
  near(weighted / report.users, report.model[0].recall);
  assert.doesNotMatch(out, /torso/);
  assert.match(evaluated(files, 'ials', '--details').out, /^torso +\d/m);
});

test('Lists are described, from categories where the model has no vectors', (context) => {
  const files = scratch(context);
  const items = files.write('films.csv', films());
  const [popular, ials] = ['popular', 'ials'].map((recipe) => evaluated(files, recipe, '--items', items).report);
  assert.equal(popular.diversity_of, 'categories');
  assert.equal(ials.diversity_of, 'item vectors');
  assert.equal(evaluated(files, 'popular').report.diversity_of, null);
  const [top] = ials.model;
  for (const measure of ['coverage', 'diversity', 'gini']) assert.ok(top[measure] > 0 && top[measure] <= 1, measure);
  // The popular items are the best known and the most popular there are, and the same for all.
  const [floor] = ials.popularity;
  assert.ok(floor.novelty < top.novelty && floor.popularity > top.popularity);
  assert.ok(floor.gini > top.gini && floor.popularity_lift > top.popularity_lift);
});

test('Two model files are compared user by user', (context) => {
  const files = scratch(context);
  const [history, heldOut] = splitLog(ratings());
  files.write('history.csv', history);
  files.write('test.csv', heldOut);
  for (const recipe of ['ials', 'popular']) {
    ok('train', '--interactions', files.path('history.csv'), '--recipe', recipe, '--output', files.path(`${recipe}.palate`));
  }
  const against = (other) => {
    const { out } = ok('evaluate', '--model', files.path('ials.palate'), '--against', files.path(`${other}.palate`),
      '--histories', files.path('history.csv'), '--test', files.path('test.csv'), '--json', files.path('r.json'));
    return { out, report: JSON.parse(files.read('r.json')) };
  };
  const { out, report } = against('popular');
  assert.equal(report.against.name, files.path('popular.palate'));
  for (const [at, row] of report.against.differences.entries()) {
    for (const measure of kMeasures) {
      const { mean, interval, better, worse, equal } = row[measure];
      near(mean, report.model[at][measure] - report.against.report.model[at][measure]);
      near(mean, report.model[at][measure] - report.popularity[at][measure]);
      assert.ok(interval[0] <= mean && mean <= interval[1]);
      assert.equal(better + worse + equal, report.users);
    }
  }
  assert.match(out, /first +.*ials\.palate\n +second +.*popular\.palate\ntop 10 +first +second +first less second/);
  for (const row of against('ials').report.against.differences) {
    for (const measure of kMeasures) {
      assert.deepEqual(row[measure], { mean: 0, interval: [0, 0], better: 0, worse: 0, equal: 60 });
    }
  }
});

test('Two recipes are compared on one split', (context) => {
  const files = scratch(context);
  const { report, out } = evaluated(files, 'ials', '--against-recipe', 'ials', '--against-set', 'ials.dimension=4');
  assert.equal(report.name, 'ials');
  assert.equal(report.against.name, 'ials with ials.dimension=4');
  assert.match(out, /second +ials with ials\.dimension=4/);
  const alone = evaluated(files, 'ials', '--set', 'ials.dimension=4').report;
  assert.deepEqual(report.against.report.model, alone.model);
  assert.notDeepEqual(report.model, alone.model);
});

test('The shares of the protocols say how much is held out', (context) => {
  const files = scratch(context);
  const counts = (...flags) => {
    const { users, held_out: heldOut } = evaluated(files, 'popular', ...flags).report;
    return [users, heldOut];
  };
  assert.deepEqual(counts('--protocol', 'user-split'), [12, 24]);
  assert.deepEqual(counts('--protocol', 'user-split', '--test-share', 0.5, '--held-share', 0.25), [30, 90]);
  // Of 720 rows the newest 72 times; all users go at one pace, an hour apart.
  const [, newest] = counts('--protocol', 'time-split', '--test-share', 0.1);
  assert.equal(newest, 72);
});

test('A log gets a line at the end of each stage', (context) => {
  const { err } = evaluated(scratch(context), 'popular');
  assert.match(err, /^evaluate 60 of 60 users in /m);
  assert.match(err, /^bootstrap 1,000 of 1,000 resamples in /m);
});

test('A second model that is none is refused by name', (context) => {
  const files = scratch(context);
  const log = files.write('log.csv', ratings());
  ok('train', '--interactions', log, '--recipe', 'popular', '--output', files.path('m.palate'));
  const { code, err } = palate('evaluate', '--model', files.path('m.palate'), '--against', log, '--histories', log, '--test', log);
  assert.equal(code, 1);
  assert.match(err, /log\.csv: /);
  const recipe = palate('evaluate', '--interactions', log, '--recipe', 'popular', '--against-recipe', 'ial');
  assert.equal(recipe.code, 1);
  assert.match(recipe.err, /ials/);
});
