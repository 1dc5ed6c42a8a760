// The bench itself, after tools/bench/page.sh has set all up.
import { cpus, loadavg } from 'node:os';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { engines } from '../../../tests/browser/engines.mjs';
import { measureBytes } from './bytes.mjs';
import { launchChromium } from './chromium.mjs';
import { measureColdStart } from './cold_start.mjs';
import { ownSteps, packages, palate, peers, plain, tfjsStep } from './contenders.mjs';
import { makeFiles } from './files.mjs';
import { measureMemory } from './memory.mjs';
import { measureNatively } from './native.mjs';
import * as report from './report.mjs';
import { serveSite } from './site.mjs';
import { measureTimings } from './timings.mjs';
import { retrievals } from './works.mjs';

const parts = ['times', 'engines', 'start', 'memory', 'native'];
const { values: flags } = parseArgs({
  options: {
    parts: { type: 'string', default: parts.join() },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: '' },
    works: { type: 'string', default: '' },
  },
});
const chosen = flags.parts.split(',');
for (const part of chosen)
  if (!parts.includes(part)) throw new Error(`no part '${part}'; there are: ${parts.join()}`);

/** What a list of contenders comes to with --only, each with the works of --works. */
const asked = (contenders) =>
  contenders
    .filter(({ name, build, precision, precomputed }) =>
      new RegExp(flags.only).test([name, build, precision, precomputed].join(' ')),
    )
    .map((contender) => ({
      ...contender,
      works: contender.works.filter(({ name }) => new RegExp(flags.works).test(name)),
    }));

const say = (text) => process.stderr.write(`${text}\n`);
const effort = flags.quick
  ? {
      times: { rounds: 3, slice: 20 },
      engines: { rounds: 2, slice: 20 },
      start: { rounds: 3 },
      memory: { rounds: 1 },
      native: 50,
    }
  : {
      times: { rounds: 20, slice: 40 },
      engines: { rounds: 10, slice: 40 },
      start: { rounds: 30 },
      memory: { rounds: 3 },
      native: 1000,
    };
const results = {};

async function withBrowser(launch, work) {
  const browser = await launch();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** The builds of the runtime that a browser takes, the best first. */
async function acceptedVariants(browser) {
  const page = await browser.open(`${site.origin}/blank.html`);
  const names = await page.evaluate(
    async (variants) => {
      const accepts = async (variant) => {
        const response = await fetch(`/palate/palate-${variant}.wasm`);
        return WebAssembly.validate(await response.arrayBuffer());
      };
      const answers = await Promise.all(variants.map(accepts));
      return variants.filter((_, index) => answers[index]);
    },
    ['relaxed', 'simd128'],
  );
  await page.close();
  return names;
}

const measure = {
  times: () =>
    withBrowser(launchChromium, async (browser) => {
      const variants = await acceptedVariants(browser);
      const steps = [...ownSteps(variants), tfjsStep];
      const contenders = asked([...palate(variants), ...peers, ...steps]);
      return measureTimings(browser, site.origin, contenders, { ...effort.times, say });
    }),
  async engines() {
    const found = {};
    for (const { name, launch } of engines.slice(1))
      found[name] = await withBrowser(
        () => launch({ sharesMemory: true }),
        async (browser) => {
          const variants = await acceptedVariants(browser);
          const contenders = asked([...palate(variants), plain, ...ownSteps(variants)]);
          return measureTimings(browser, site.origin, contenders, { ...effort.engines, say });
        },
      );
    return found;
  },
  start: () =>
    withBrowser(launchChromium, async (browser) => {
      const others = peers.filter((peer) => peer !== plain);
      const all = [plain, ...packages(await acceptedVariants(browser)), ...others];
      const contenders = asked(all.filter(({ works }) => works.includes(retrievals[0])));
      const rows = await measureColdStart(browser, site, contenders, { ...effort.start, say });
      results.bytes = await measureBytes(site.origin, rows, { say });
      return rows;
    }),
  memory: () =>
    withBrowser(launchChromium, acceptedVariants).then((variants) =>
      measureMemory(site, asked([...packages(variants), ...peers]), {
        ...effort.memory,
        say,
      }),
    ),
  native: () => measureNatively(effort.native, { say }),
};

makeFiles();
const site = await serveSite();
const loads = [loadavg()[0]];
const failures = [];
try {
  for (const part of chosen) {
    say(`${part} ...`);
    // What fails late does not take what was measured with it.
    try {
      results[part] = await measure[part]();
    } catch (thrown) {
      failures.push(`${part}: ${thrown.stack}`);
    }
    loads.push(loadavg()[0]);
  }
} finally {
  await site.close();
}
const { text, faults } = report.write(results, { cores: cpus().length, loads });
console.log(text);
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(results)}\n`);
failures.push(...faults);
for (const failure of failures) say(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
