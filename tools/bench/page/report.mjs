// What was measured, as tables in Markdown, and what was wrong with it.
import { agrees, overlap } from './lists.mjs';
import { nextList, trainingStep, works } from './works.mjs';

const titles = { rank: (count) => `rank ${count}`, retrieve: (count) => `100 of ${count}` };
const titleOf = ({ kind, count }) => titles[kind](count.toLocaleString('en'));

export function write(results, { cores, loads }) {
  const sections = [
    ['Headless Chromium, ms a request, median', results.times && times(results.times, median)],
    ['The same, 95 of 100 within', results.times && times(results.times, p95)],
    [
      "Palate's median by that of the best peer: of any precision / of its own",
      results.times && ratios(results.times),
    ],
    ...Object.entries(results.engines ?? {}).map(([name, rows]) => [
      `${name}, ms a request, median`,
      times(rows, median),
    ]),
    ['One event, then the list of 10 with reasons, 100k items, ms', nextLists(results)],
    ['One training step of that network, batch 32, ms', steps(results)],
    ['Cold start, ms to the first list', results.start && starts(results.start)],
    ['Scripts and wasm of that page, bytes', results.bytes && bytes(results.bytes)],
    ['Memory over a blank page, 100k items, MiB', results.memory && memory(results.memory)],
    ['Natively', results.native && native(results.native)],
  ].filter(([, table]) => table);
  const load = loads.map((one) => one.toFixed(1)).join(', ');
  const text = sections.map(([title, table]) => `### ${title}\n\n${table}\n`).join('\n');
  return {
    text: `${text}\n${note}\n${cores} cores; load before and after each part: ${load}.`,
    faults: faultsOf(results),
  };
}

const note = `int8: Palate's item vectors and network; the peers' weights, with activations as they come.
Precomputed: what an item alone makes of the network's first layer, once it was ranked, in bytes.`;

/** What names a line; `precomputed`: the items' half of the network's first layer. */
const named = ({ name, build, precision, precomputed }) => [name, build, precision, precomputed];
const head = ['', 'build', 'precision', 'precomputed'];

/** Nothing where there are no rows. */
function markdown(titles, rows) {
  if (rows.length === 0) return undefined;
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const contendersOf = (rows) => [...new Set(rows.map(({ contender }) => contender))];
const find = (rows, contender, work) =>
  rows.find((row) => row.contender === contender && row.work === work.name);

/** Those that take part in the works that stand side by side. */
const comparedOf = (rows) =>
  contendersOf(rows.filter(({ work }) => works.some(({ name }) => name === work)));

function times(rows, statistic) {
  return markdown(
    [...head, ...works.map(titleOf)],
    comparedOf(rows).map((contender) => [
      ...named(contender),
      ...works.map((work) => {
        const row = find(rows, contender, work);
        return row ? ms(statistic(row.samples)) : '';
      }),
    ]),
  );
}

function ratios(rows) {
  const ofPeers = (work, isAlike) =>
    Math.min(
      ...rows
        .filter(
          ({ contender, work: name }) =>
            contender.isPeer && name === work.name && isAlike(contender),
        )
        .map(({ samples }) => median(samples)),
    );
  const cell = (contender, work) => {
    const row = find(rows, contender, work);
    if (!row) return '';
    const own = median(row.samples);
    const toAny = own / ofPeers(work, () => true);
    const toAlike = own / ofPeers(work, ({ precision }) => precision === contender.precision);
    return `${toAny.toFixed(2)} / ${toAlike.toFixed(2)}`;
  };
  return markdown(
    [...head, ...works.map(titleOf)],
    comparedOf(rows)
      .filter(({ isPeer }) => !isPeer)
      .map((contender) => [...named(contender), ...works.map((work) => cell(contender, work))]),
  );
}

const nextLists = (results) => byBrowser(results, nextList);
const steps = (results) => byBrowser(results, trainingStep);

function byBrowser({ times, engines }, { name }) {
  const all = { ...(times && { Chromium: times }), ...engines };
  const rows = Object.entries(all).flatMap(([browser, rows]) =>
    rows
      .filter(({ work }) => work === name)
      .map(({ contender, samples }) => [
        browser,
        ...named(contender),
        ms(median(samples)),
        ms(p95(samples)),
      ]),
  );
  return markdown(['browser', ...head, 'median', 'p95'], rows);
}

function starts(rows) {
  return markdown(
    [...head, 'median', 'p95', `beyond ${rows[0].contender.name}, paired, median`],
    rows.map(({ contender, samples, paired }) => [
      ...named(contender),
      median(samples).toFixed(0),
      p95(samples).toFixed(0),
      median(paired).toFixed(1),
    ]),
  );
}

function bytes(rows) {
  const count = (number) => number.toLocaleString('en');
  return markdown(
    [...head, 'raw', 'gzip', 'brotli 11'],
    rows.map(({ contender, raw, gzip, brotli }) => [
      ...named(contender),
      ...[raw, gzip, brotli].map(count),
    ]),
  );
}

function memory(rows) {
  return markdown(
    [...head, 'peak', 'a second later'],
    rows.map(({ contender, peaks, ends }) => [
      ...named(contender),
      ...[peaks, ends].map((samples) => median(samples).toFixed(1)),
    ]),
  );
}

function native(rows) {
  return markdown(
    [
      'precision',
      'precomputed',
      'work',
      'requests at once',
      'threads of each',
      'ms a request, median',
      'p95',
      'requests a second',
    ],
    rows.map(({ precision, precomputed, work, servers, threads, median, p95, perSecond }) => [
      precision,
      precomputed,
      titleOf(works.find(({ name }) => name === work)),
      servers,
      threads,
      ms(median),
      ms(p95),
      Math.round(perSecond).toLocaleString('en'),
    ]),
  );
}

/** Lists that are not the reference's, in any browser, and cold starts that found other items. */
function faultsOf({ times = [], engines = {}, start = [] }) {
  const places = Object.entries({ Chromium: times, ...engines });
  const wrong = places.flatMap(([browser, rows]) =>
    rows
      .filter(({ agreement, contender }) => agreement && !agrees(contender.precision, agreement))
      .map(
        ({ work, contender, agreement }) =>
          `${browser}, ${work}, ${named(contender).join(' ')}: of the best 10, ${agreement.mean} are right on average, at least ${agreement.least}`,
      ),
  );
  const late = start
    .map(({ contender, list }) => ({ contender, agreement: overlap([start[0].list], [list]) }))
    .filter(({ contender, agreement }) => !agrees(contender.precision, agreement))
    .map(
      ({ contender, agreement }) =>
        `cold start, ${named(contender).join(' ')}: ${agreement.mean} of 10 are right`,
    );
  return [...wrong, ...late];
}

const ms = (number) => (number < 10 ? number.toPrecision(3) : number.toFixed(1));

function quantile(samples, share) {
  const sorted = Float64Array.from(samples).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (place % 1) * (sorted[Math.ceil(place)] - below);
}
const median = (samples) => quantile(samples, 0.5);
const p95 = (samples) => quantile(samples, 0.95);
