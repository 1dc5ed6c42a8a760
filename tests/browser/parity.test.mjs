// The same model and the same history give the same list natively, under Node and in each engine.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Palate } from '../../js/dist/palate.js';
import { engines } from './engines.mjs';
import {
  differences,
  makeHistories,
  makeModels,
  makeScorers,
  nativeLists,
  predictionDifferences,
  requests,
} from './parity.mjs';
import { packageLists, packagePredictions } from './page/lists.js';
import { serve } from './site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../../js/dist/');
const variants = ['simd128', 'relaxed'];

const folder = mkdtempSync(join(tmpdir(), 'palate-parity-'));
/** Of each model: its file's name, histories and native lists. */
const cases = [];
/** A model that scores features, rows, and their native scores. */
let scorer;
let site;

before(async () => {
  const wasm = await readFile(`${dist}palate-simd128.wasm`);
  const wasmRest = await readFile(`${dist}palate-simd128-rest.wasm`);
  const made = makeModels(folder);
  for (const name of requests.flatMap(({ models = [] }) => models)) {
    assert.ok(made.includes(`${name}.palate`), `no model is called ${name}`);
  }
  for (const model of made) {
    const source = await readFile(join(folder, model));
    const palate = await Palate.load(source, { wasm, wasmRest });
    const histories = makeHistories((await palate.items()).map(({ item }) => item));
    palate.dispose();
    for (const { options, flags, models } of requests) {
      if (models?.includes(model.replace('.palate', '')) === false) continue;
      const native = nativeLists(folder, model, histories, flags);
      cases.push({ model, histories, request: options, native });
    }
  }
  scorer = makeScorers(folder);
  site = await serve({ '/models/': folder, '/palate/': dist, '/': here('page') });
});

after(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

function assertParity({ model, histories, request, native }, lists) {
  assert.equal(lists.length, histories.length);
  lists.forEach((list, user) => {
    assert.ok(list.length > 0);
    assert.deepEqual(
      differences(native[user], list, request.count === undefined),
      [],
      `${model}, history ${histories[user].join()}, ${JSON.stringify(request)}`,
    );
  });
}

function assertPredictions(predictions) {
  assert.equal(predictions.length, scorer.native.length);
  predictions.forEach((prediction, row) => {
    assert.deepEqual(predictionDifferences(scorer.native[row], prediction), [], `row ${row}`);
  });
}

for (const variant of variants) {
  test(`Node ranks as the native program does (${variant})`, async () => {
    const wasm = await readFile(`${dist}palate-${variant}.wasm`);
    const wasmRest = await readFile(`${dist}palate-${variant}-rest.wasm`);
    const options = { wasm, wasmRest };
    for (const each of cases) {
      const source = await readFile(join(folder, each.model));
      assertParity(each, await packageLists({ ...each, Palate, source, options }));
    }
    const source = await readFile(join(folder, scorer.model));
    const { features } = scorer;
    assertPredictions(await packagePredictions({ Palate, source, features, options }));
  });
}

for (const { name, launch } of engines) {
  test(`${name} ranks as the native program does, in the page and in the worker`, async (context) => {
    const browser = await launch();
    context.after(() => browser.close());
    const page = await browser.open(`${site.origin}/`);
    const accepted = await page.evaluate(acceptedVariants, variants);
    assert.ok(accepted.includes('simd128'));
    for (const variant of accepted) {
      for (const worker of [false, true]) {
        const options = {
          wasm: `/palate/palate-${variant}.wasm`,
          wasmRest: `/palate/palate-${variant}-rest.wasm`,
          worker,
        };
        for (const each of cases) {
          const given = { ...each, native: [], source: `/models/${each.model}`, options };
          assertParity(each, await page.evaluate((all) => packageLists({ ...all, Palate }), given));
        }
        const { model, features } = scorer;
        const request = { source: `/models/${model}`, features, options };
        assertPredictions(
          await page.evaluate((given) => packagePredictions({ ...given, Palate }), request),
        );
      }
    }
    site.requests.length = 0;
    await page.evaluate(loadInWorker, `/models/${cases[0].model}`);
    const chosen = site.requests.map(({ url }) => url).filter((url) => url.endsWith('.wasm'));
    assert.deepEqual(
      chosen,
      [`/palate/palate-${accepted.at(-1)}.wasm`],
      'the best build that the engine accepts',
    );
  });
}

// These run in the page.

async function loadInWorker(source) {
  (await Palate.load(source, { worker: true })).dispose();
}

async function acceptedVariants(names) {
  const bytes = await Promise.all(
    names.map(async (name) => (await fetch(`/palate/palate-${name}.wasm`)).arrayBuffer()),
  );
  return names.filter((_, index) => WebAssembly.validate(bytes[index]));
}
