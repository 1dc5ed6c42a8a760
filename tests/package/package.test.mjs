// The packed package in a stranger's project: what is in it, how large it is, and that it runs in
// each engine, taken plainly and through a bundler, in the page and in the worker.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packedFiles, packedSizes } from '../../tools/bench/size.mjs';
import { engines } from '../browser/engines.mjs';
import { serve } from '../browser/site.mjs';
import { Project } from './project.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Of what each use downloads, compressed by brotli. */
const byteBudgets = {
  palate: 60_500,
  'palate, worker: true': 62_500,
  'palate, cache: true': 61_500,
  'palate/react': 61_500,
  'palate/element': 62_000,
  'palate/inline': 77_000,
};

let project;
before(() => (project = new Project()));
after(() => project?.remove());

test('The package holds its files and no others', () => {
  assert.deepEqual(packedFiles(), [
    'LICENSE',
    'README.md',
    'THIRD_PARTY.md',
    'dist/element.d.ts',
    'dist/element.js',
    'dist/errors.d.ts',
    'dist/inline.d.ts',
    'dist/inline.js',
    'dist/model_cache.js',
    'dist/node.d.ts',
    'dist/node.js',
    'dist/palate-relaxed.wasm',
    'dist/palate-simd128.wasm',
    'dist/palate.d.ts',
    'dist/palate.js',
    'dist/react.d.ts',
    'dist/react.js',
    'dist/runtime.js',
    'dist/types.d.ts',
    'dist/worker.d.ts',
    'dist/worker.js',
    'dist/worker_client.js',
    'package.json',
  ]);
});

test('The package names its licence and those of what its wasm holds', () => {
  const packed = (name) => readFileSync(project.path('node_modules/palate', name), 'utf8');
  assert.equal(packed('LICENSE'), readFileSync(here('../../LICENSE'), 'utf8'));
  for (const name of ['XNNPACK', 'FlatBuffers', 'Emscripten', 'musl']) {
    assert.match(packed('THIRD_PARTY.md'), new RegExp(`^#+ .*${name}`, 'm'));
  }
});

test('The package and the trainer are of one version', () => {
  const [, version] = /project\(palate VERSION (\S+)/.exec(
    readFileSync(here('../../CMakeLists.txt'), 'utf8'),
  );
  assert.equal(project.manifest().version, version);
});

test('The package needs no other and runs nothing when it is installed', () => {
  const { dependencies, peerDependenciesMeta, optionalDependencies, scripts } = project.manifest();
  assert.deepEqual([dependencies, optionalDependencies], [undefined, undefined]);
  assert.deepEqual(peerDependenciesMeta, { react: { optional: true } });
  for (const name of ['preinstall', 'install', 'postinstall'])
    assert.ok(!(name in (scripts ?? {})), name);
  const installed = readdirSync(project.path('node_modules')).filter(
    (name) => !name.startsWith('.'),
  );
  assert.deepEqual(installed, ['palate']);
});

test('Whatever a page uses stays within its budget', () => {
  const { totals } = packedSizes();
  assert.deepEqual(totals.map(({ path }) => path).sort(), Object.keys(byteBudgets).sort());
  for (const { path, brotli } of totals) {
    const budget = byteBudgets[path];
    assert.ok(brotli <= budget, `${path}: ${brotli} bytes of brotli, not ${budget}`);
  }
});

test('Importing changes nothing and works without a browser', () => {
  const program = `
    const names = () => Object.getOwnPropertyNames(globalThis).join();
    const before = names();
    const { Palate } = await import('palate');
    console.log(typeof Palate.load, names() === before);`;
  assert.equal(project.node('--input-type=module', '--eval', program), 'function true\n');
});

for (const resolution of ['bundler', 'nodenext']) {
  test(`The declarations serve TypeScript with module resolution ${resolution}`, () => {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
    const typescript = here('../../js/node_modules/typescript/bin/tsc');
    project.node(
      typescript,
      ...options,
      '--module',
      module,
      '--moduleResolution',
      resolution,
      'consumer.ts',
    );
  });
}

const uses = [
  {
    name: 'taken plainly',
    mounts: () => ({ '/node_modules/': project.path('node_modules'), '/': project.path('plain') }),
    files: () =>
      ['palate', 'runtime', 'worker_client', 'worker']
        .map((name) => `${name}.js`)
        .concat('palate-relaxed.wasm', 'palate-simd128.wasm')
        .map((name) => `/node_modules/palate/dist/${name}`)
        .concat('/main.js'),
  },
  {
    name: 'through Vite',
    prepare: async () => assert.deepEqual(await project.bundle(), []),
    mounts: () => ({ '/': project.path('bundled/dist') }),
    files: () => readdirSync(project.path('bundled/dist/assets')).map((name) => `/assets/${name}`),
  },
];

for (const { name: use, prepare, mounts, files } of uses) {
  test(`The package runs ${use}`, async (context) => {
    await prepare?.();
    const allowed = new Set(['/', '/models/fold_in.palate', ...files()]);
    for (const { name: engine, launch } of engines) {
      await context.test(engine, async (inner) => {
        const site = await serve({ '/models/': here('../golden/'), ...mounts() });
        inner.after(() => site.close());
        const browser = await launch();
        inner.after(() => browser.close());
        const page = await browser.open(`${site.origin}/`);
        for (const worker of [false, true]) {
          assert.match(await page.evaluate(bestTitle, worker), /space/);
        }
        const seen = [...site.requests, ...page.requests().filter(({ url }) => url !== 'data:,')];
        for (const { method, url } of seen) {
          assert.equal(method, 'GET');
          assert.ok(allowed.has(url.replace(site.origin, '')), url);
        }
        assert.ok(site.requests.some(({ url }) => /\/worker[^/]*\.js$/.test(url)));
      });
    }
  });
}

/** Runs in the page. */
async function bestTitle(worker) {
  const palate = await Palate.load('/models/fold_in.palate', { worker });
  await palate.record({ item: 'f5', type: 'like' });
  const [best] = await palate.recommend({ count: 1 });
  palate.dispose();
  return best.title;
}
