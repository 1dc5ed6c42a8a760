// The packed package in a stranger's project: what is in it, how large it is, what it says of itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { billOf } from '../../tools/release/bill.mjs';
import { packedFiles, packedSizes } from '../../tools/bench/size.mjs';
import { Project, quickStart } from './project.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Of what each use downloads, compressed by brotli. */
const byteBudgets = {
  palate: 59_650,
  'palate, all of the runtime': 85_350,
  'palate, worker: true': 62_800,
  'palate, worker: true, threads': 85_430,
  'palate, cache: true': 60_750,
  'palate, cache: true, delta': 62_300,
  'palate, profile': 63_700,
  'palate, Palate.train': 99_200,
  'palate, addItems': 94_150,
  'palate/react': 60_500,
  'palate/element': 61_100,
  'palate/inline': 108_450,
};

let project;
before(() => (project = new Project()));
after(() => project?.remove());

test('The package holds its files and no others', () => {
  assert.deepEqual(packedFiles(), [
    'LICENSE',
    'README.md',
    'THIRD_PARTY.md',
    'dist/delta.js',
    'dist/element.d.ts',
    'dist/element.js',
    'dist/errors.d.ts',
    'dist/inline.d.ts',
    'dist/inline.js',
    'dist/model_cache.js',
    'dist/new_items.js',
    'dist/node.d.ts',
    'dist/node.js',
    'dist/palate-items.wasm',
    'dist/palate-relaxed-rest.wasm',
    'dist/palate-relaxed-threads.wasm',
    'dist/palate-relaxed.wasm',
    'dist/palate-simd128-rest.wasm',
    'dist/palate-simd128-threads.wasm',
    'dist/palate-simd128.wasm',
    'dist/palate-train.wasm',
    'dist/palate.d.ts',
    'dist/palate.js',
    'dist/profile.js',
    'dist/react.d.ts',
    'dist/react.js',
    'dist/runtime.js',
    'dist/sentences.d.ts',
    'dist/sentences.js',
    'dist/thread.js',
    'dist/train.js',
    'dist/train_worker.d.ts',
    'dist/train_worker.js',
    'dist/types.d.ts',
    'dist/types/answers.d.ts',
    'dist/types/loading.d.ts',
    'dist/types/profile.d.ts',
    'dist/types/requests.d.ts',
    'dist/types/training.d.ts',
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

test('The bill of materials names each part that has a licence in the package', () => {
  const bill = billOf(project.tarball);
  assert.equal(bill.metadata.component.version, project.manifest().version);
  const headings = readFileSync(here('../../js/THIRD_PARTY.md'), 'utf8').matchAll(/^## (.*)$/gm);
  const named = [...headings].flatMap(([, names]) => names.split(', '));
  assert.deepEqual(bill.components.map(({ name }) => name).sort(), named.sort());
});

test('No file of the package tells where it was built', () => {
  const places = [here('../..'), homedir(), '/emscripten/', 'sourceMappingURL'];
  for (const path of packedFiles()) {
    const bytes = readFileSync(project.path('node_modules/palate', path));
    for (const place of places) assert.ok(!bytes.includes(place), `${path} holds ${place}`);
  }
});

test('The package packs to the same bytes in another folder', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'palate-elsewhere-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const sources = ['src', 'build.mjs', 'tsconfig.json', 'tsconfig.declarations.json'];
  const files = [...sources, 'package.json', 'README.md', 'THIRD_PARTY.md'].map(
    (name) => `js/${name}`,
  );
  const wasm = ['wasm', 'wasm-relaxed'].map((variant) => `build/${variant}/wasm`);
  for (const path of [...files, ...wasm, 'LICENSE']) {
    cpSync(here(`../../${path}`), join(folder, path), { recursive: true });
  }
  symlinkSync(here('../../js/node_modules'), join(folder, 'js/node_modules'));
  const js = join(folder, 'js');
  execFileSync(process.execPath, ['build.mjs'], { cwd: js });
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent'], { cwd: js });
  const packed = readFileSync(join(js, basename(project.tarball)));
  assert.ok(packed.equals(readFileSync(project.tarball)));
});

test('The version lives in package.json, and its lock knows it', () => {
  const { version, packages } = JSON.parse(
    readFileSync(here('../../js/package-lock.json'), 'utf8'),
  );
  assert.equal(version, project.manifest().version);
  assert.equal(packages[''].version, version);
  assert.match(
    readFileSync(here('../../CHANGELOG.md'), 'utf8'),
    new RegExp(`^## ${version}\\b`, 'm'),
  );
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
    await import('palate/react');
    await import('palate/element');
    await import('palate/sentences');
    await import('palate/inline');
    console.log(typeof Palate.load, names() === before);`;
  assert.equal(project.node('--input-type=module', '--eval', program), 'function true\n');
});

test('The quick start is the same in the repository and in the package', () => {
  assert.equal(quickStart('../../README.md'), quickStart('../../js/README.md'));
});

test('In Node the package finds its runtime by itself', () => {
  const program = `
    const { load } = await import('palate/node');
    const palate = await load(process.argv[1]);
    console.log((await palate.recommend({ count: 3 })).length);`;
  const model = here('../golden/hybrid.palate');
  assert.equal(project.node('--input-type=module', '--eval', program, model), '3\n');
});

test('In Node the package finds its trainer by itself', () => {
  const program = `
    const { load, train } = await import('palate/node');
    const rows = [0, 1, 2, 3].map((k) => ({ user: k % 2, item: k }));
    const palate = await load(await train(rows, { dimension: 2 }));
    console.log(palate.model.items);`;
  assert.equal(project.node('--input-type=module', '--eval', program), '4\n');
});

for (const resolution of ['bundler', 'nodenext']) {
  test(`The declarations serve TypeScript with module resolution ${resolution}`, () => {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
    const options = ['--module', module, '--moduleResolution', resolution];
    project.node(here('../node_modules/typescript/bin/tsc'), '--project', '.', ...options);
  });
}
