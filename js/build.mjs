// Builds the package into dist/: bundled scripts, the wasm of both variants, declarations.
//
//   cmake --build --preset wasm --target palate_wasm
//   cmake --build --preset wasm-relaxed --target palate_wasm
//   npm run build
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const variants = [
  { name: 'simd128', folder: here('../build/wasm/wasm') },
  { name: 'relaxed', folder: here('../build/wasm-relaxed/wasm') },
];

/** Both variants share one glue: what Emscripten wrote for them must not differ. */
async function sharedGlue() {
  const [first, second] = await Promise.all(
    variants.map(({ folder }) => readFile(`${folder}/palate.mjs`)),
  );
  if (!first.equals(second)) {
    throw new Error('the glue of the two wasm builds differs: build both from one tree');
  }
  return `${variants[0].folder}/palate.mjs`;
}

async function bundle(glue) {
  await build({
    entryPoints: ['src/palate.ts', 'src/worker.ts'].map(here),
    outdir: here('dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    // One chunk holds what the page and the worker have in common.
    chunkNames: 'runtime',
    alias: { 'palate-wasm': glue },
    logLevel: 'warning',
  });
}

async function copyWasm() {
  for (const { name, folder } of variants) {
    await copyFile(`${folder}/palate.wasm`, here(`dist/palate-${name}.wasm`));
  }
}

/** The licence stands once in the repository, and with every copy of the package. */
const copyLicence = () => copyFile(here('../LICENSE'), here('LICENSE'));

function declare() {
  const compiler = here('node_modules/typescript/bin/tsc');
  const project = here('tsconfig.declarations.json');
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the declarations cannot be written');
}

const glue = await sharedGlue();
await rm(here('dist'), { recursive: true, force: true });
await mkdir(here('dist'));
await bundle(glue);
await copyWasm();
await copyLicence();
declare();
