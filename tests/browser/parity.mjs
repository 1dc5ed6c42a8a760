// What parity means, and what it is tested on: models, histories, and the native lists.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { films, generator, ok, parseCsv, ratings } from '../cli/palate.mjs';
import { eventsOf } from './page/lists.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Puts the golden models and one of every recipe into `folder`; returns the names of the files. */
export function makeModels(folder) {
  for (const name of readdirSync(here('../golden')).filter((name) => name.endsWith('.palate'))) {
    copyFileSync(here(`../golden/${name}`), join(folder, name));
  }
  const interactions = join(folder, 'interactions.csv');
  const items = join(folder, 'items.csv');
  writeFileSync(interactions, ratings());
  writeFileSync(items, films());
  const data = ['--interactions', interactions, '--items', items];
  for (const file of readdirSync(here('../../models/recipes'))) {
    const recipe = file.replace('.toml', '');
    if (recipe === 'click') continue; // ranks no items: `makeScorers`
    const output = join(folder, `trained_${recipe}.palate`);
    ok('train', ...data, '--recipe', recipe, '--output', output);
  }
  for (const [name, recipe, ...settings] of [
    ['recurrence', 'sequence', 'sequence.mixer=recurrence', 'sequence.epochs=4'],
    ['ranked_sequence', 'hybrid', 'hybrid.encoder=sequence', 'hybrid.transitions=true'],
  ]) {
    const set = settings.flatMap((setting) => ['--set', setting]);
    const output = join(folder, `trained_${name}.palate`);
    ok('train', ...data, '--recipe', recipe, ...set, '--output', output);
  }
  const visits = join(folder, 'visits.csv');
  writeFileSync(visits, withContext(ratings()));
  ok(
    'train',
    '--interactions',
    visits,
    '--items',
    items,
    '--recipe',
    'hybrid',
    '--context',
    'device,hour',
    '--output',
    join(folder, 'trained_context.palate'),
  );
  // The golden model without items is one of `makeScorers`.
  return readdirSync(folder).filter(
    (name) => name.endsWith('.palate') && name !== 'tabular.palate',
  );
}

/** The same rows, with what was known of each visit. */
function withContext(csv) {
  const [header, ...rows] = csv.trim().split('\n');
  const cells = rows.map((row, at) => `${row},${['phone', 'desk', ''][at % 3]},${(7 * at) % 24}`);
  return `${header},device,hour\n${cells.join('\n')}\n`;
}

/** Rows of a behaviour log: numbers, codes, several categories, missing and unknown cells. */
function behaviour(rows, draw) {
  return Array.from({ length: rows }, (_, row) => {
    const price = draw(5) === 0 ? undefined : draw(1000) / 10;
    const kind = ['war', 'comedy', 'drama|war', 'opera', undefined][draw(row < 600 ? 4 : 5)];
    const label = (price ?? 0) > 50 === (kind === 'war') ? 1 : draw(4) === 0 ? 1 : 0;
    return { price, hour: draw(24), kind, label };
  });
}

/** Puts a model that scores features into `folder`, with rows and its native scores. */
export function makeScorers(folder) {
  const draw = generator();
  const csv = (rows) =>
    [
      'price,hour,kind,label',
      ...rows.map(({ price, hour, kind, label }) => [price ?? '', hour, kind ?? '', label].join()),
    ].join('\n');
  const rows = behaviour(40, draw);
  rows.push({ price: 1e9, hour: 3, kind: 'nobody knows', label: 0 });
  const file = join(folder, 'rows.csv');
  writeFileSync(join(folder, 'behaviour.csv'), csv(behaviour(700, draw)));
  writeFileSync(file, csv(rows));
  const model = 'trained_click.palate';
  ok(
    'train',
    '--interactions',
    join(folder, 'behaviour.csv'),
    '--recipe',
    'click',
    '--output',
    join(folder, model),
    '--set',
    'click.epochs=5',
  );
  const output = join(folder, 'scores.csv');
  ok(
    'score',
    '--model',
    join(folder, model),
    '--interactions',
    file,
    '--output',
    output,
    '--explain',
  );
  const native = parseCsv(readFileSync(output, 'utf8')).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, text]) => [name, Number(text)])),
  );
  const features = rows.map(({ price, hour, kind }) => ({ price, hour, kind: kind?.split('|') }));
  return { model, features, native };
}

