// Items that a page adds stand where training would have placed them: in Node and in each engine, in the page and in the worker.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Palate } from '../../js/dist/palate.js';
import { films, ok, ratings } from '../cli/palate.mjs';
import { engines } from './engines.mjs';
import { packageLists } from './page/lists.js';
import { differences, makeHistories, nativeLists } from './parity.mjs';
import { serve } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../../js/dist/');
const folder = mkdtempSync(join(tmpdir(), 'palate-new-items-'));

/** One with a known category and one that nobody knows, one with a year alone. */
const newItems = [
  { item: 'new-1', title: 'New', attributes: { genres: ['Drama', 'Opera'], year: 1955 } },
  { item: 'new-0', attributes: { year: 2020 } },
  { item: 'new-2', attributes: { genres: 'War' } },
];
const newRows = ['new-1,New,Drama|Opera,1955', 'new-0,,,2020', 'new-2,,War,'];

/** Of each recipe with item vectors: a model to add to, and the lists of one that was trained with the items. */
const cases = [];
let site;

before(async () => {
  writeFileSync(join(folder, 'log.csv'), ratings());
  writeFileSync(join(folder, 'items.csv'), films());
  const [header, ...rows] = ratings().trim().split('\n');
  const part = (is) => [header, ...rows.filter((_, at) => (at % 6 === 0) === is)].join('\n');
  writeFileSync(join(folder, 'history.csv'), part(false));
  writeFileSync(join(folder, 'test.csv'), part(true));
  writeFileSync(join(folder, 'more.csv'), `${films()}${newRows.join('\n')}\n`);
  const train = (recipe, items, flag, model) =>
    ok('train', '--interactions', join(folder, 'log.csv'), '--items', join(folder, items), '--recipe', recipe, flag,
      '--output', join(folder, model)); // prettier-ignore
  for (const recipe of ['ials', 'two-tower', 'sequence', 'rating', 'hybrid']) {
    const model = `${recipe}.palate`;
    const grown = `${recipe}-new.palate`;
    train(recipe, 'items.csv', '--content-map', model);
    train(recipe, 'more.csv', '--new-items', grown);
    const known = await idsOf(model);
    const histories = makeHistories([...known.slice(0, 7), 'new-1', ...known.slice(7)]);
    histories.push(['new-2'], ['new-1', 'new-0']);
    const native = nativeLists(folder, grown, histories, ['--k', 100_000]);
    cases.push({ model, histories, native });
    ok('compress', '--model', join(folder, model), '--output', join(folder, `int8-${model}`), '--items', 'int8',
      '--histories', join(folder, 'history.csv'), '--test', join(folder, 'test.csv'), '--max-loss', 1); // prettier-ignore
  }
  site = await serve({ '/models/': folder, '/palate/': dist, '/': here('page') });
});

after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

async function idsOf(model) {
  const wasm = await readFile(`${dist}palate-simd128.wasm`);
  const wasmRest = await readFile(`${dist}palate-simd128-rest.wasm`);
  const source = await readFile(join(folder, model));
  const palate = await Palate.load(source, { wasm, wasmRest });
  const ids = (await palate.items()).map(({ item }) => item);
  palate.dispose();
  return ids;
}

function assertParity({ model, histories, native }, lists) {
  lists.forEach((list, user) => {
    const all = native[user];
    assert.ok(
      newItems.every(
        ({ item }) => all.some((one) => one.item === item) || histories[user].includes(item),
      ),
    );
    assert.deepEqual(differences(all, list), [], `${model}, history ${histories[user].join()}`);
  });
}

for (const variant of ['simd128', 'relaxed']) {
  test(`Items added in Node are those of --new-items (${variant})`, async () => {
    const wasm = await readFile(`${dist}palate-${variant}.wasm`);
    const wasmRest = await readFile(`${dist}palate-${variant}-rest.wasm`);
    const wasmItems = await readFile(`${dist}palate-items.wasm`);
    const options = { wasm, wasmRest, wasmItems };
    for (const each of cases) {
      const source = await readFile(join(folder, each.model));
      assertParity(each, await packageLists({ ...each, Palate, source, options, newItems }));
    }
  });
}

test('Items are added to a compressed model, and every call takes them', async () => {
  const wasm = await readFile(`${dist}palate-simd128.wasm`);
  const wasmRest = await readFile(`${dist}palate-simd128-rest.wasm`);
  const wasmItems = await readFile(`${dist}palate-items.wasm`);
  for (const { model } of cases) {
    const palate = await Palate.load(await readFile(join(folder, `int8-${model}`)), {
      wasm,
      wasmRest,
      wasmItems,
    });
    await palate.addItems(newItems);
    assert.equal(await palate.record({ item: 'new-1', type: 'like' }), true);
    const { contributions, attributes } = await palate.explain('new-2');
    assert.ok(
      contributions.some(({ item, amount }) => item === 'new-1' && Number.isFinite(amount)),
    );
    assert.ok(Array.isArray(attributes));
    assert.equal((await palate.similar('new-1', { count: 4 })).length, 4);
    palate.dispose();
  }
});

for (const { name, launch } of engines) {
  test(`Items added in ${name} are those of --new-items`, async (context) => {
    const browser = await launch();
    context.after(() => browser.close());
    const page = await browser.open(`${site.origin}/`);
    for (const worker of [false, true]) {
      for (const each of cases) {
        const given = {
          ...each,
          native: [],
          source: `/models/${each.model}`,
          options: { worker },
          newItems,
        };
        assertParity(each, await page.evaluate((all) => packageLists({ ...all, Palate }), given));
      }
    }
  });
}
