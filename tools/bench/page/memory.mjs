// Memory of the process that runs the page: its peak while a library ranks 1,000 of 100k items.
import { readFileSync } from 'node:fs';
import { launchChromium } from './chromium.mjs';
import { works } from './works.mjs';

const work = works.find(({ name }) => name === 'rank-1000');

/** A row for each contender: MiB over a blank page, at the peak and at the end, of each round. */
export async function measureMemory(origin, contenders, { rounds, say }) {
  const rows = contenders.map((contender) => ({ contender, peaks: [], ends: [] }));
  for (let round = 0; round < rounds; ++round) {
    say(`memory, round ${round + 1} of ${rounds}`);
    const blank = await watch(`${origin}/blank.html`, async () => {});
    for (const { contender, peaks, ends } of rows) {
      const { page, setting } = contender;
      const { peak, end } = await watch(`${origin}/${page}.html`, async (opened) => {
        await opened.evaluate(({ work, setting }) => bench.prepare([work], setting), {
          work,
          setting,
        });
        await opened.evaluate((name) => bench.lists(name).then(() => {}), work.name);
      });
      peaks.push(peak - blank.end);
      ends.push(end - blank.end);
    }
  }
  return rows;
}

/** MiB of a browser's only page: at the peak of what is done there, and a second later. */
async function watch(url, work) {
  const browser = await launchChromium();
  try {
    const page = await browser.open(url);
    const processes = await browser.renderers();
    const memory = () => processes.reduce((sum, id) => sum + ownMemory(id), 0);
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, memory())), 2);
    await work(page)
      .then(() => new Promise((resolve) => setTimeout(resolve, 1000)))
      .finally(() => clearInterval(watching));
    return { peak, end: memory() };
  } finally {
    await browser.close();
  }
}

/** What a process has for itself, in MiB: neither files nor code. */
function ownMemory(id) {
  const status = readFileSync(`/proc/${id}/status`, 'utf8');
  const kib = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))[1]);
  return (kib('RssAnon') + kib('RssShmem')) / 1024;
}
