// What a page downloads of the package, by what it uses: raw, gzip and brotli sizes of its scripts
// and of the build of the runtime for WebAssembly SIMD.
//
//   node tools/bench/size.mjs        after the package is built (npm run build in js/)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const packageFolder = fileURLToPath(new URL('../../js/', import.meta.url));

/** The files that `npm pack` would pack, as paths inside the package. */
export function packedFiles() {
  const command = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files }] = JSON.parse(
    execFileSync('npm', command, { cwd: packageFolder, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return files.map(({ path }) => path).sort();
}

const scripts = ['palate.js', 'runtime.js'];
const core = [...scripts, 'palate-simd128.wasm'];
const worker = ['worker_client.js', 'worker.js'];

/** What each use downloads; a file is downloaded once, whoever asks for it. */
const uses = {
  palate: core,
  'palate, all of the runtime': [...core, 'palate-simd128-rest.wasm'],
  'palate, worker: true': [...core, ...worker],
  'palate, worker: true, threads': [
    ...scripts,
    ...worker,
    'thread.js',
    'palate-simd128-threads.wasm',
  ],
  'palate, cache: true': [...core, 'model_cache.js'],
  'palate, cache: true, delta': [...core, 'model_cache.js', 'delta.js'],
  'palate, profile': [...core, 'profile.js'],
  'palate, Palate.train': [...core, 'train.js', 'train_worker.js', 'palate-train.wasm'],
  'palate, addItems': [...core, 'new_items.js', 'palate-items.wasm'],
  'palate/react': [...core, 'react.js'],
  'palate/element': [...core, 'element.js'],
  'palate/inline': ['inline.js'],
};

/** Sizes in bytes of each script and wasm, and of what each use downloads, by its name. */
export function packedSizes() {
  const files = measured(packedFiles().filter((path) => /\.(js|wasm)$/.test(path)));
  const size = (name) => files.find(({ path }) => path === `dist/${name}`);
  const totals = Object.entries(uses).map(([path, names]) => ({ path, ...sum(names.map(size)) }));
  return { files, totals };
}

function measured(paths) {
  return paths.map((path) => {
    const bytes = readFileSync(packageFolder + path);
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
    }).length;
    return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli };
  });
}

function sum(rows) {
  const add = (name) => rows.reduce((total, row) => total + row[name], 0);
  return { raw: add('raw'), gzip: add('gzip'), brotli: add('brotli') };
}

function print({ files, totals }) {
  const cells = (row) =>
    [row.raw, row.gzip, row.brotli].map((bytes) => (bytes / 1000).toFixed(1).padStart(8)).join('');
  const line = (row) => `${row.path.padEnd(40)}${cells(row)}`;
  console.log(
    `${'kB'.padEnd(40)}${['raw', 'gzip', 'brotli'].map((name) => name.padStart(8)).join('')}`,
  );
  for (const row of [...files, ...totals]) console.log(line(row));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) print(packedSizes());
