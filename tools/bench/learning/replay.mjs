// Real histories replayed: how often a visitor's next item is first among the candidates that are shown with it.
//
//   node tools/bench/learning/replay.mjs FOLDER [--recipe ials] [--visitors 300] [--seed 1] [--half-life 90]
//
// FOLDER holds sasrec/ml-1m.txt.gz and ml-1m/movies.dat (genres). Visitors are users of 60 films or more, drawn by the
// seed; the model is trained on all others. Of each visitor's history, in its order, the first 10 are known; each of the
// next 50 is then shown among 9 others, drawn by popularity from what is not in the history, and viewed. Counted are the
// last 30: after 20 such events. All arms meet the same candidates. Prints a table in Markdown.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { openArms } from './arms.mjs';
import { compare, generator, mean } from './statistics.mjs';

const [known, warming, counted] = [10, 20, 30];
const beside = 9;
const second = 1000;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    recipe: { type: 'string', default: 'ials' },
    visitors: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    'half-life': { type: 'string', default: '90' },
  },
});
const data = positionals[0];
const palate = fileURLToPath(
  new URL('../../../build/release/tools/palate/palate', import.meta.url),
);

const folder = mkdtempSync(join(tmpdir(), 'palate-replay-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure() {
  const histories = readHistories();
  const random = generator(Number(flags.seed));
  const long = [...histories.keys()].filter(
    (user) => histories.get(user).length >= known + warming + counted,
  );
  const visitors = new Set(shuffled(long, random).slice(0, Number(flags.visitors)));
  const model = train(histories, visitors);
  const arms = await openArms(model, {
    halfLife: Number(flags['half-life']) * 24 * 60 * 60 * second,
  });
  const pool = [...histories].flatMap(([user, items]) => (visitors.has(user) ? [] : items));
  const hits = new Map(arms.map(({ name }) => [name, []]));
  for (const user of visitors) {
    const items = histories.get(user);
    const seed = Math.floor(random() * 2 ** 32);
    for (const arm of arms) hits.get(arm.name).push(await serve(arm, items, pool, seed));
  }
  console.log(
    `| ${flags.recipe}, ${flags.visitors} visitors | next film first of ${beside + 1} |\n| --- | --- |`,
  );
  console.log(
    compare(
      arms.map(({ name }) => name),
      (name) => hits.get(name),
    ),
  );
  for (const arm of arms) arm.dispose();
}

function readHistories() {
  const histories = new Map();
  const text = gunzipSync(readFileSync(join(data, 'sasrec/ml-1m.txt.gz'))).toString();
  for (const line of text.trimEnd().split('\n')) {
    const [user, item] = line.split(' ');
    if (!histories.has(user)) histories.set(user, []);
    histories.get(user).push(item);
  }
  return histories;
}

function train(histories, visitors) {
  const films = new Map(
    readFileSync(join(data, 'ml-1m/movies.dat'), 'latin1')
      .trimEnd()
      .split('\n')
      .map((line) => [line.split('::')[0], line.trimEnd().split('::')]),
  );
  const rows = readFileSync(join(data, 'sasrec/ml-1m.item_map.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  const items = rows.map((row) => {
    const [item, film] = row.split('\t');
    const [, title, genres] = films.get(film);
    return `${item},${genres},${/\((\d{4})\)/.exec(title)?.[1] ?? ''}`;
  });
  const [catalogue, log, model] = ['items.csv', 'log.csv', 'model.palate'].map((name) =>
    join(folder, name),
  );
  writeFileSync(catalogue, `item,genre,year\n${items.join('\n')}\n`);
  const events = [...histories].flatMap(([user, viewed]) =>
    visitors.has(user) ? [] : viewed.map((item, place) => `${user},${item},${place + 1}`),
  );
  writeFileSync(log, `user,item,timestamp\n${events.join('\n')}\n`);
  const args = [
    'train',
    '--interactions',
    log,
    '--items',
    catalogue,
    '--recipe',
    flags.recipe,
    '--output',
    model,
  ];
  execFileSync(palate, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return model;
}

/** The share of hits among the events that are counted. */
async function serve(arm, items, pool, seed) {
  await arm.begin();
  const random = generator(seed);
  const seen = new Set(items);
  const hits = [];
  let time = 1.6e12;
  for (const [place, item] of items.slice(0, known + warming + counted).entries()) {
    time += second;
    if (place >= known) {
      const shown = new Set([item]);
      while (shown.size <= beside) {
        const other = pool[Math.floor(random() * pool.length)];
        if (!seen.has(other)) shown.add(other);
      }
      const candidates = shuffled([...shown], random);
      if (place >= known + warming) hits.push((await arm.first(candidates)) === item ? 1 : 0);
      for (const candidate of candidates) await arm.record(candidate, 'impression', time);
    }
    await arm.record(item, 'view', ++time);
  }
  return mean(hits);
}

function shuffled(things, random) {
  const order = [...things];
  for (let at = order.length - 1; at > 0; --at) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}
