// Cold start: from the navigation, nothing cached, to the first list of 10 from a catalogue of 10k.

import { rotated } from './rounds.mjs';

/**
 * A row for each contender: milliseconds of each round, those beyond the first contender's in the
 * same round, and the requests it made.
 */
export async function measureColdStart(browser, site, contenders, { rounds, say }) {
  const rows = contenders.map((contender) => ({ contender, samples: [], paired: [] }));
  for (let round = 0; round < rounds; ++round) {
    say(`cold start, round ${round + 1} of ${rounds}`);
    for (const row of rotated(rows, round)) {
      site.requests.length = 0;
      const { milliseconds, list } = await firstList(browser, site.origin, row.contender);
      row.samples.push(milliseconds);
      row.list = list;
      row.requests = site.requests.map(({ url }) => url);
    }
    for (const { paired, samples } of rows) paired.push(samples[round] - rows[0].samples[round]);
  }
  return rows;
}

async function firstList(browser, origin, { page: name, setting }) {
  const page = await browser.open(`${origin}/${name}.html?${query(setting)}`);
  const first = await page.evaluate(() => globalThis.first);
  await page.close();
  return first;
}

const query = (setting) => new URLSearchParams({ first: '', ...setting });
