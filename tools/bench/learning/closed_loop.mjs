// Visitors of `palate simulate` who are served by the runtime: what they choose from its lists is what it learns from.
//
//   node tools/bench/learning/closed_loop.mjs --items FILMS.csv [--recipe ials] [--visitors 300] [--seed 1] [--half-life 90]
//
// A model is trained on 2000 other visitors' 200,000 events. In each round, a day after the last, a visitor is shown a list
// of 10 beside a shelf of 32 items drawn by popularity, as in `palate simulate`, and takes one of all that are new to him,
// by the same logit. The click rate is the share of rounds in which it is one of the list. After 40 rounds tastes turn into
// others (d = 1 of simulate.h). All arms meet the same visitors, shelves and draws. Prints tables in Markdown.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openArms } from './arms.mjs';
import { compare, generator, mean } from './statistics.mjs';

const listed = 10;
const shelved = 32;
const turn = 40;
const rounds = 80;
const day = 24 * 60 * 60 * 1000;
const trainingSeed = 1000;

const { values: flags } = parseArgs({
  options: {
    items: { type: 'string' },
    recipe: { type: 'string', default: 'ials' },
    visitors: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    'half-life': { type: 'string', default: '90' },
  },
});
const built = (path) => fileURLToPath(new URL(`../../../build/release/${path}`, import.meta.url));
const run = (program, ...args) =>
  execFileSync(built(program), args.map(String), { stdio: ['ignore', 'ignore', 'inherit'] });

const folder = mkdtempSync(join(tmpdir(), 'palate-loop-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure() {
  const { items, recipe, visitors, seed } = flags;
  const log = join(folder, 'log.csv');
  const model = join(folder, 'model.palate');
  const palate = 'tools/palate/palate';
  run(
    palate,
    'simulate',
    '--items',
    items,
    '--users',
    2000,
    '--events',
    200_000,
    '--seed',
    trainingSeed,
    '--output',
    log,
  );
  run(
    palate,
    'train',
    '--interactions',
    log,
    '--items',
    items,
    '--recipe',
    recipe,
    '--output',
    model,
  );
  run('tools/bench/write_tastes', items, visitors, seed, join(folder, 'tastes'));
  const arms = await openArms(model, { halfLife: Number(flags['half-life']) * day });
  const people = readTastes(join(folder, 'tastes'), idsOf(items));
  const clicks = new Map(arms.map(({ name }) => [name, []]));
  for (const [number, visitor] of people.entries()) {
    for (const arm of arms) clicks.get(arm.name).push(await serve(arm, visitor, number));
  }
  report(
    arms.map(({ name }) => name),
    clicks,
  );
  for (const arm of arms) arm.dispose();
}

/** The ids of an items file, in its order; its first column. */
function idsOf(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  return lines.map((line) => line.slice(0, line.indexOf(',')));
}

function readTastes(path, ids) {
  const bytes = readFileSync(path);
  const [visitors, items] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset + 8);
  if (items !== ids.length)
    throw new Error(`${path} has ${items} items, the catalogue ${ids.length}`);
  const shelfSums = [];
  numbers.subarray(0, items).reduce((sum, weight, item) => (shelfSums[item] = sum + weight), 0);
  const rows = new Map(ids.map((id, row) => [id, row]));
  return Array.from({ length: visitors }, (_, visitor) => {
    const utilities = (part) =>
      numbers.subarray(items * (1 + 2 * visitor + part), items * (2 + 2 * visitor + part));
    return { ids, rows, shelfSums, before: utilities(0), after: utilities(1) };
  });
}

/** Whether each round's choice came from the list. */
async function serve(arm, { ids, rows, shelfSums, before, after }, number) {
  await arm.begin();
  const random = generator(number * 7919 + Number(flags.seed));
  const taken = new Set();
  const clicks = [];
  for (let round = 0; round < rounds; ++round) {
    const utilities = round < turn ? before : after;
    const shelf = Array.from({ length: shelved }, () => ids[drawn(shelfSums, random())]);
    const draw = random();
    const list = await arm.list(listed);
    let time = 1.6e12 + round * day;
    for (const item of list) await arm.record(item, 'impression', ++time);
    const met = [...new Set([...list, ...shelf])].filter((item) => !taken.has(item));
    const chosen =
      met[
        choice(
          met.map((item) => utilities[rows.get(item)]),
          draw,
        )
      ];
    clicks.push(list.includes(chosen) ? 1 : 0);
    taken.add(chosen);
    await arm.record(chosen, 'view', ++time);
  }
  return clicks;
}

function drawn(sums, uniform) {
  const at = uniform * sums.at(-1);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function choice(utilities, uniform) {
  const weights = utilities.map(Math.exp);
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return index < 0 ? weights.length - 1 : index;
}

function report(names, clicks) {
  const rate = (from, to) => (name) => clicks.get(name).map((one) => mean(one.slice(from, to)));
  console.log(
    `| ${flags.recipe}, ${flags.visitors} visitors | click rate, rounds 21 to 40 |\n| --- | --- |`,
  );
  console.log(compare(names, rate(20, turn)));
  console.log(
    '\nTastes turn after round 40. Click rate by rounds, and rounds until half of the fall is made up for:\n',
  );
  const spans = [
    [30, 40],
    [40, 45],
    [45, 50],
    [50, 60],
    [60, 70],
    [70, 80],
  ];
  console.log(`| | ${spans.map(([from, to]) => `${from + 1} to ${to}`).join(' | ')} | half-life |`);
  console.log(`| --- |${spans.map(() => ' --- |').join('')} --- |`);
  for (const name of names) {
    const rates = spans.map(([from, to]) =>
      mean(rate(from, to)(name)).toFixed(3).replace('0.', '.'),
    );
    console.log(`| ${name} | ${rates.join(' | ')} | ${halfLife(name, clicks)} |`);
  }
}

/** The first round, as the middle of five, after which the rate stays half way up from its fall for five more. */
function halfLife(name, clicks) {
  const rateAt = (from) => mean(clicks.get(name).map((one) => mean(one.slice(from, from + 5))));
  const [before, fallen] = [
    mean(clicks.get(name).map((one) => mean(one.slice(30, turn)))),
    rateAt(turn),
  ];
  for (let round = turn; round + 5 <= rounds; ++round) {
    if (rateAt(round) >= (before + fallen) / 2) return round + 2 - turn;
  }
  return `over ${rounds - turn}`;
}
