// Times of all contenders, interleaved: in each round each has its turn, so noise meets all alike.
import { overlap } from './lists.mjs';
import { rotated } from './rounds.mjs';
import { nextList, trainingStep, works } from './works.mjs';

/** Works on one catalogue go together: a page holds one model at a time, and then goes. */
const groups = [
  works.filter(({ kind }) => kind === 'rank'),
  ...works.filter(({ kind }) => kind === 'retrieve').map((work) => [work]),
  [nextList],
  [trainingStep],
];

/** A row for each contender and work: milliseconds of its batches, how its lists agree. */
export async function measureTimings(browser, origin, contenders, { rounds, slice, say }) {
  const rows = [];
  for (const group of groups) {
    const entries = [];
    for (const contender of contenders) {
      const own = group.filter((work) => contender.works.includes(work));
      if (own.length > 0) entries.push(await open(browser, origin, contender, own));
    }
    for (let round = 0; round < rounds; ++round)
      for (const work of group) {
        say(`${work.name}, round ${round + 1} of ${rounds}`);
        for (const entry of rotated(entries, round)) await entry.measure(work, slice);
      }
    for (const { page } of entries) await page.close();
    rows.push(...group.flatMap((work) => rowsOf(work, entries)));
  }
  return rows;
}

async function open(browser, origin, contender, own) {
  const page = await browser.open(`${origin}/${contender.page}.html`);
  const { setting } = contender;
  const samples = new Map(own.map(({ name }) => [name, []]));
  const lists = new Map();
  await page.evaluate(({ own, setting }) => bench.prepare(own, setting), { own, setting });
  for (const { name } of own)
    lists.set(name, await page.evaluate((name) => bench.lists(name), name));
  return {
    contender,
    page,
    samples,
    lists,
    async measure({ name }, slice) {
      if (!samples.has(name)) return;
      const request = { name, slice };
      samples
        .get(name)
        .push(...(await page.evaluate(({ name, slice }) => bench.time(name, slice), request)));
    },
  };
}

/** Plain JS sums in double precision: what it finds is taken for right. */
function rowsOf(work, entries) {
  const reference = entries.find(({ contender }) => contender.isReference)?.lists.get(work.name);
  return entries
    .filter(({ samples }) => samples.has(work.name))
    .map(({ contender, samples, lists }) => ({
      work: work.name,
      contender,
      samples: samples.get(work.name),
      agreement: reference && overlap(reference, lists.get(work.name)),
    }));
}
