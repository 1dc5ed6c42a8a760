// Memory of the process that runs the page: its peak while a library ranks 1,000 of 100k items.
import { factsOf } from '../../../tests/browser/chromium.mjs';
import { launchChromium } from './chromium.mjs';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A row for each contender: MiB over a blank page, at the peak and at the end, of each round. */
export async function measureMemory(site, contenders, { rounds, say }) {
  const rows = contenders.map((contender) => ({ contender, peaks: [], ends: [] }));
  for (let round = 0; round < rounds; ++round) {
    say(`memory, round ${round + 1} of ${rounds}`);
    const blank = await watch(`${site.origin}/blank.html`, async () => {});
    for (const { contender, peaks, ends } of rows) {
      const query = new URLSearchParams({ alone: '', ...contender.setting });
      site.requests.length = 0;
      const { peak, end } = await watch(`${site.origin}/${contender.page}.html?${query}`, () =>
        isDone(site, contender),
      );
      peaks.push(peak - blank.end);
      ends.push(end - blank.end);
    }
  }
  return rows;
}

/** The page asks for an address that is not there once it has made its lists. */
async function isDone({ requests }, { name, precision }) {
  const end = performance.now() + 60_000;
  while (!requests.some(({ url }) => url === '/done')) {
    if (performance.now() > end) throw new Error(`${name} ${precision}: no lists after a minute`);
    await sleep(5);
  }
}

/** MiB of a browser's only page: at the peak until `done` and a second later. */
async function watch(url, done) {
  const browser = await launchChromium();
  try {
    await browser.openAlone(url);
    let isWatched = true;
    const watching = done()
      .then(() => sleep(1000))
      .finally(() => (isWatched = false));
    let peak = 0;
    let end;
    while (isWatched) {
      // Asked anew: a page may change its process before it shows.
      const processes = await browser.renderers();
      end = processes.reduce((sum, id) => sum + ownMemory(id), 0);
      peak = Math.max(peak, end);
    }
    await watching;
    return { peak, end };
  } finally {
    await browser.close();
  }
}

/** What a process has for itself, in MiB: neither files nor code; nothing once it has ended. */
function ownMemory(id) {
  const status = factsOf(id, 'status');
  const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kib('RssAnon') + kib('RssShmem')) / 1024;
}
