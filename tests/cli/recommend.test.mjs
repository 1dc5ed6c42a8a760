// palate recommend: lists for one history and for a file of them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';

import { films, ok, palate, parseCsv, ratings, scratch } from './palate.mjs';

let files;
let model;

before((context) => {
  files = scratch(context);
  files.write('log.csv', ratings());
  files.write('films.csv', films());
  model = files.path('m.palate');
  ok('train', '--interactions', files.path('log.csv'), '--items', files.path('films.csv'), '--recipe',
    'hybrid', '--output', model);
});

const lists = (histories, ...rest) => {
  const { err } = ok('recommend', '--model', model, '--histories', files.write('some.csv', histories),
    '--output', files.path('lists.csv'), ...rest);
  return { err, text: files.read('lists.csv') };
};

test('Every user of the file gets k items, ranked from 1, none of them seen', () => {
  const { text } = lists(ratings(), '--k', 7);
  assert.match(text, /^user,rank,item,score\n/);
  const rows = parseCsv(text);
  assert.equal(rows.length, 60 * 7);
  const seen = new Set(parseCsv(ratings()).map(({ user, item }) => `${user} ${item}`));
  for (const [at, { user, rank, item, score }] of rows.entries()) {
    assert.equal(Number(user), Math.floor(at / 7) + 1);
    assert.equal(Number(rank), (at % 7) + 1);
    assert.ok(Number(item) >= 101 && Number(item) <= 140);
    assert.ok(Number.isFinite(Number(score)));
    assert.ok(!seen.has(`${user} ${item}`));
    if (at % 7 > 0) assert.ok(Number(score) <= Number(rows[at - 1].score));
  }
});

test('Without an output file the same rows are printed, remarks beside them', () => {
  const histories = 'user,item\nann,101\nann,nothing\nbob,130\n';
  const { text } = lists(histories, '--k', 4);
  const { out, err } = ok('recommend', '--model', model, '--histories', files.path('some.csv'), '--k', 4);
  assert.equal(out, text);
  assert.match(err, /1 row of 1 user ignored/);
});

test('Seen items are listed where asked for', () => {
  const history = 'user,item\nann,101\nann,102\n';
  const items = (...rest) => parseCsv(lists(history, '--k', 40, ...rest).text).map((row) => row.item);
  assert.equal(items().length, 38);
  assert.equal(items('--include-seen').length, 40);
  assert.ok(items('--include-seen').includes('101'));
});

test('A history that leans to one taste is answered with that taste', () => {
  const { out } = ok('recommend', '--model', model, '--history', '101,102,103,104', '--k', 5);
  const titles = out.trimEnd().split('\n').slice(1);
  assert.equal(titles.length, 5);
  assert.ok(titles.filter((line) => line.includes('Drama|War')).length >= 4, out);
});

test('Numbers and texts are the same id', () => {
  const csv = parseCsv(lists('user,item\n1,101\n1,105\n').text);
  const json = parseCsv(ok('recommend', '--model', model, '--histories',
    files.write('some.jsonl', '{"user":"1","item":"101"}\n{"user":1,"item":105}\n'), '--output',
    files.path('json.csv')) && files.read('json.csv'));
  assert.deepEqual(json, csv);
});

test('Ids that need it are quoted as RFC 4180 says', () => {
  const { text } = lists('user,item\n"Doe, ""J""",101\n', '--k', 1);
  assert.match(text, /\n"Doe, ""J""",1,\d+,/);
});

test('Unknown ids are ignored, counted and reported', () => {
  const known = ok('recommend', '--model', model, '--history', '101,105');
  const mixed = ok('recommend', '--model', model, '--history', '101,nothing,105');
  assert.equal(mixed.out, known.out);
  assert.equal(known.err, '');
  assert.match(mixed.err, /1 id ignored: the model does not know nothing/);
  const { err } = lists('user,item\nann,101\nann,x\nbob,y\nbob,z\n');
  assert.match(err, /3 rows of 2 users ignored/);
});

test('A new visitor, and one of whom nothing is known, get the popular items', () => {
  const rows = parseCsv(lists('user,item\nann,x\n', '--k', 3).text);
  const popularity = new Map();
  for (const { item } of parseCsv(ratings())) popularity.set(item, (popularity.get(item) ?? 0) + 1);
  const ranked = [...popularity].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  assert.deepEqual(rows.map((row) => row.item), ranked.slice(0, 3).map(([item]) => item));
  const { out } = ok('recommend', '--model', model, '--history', '', '--k', 1);
  assert.match(out, new RegExp(`^ +1 +${ranked[0][0]} `, 'm'));
});

test('Reasons name titles and add up to the score', () => {
  const { out } = ok('recommend', '--model', model, '--history', '101,102,103,104,105', '--k', 3, '--explain');
  const [table, reasons] = out.split('\nwhat the scores are made of\n');
  const scores = table.trimEnd().split('\n').slice(1).map((line) => Number(line.split(/ +/)[3]));
  const sum = (text) => [...text.matchAll(/[+-]\d+\.\d+/g)].reduce((all, [amount]) => all + Number(amount), 0);
  const sums = reasons.trimEnd().split('\n').map((line) => {
    assert.match(line, /Film 10[1-5], the [+-]\d.*; through (Drama|War) [+-]\d/);
    const [amounts, categories] = line.split('; through ');
    assert.ok(sum(categories) <= sum(amounts.split('base')[0]) + 0.005, line);
    return sum(amounts);
  });
  for (const [at, score] of scores.entries()) assert.ok(Math.abs(score - sums[at]) < 0.005, out);
});