/** Where a prediction departs from the native one. */
export function predictionDifferences(native, { score, sum, base, linear, reasons }) {
  const pairs = [
    ['score', score],
    ['linear', linear.score],
    ['sum', sum],
    ['base', base],
    ['linear_base', linear.base],
    ...reasons.flatMap((one) => [
      [one.feature, one.amount],
      [`linear ${one.feature}`, one.linear],
    ]),
  ];
  const largest = Math.max(...pairs.map(([, number]) => Math.abs(number)));
  return pairs
    .filter(
      ([name, number]) =>
        !(Math.abs(number - native[name]) <= allowance(number, native[name], largest)),
    )
    .map(([name, number]) => `${name} is ${number}, not ${native[name]}`);
}

/** Histories over given ids: of different lengths, one with an item twice, one without any known. */
export function makeHistories(ids) {
  const lengths = [1, 2, 3, 5, 8];
  const histories = lengths.map((length, first) =>
    Array.from({ length }, (_, place) => ids[(7 * first + 3 * place) % ids.length]),
  );
  return [...histories, [ids[0], ids[5], ids[0]], ['nobody']];
}

const withVisits = ['context', 'trained_context'];

/**
 * Requests as the package and as the command line take them; the catalogues have years, and of all
 * ids some; exploring is for models that fold in. Where items tie for a place the order is a question of rounding, so diversity is not
 * asked to go on for long.
 */
export const requests = [
  { options: {}, flags: ['--k', 100_000] },
  {
    options: { where: { year: { min: 1960, max: 2005 } }, exclude: ['f1', 'f5', 103, 130] },
    flags: ['--k', 100_000, '--where', 'year=1960..2005', '--exclude', 'f1,f5,103,130'],
  },
  {
    options: {
      count: 4,
      pin: ['f9', 139],
      popularity: 0.31,
      freshness: { attribute: 'year', halfLife: 7 },
      diversity: { method: 'dpp', strength: 0.4 },
    },
    flags: '--k 4 --pin f9,139 --popularity 0.31 --freshness year=7 --diversity 0.4 --dpp'.split(
      ' ',
    ),
  },
  {
    options: { count: 4, explore: { strength: 0.7, seed: 12 } },
    flags: '--k 4 --explore 0.7 --seed 12'.split(' '),
    models: ['fold_in', 'hybrid', 'value_fold_in', 'trained_ials'],
  },
  {
    options: { context: { device: 'phone', hour: 20 } },
    flags: ['--k', 100_000, '--context', 'device=phone,hour=20'],
    models: withVisits,
  },
  {
    options: { context: { device: ['phone', 'nobody knows'] } },
    flags: ['--k', 100_000, '--context', 'device=phone|nobody knows'],
    models: withVisits,
  },
];

/** The list of each history, as the command line gives it: seen items left out. */
export function nativeLists(folder, model, histories, flags) {
  const file = join(folder, `${model}.histories.csv`);
  const lists = join(folder, `${model}.lists.csv`);
  const rows = histories.flatMap((items, user) =>
    eventsOf(items).map(({ item, type, value = '', time }) =>
      [user, item, value, new Date(time).toISOString(), type].join(','),
    ),
  );
  writeFileSync(file, `user,item,rating,timestamp,type\n${rows.join('\n')}\n`);
  ok(
    'recommend',
    '--model',
    join(folder, model),
    '--histories',
    file,
    ...flags,
    '--as-page',
    '--output',
    lists,
  );
  const found = histories.map(() => []);
  for (const { user, item, score } of parseCsv(readFileSync(lists, 'utf8')))
    found[user].push({ item, score: Number(score) });
  return found;
}

/**
 * Where a list departs from the native one. Engines round differently (fused multiply-add), so
 * scores agree within `allowance`, and items may swap places only where their scores differ by no
 * more than that. A list that is not in the order of its scores has the same order.
 */
export function differences(native, other, isByScore = true) {
  const found = [];
  const largest = Math.max(...native.map(({ score }) => Math.abs(score)));
  const isNear = (a, b) => b !== undefined && Math.abs(a - b) <= allowance(a, b, largest);
  if (native.length !== other.length) found.push(`${other.length} items, not ${native.length}`);
  const scores = new Map(native.map(({ item, score }) => [item, score]));
  other.forEach(({ item, score }, place) => {
    if (!isNear(score, scores.get(item)))
      found.push(`${item} scores ${score}, not ${scores.get(item)}`);
    const here = native[place];
    const mayStandHere = isByScore && isNear(here?.score, scores.get(item));
    if (here !== undefined && here.item !== item && !mayStandHere) {
      found.push(`${item} (${score}) stands in the place of ${here.item} (${here.score})`);
    }
  });
  return found;
}

const tolerance = 1e-5;

// A score is a sum of terms; where they cancel, the rest does not measure the rounding, but a third
// of the list's largest score does.
function allowance(a, b, largest) {
  return tolerance * Math.max(Math.abs(a), Math.abs(b), largest / 3);
}
