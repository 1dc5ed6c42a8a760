// How long Palate.train takes in the page: made rows, headless Chromium, the worker started anew each
// time. Prints milliseconds, those of the first training apart, which also fetches the trainer.
//
//   node tools/bench/train_page.mjs [ROWS...]     default: 5000 50000; after tools/test.sh browser
import { generator } from '../../tests/cli/palate.mjs';
import { launch } from '../../tests/browser/chromium.mjs';
import { openPackageSite } from '../../tests/browser/package_site.mjs';

const repetitions = 9;

/** Users with ten rows each, items the more rarely the higher their number. */
function madeRows(count) {
  const draw = generator();
  const users = Math.ceil(count / 10);
  const items = users;
  return Array.from({ length: count }, (_, k) => ({
    user: `user ${k % users}`,
    item: `item ${draw(1 + draw(items))}`,
    value: 1 + draw(5),
    time: 1_600_000_000_000 + 60_000 * k,
  }));
}

/** Runs in the page. */
async function timesOf({ rows, repetitions }) {
  const times = [];
  for (let repetition = 0; repetition <= repetitions; ++repetition) {
    const start = performance.now();
    await Palate.train(rows);
    times.push(performance.now() - start);
  }
  return times;
}

const given = process.argv.slice(2).map(Number);
const ends = [];
try {
  const { site, browser } = await openPackageSite(
    { after: (end) => ends.unshift(end) },
    { launch },
  );
  console.log(
    '| rows | users | items | first | median | slowest |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const count of given.length > 0 ? given : [5_000, 50_000]) {
    const rows = madeRows(count);
    const page = await browser.open(`${site.origin}/`);
    const [first, ...times] = await page.evaluate(timesOf, { rows, repetitions });
    times.sort((a, b) => a - b);
    const number = (of) => new Set(rows.map((row) => row[of])).size;
    const cells = [first, times[repetitions >> 1], times.at(-1)].map((ms) => ms.toFixed(0));
    console.log(`| ${[count, number('user'), number('item'), ...cells].join(' | ')} |`);
  }
} finally {
  for (const end of ends) await end();
}