test('A file that is no model is refused by name', () => {
  const { code, err } = palate('recommend', '--model', files.path('log.csv'), '--history', '101');
  assert.equal(code, 1);
  assert.match(err, /^palate recommend: .*log\.csv: /);
});

test('A model with a flipped bit is refused', () => {
  const bytes = files.bytes('m.palate');
  bytes[bytes.length >> 1] ^= 1;
  const { code, err } = palate('recommend', '--model', files.write('bad.palate', bytes), '--history', '101');
  assert.equal(code, 1);
  assert.match(err, /bad\.palate: .*SHA-256/);
});

test('A failure leaves the old lists alone', () => {
  files.write('kept.csv', 'old');
  const { code, err } = palate('recommend', '--model', model, '--histories', files.path('none.csv'), '--output', files.path('kept.csv'));
  assert.equal(code, 1);
  assert.match(err, /none\.csv/);
  assert.equal(files.read('kept.csv'), 'old');
  const nowhere = palate('recommend', '--model', model, '--histories', files.path('log.csv'), '--output', files.path('no/lists.csv'));
  assert.equal(nowhere.code, 1);
  assert.equal(existsSync(files.path('no')), false);
});

test('One, two and four threads write the same lists', () => {
  const [one, two, four] = [1, 2, 4].map((threads) => lists(ratings(), '--threads', threads).text);
  assert.equal(two, one);
  assert.equal(four, one);
});

test('More users than are held in memory at once all get their lists, in order', () => {
  const users = Array.from({ length: 5000 }, (_, at) => `u${at}`);
  const { text } = lists(`user,item\n${users.map((user) => `${user},101\n`).join('')}`, '--k', 2);
  assert.deepEqual(parseCsv(text).map(({ user, rank }) => `${user} ${rank}`), users.flatMap((user) => [`${user} 1`, `${user} 2`]));
});

const listed = (...rest) => parseCsv(lists('user,item\nann,101\nann,105\n', '--k', 40, ...rest).text).map(({ item }) => item);

test('Filters take items out of the list and leave the others as they were', () => {
  const all = listed();
  const comedies = all.filter((item) => Number(item) > 120);
  assert.deepEqual(listed('--where', 'genres=Comedy'), comedies);
  assert.deepEqual(parseCsv(lists('user,item\nann,101\nann,105\n', '--k', 3, '--where', 'genres=Comedy').text).map(({ item }) => item), comedies.slice(0, 3));
  assert.deepEqual(listed('--where', 'genres=Comedy', '--where', 'year=..1980'), comedies.filter((item) => Number(item) <= 130));
  assert.deepEqual(listed('--where', 'year=1960', '--where', 'year=1985..1990'), all.filter((item) => item === '110' || Number(item) >= 135));
  assert.deepEqual(listed('--only', '103,140,101,nobody', '--exclude', '140'), ['103']);
  assert.deepEqual(listed('--where', 'genres=Opera'), []);
});

test('The list is put in order as asked for, its scores those of the items', () => {
  const scores = new Map(parseCsv(lists('user,item\nann,101\nann,105\n', '--k', 40).text).map(({ item, score }) => [item, score]));
  const plain = listed();
  const rows = parseCsv(lists('user,item\nann,101\nann,105\n', '--k', 6, '--pin', `${plain[9]},101`, '--exclude', plain[0],
    '--at-least', 'genres=Comedy:2', '--diversity', '0.3', '--dpp').text);
  assert.deepEqual(rows.slice(0, 2).map(({ item }) => item), [plain[9], '101']);
  assert.ok(!rows.some(({ item }) => item === plain[0]));
  assert.ok(rows.filter(({ item }) => Number(item) > 120).length >= 2);
  for (const { item, score } of rows) if (item !== '101') assert.equal(score, scores.get(item));
  assert.deepEqual(listed('--diversity', '0'), plain);
  assert.notDeepEqual(listed('--diversity', '0.9'), plain);
  assert.notDeepEqual(listed('--popularity', '1'), plain);
  const capped = listed('--at-most', 'genres=3');
  assert.equal(capped.length, 6);
  assert.equal(capped.filter((item) => Number(item) > 120).length, 3);
  const newest = listed('--freshness', 'year=1', '--freshness-weight', '10').slice(0, 3);
  assert.deepEqual(newest, ['140', '139', '138']);
});

test('What the model lacks, and what is no request, is refused', () => {
  for (const [message, ...flags] of [
    [/knows no attribute 'colour'; it has genres, year/, '--where', 'colour=red'],
    [/'year=old' gives no range/, '--where', 'year=old'],
    [/minimum that is not at most/, '--where', 'year=2000..1990'],
    [/is not attribute=count/, '--at-most', 'genres=few'],
    [/no categories/, '--at-most', 'year=2'],
    [/is not attribute=category:count/, '--at-least', 'genres=Comedy'],
    [/is not attribute=half-life/, '--freshness', 'year=soon'],
    [/half-life above 0/, '--freshness', 'year=0'],
    [/freshness needs an attribute of numbers/, '--freshness', 'genres=1'],
  ]) {
    const { code, err } = palate('recommend', '--model', model, '--history', '101', ...flags);
    assert.equal(code, 1, flags.join(' '));
    assert.match(err, message);
  }
  for (const flags of [['--diversity', '2'], ['--pool', '0'], ['--where', 'genres']]) {
    assert.equal(palate('recommend', '--model', model, '--history', '101', ...flags).code, 2, flags.join(' '));
  }
});
