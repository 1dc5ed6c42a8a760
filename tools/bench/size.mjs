// What a page downloads of the package: raw, gzip and brotli sizes of its scripts and of one build
// of the runtime.
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

/** Sizes in bytes of each script and wasm, and for each wasm the sum with all scripts. */
export function packedSizes() {
  const paths = packedFiles();
  const scripts = measured(paths.filter((path) => path.endsWith('.js')));
  const builds = measured(paths.filter((path) => path.endsWith('.wasm')));
  const totals = builds.map((build) => ({
    path: `scripts + ${build.path}`,
    ...sum([...scripts, build]),
  }));
  return { files: [...scripts, ...builds], totals };
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
