// Builds the package into dist/: bundled scripts, the wasm of both variants, declarations.
//
//   cmake --build --preset wasm --target palate_wasm palate_threads_wasm palate_items_wasm palate_train_wasm
//   cmake --build --preset wasm-relaxed --target palate_wasm palate_threads_wasm
//   npm run build
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const variants = [
  { name: 'simd128', folder: here('../build/wasm/wasm') },
  { name: 'relaxed', folder: here('../build/wasm-relaxed/wasm') },
];

/** Scripts of dist/ that others import; what a page does not ask for it does not download. */
const scripts = [
  'palate',
  'worker',
  'worker_client',
  'thread',
  'train',
  'train_worker',
  'model_cache',
  'delta',
  'new_items',
  'profile',
  'react',
  'element',
  'sentences',
  'node',
];
/** Files that belong to one of those scripts; all others are in runtime.js, which shares what common.ts lists. */
const parts = [
  'messages',
  'opening',
  'worker_link',
  'beside_worker',
  'beside_items',
  'beside_threads',
  'threads',
  'beside_train',
  'standalone',
  'train_here',
  'train_rows',
  'packed_items',
  'given_cells',
  'sections',
  'train_settings',
  'patch',
  'doorway',
  'feed_list',
];
const partsAndScripts = [...parts, ...scripts];

const options = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  // The package fetches and compiles the wasm itself: what the glue has for that is left out.
  define: {
    'WebAssembly.instantiateStreaming': 'undefined',
    'document.currentScript': 'undefined',
    'self.location.href': '""',
  },
  external: ['node:*', 'react'],
  logLevel: 'warning',
};

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

/** Leaves the imports of other scripts of dist/ in place, and has whatever they share come from runtime.js. */
const keepApart = {
  name: 'keep apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/\w+\.js$/ }, ({ path, importer }) => {
      const name = basename(path, '.js');
      if (scripts.includes(name)) return { path, external: true };
      const isApart = partsAndScripts.includes(basename(importer, '.ts'));
      // The files in src/profile belong to profile.js, and what they take from src does not.
      const isShared = path.startsWith('../') || (isApart && !parts.includes(name));
      return isShared ? { path: './runtime.js', external: true } : undefined;
    });
  },
};

async function bundle(glue) {
  await build({
    ...options,
    entryPoints: [
      { in: here('src/common.ts'), out: 'runtime' },
      ...scripts.map((name) => ({ in: here(`src/${name}.ts`), out: name })),
    ],
    outdir: here('dist'),
    alias: { 'palate-wasm': glue },
    plugins: [keepApart],
  });
}

/** For the single-file entry: its own files in the place of those that name files beside the script, or need some. */
const inlined = {
  name: 'inlined',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(beside|beside_worker|new_items|train)\.js$/ }, ({ path }) => ({
      path: here(`src/inline_${basename(path, '.js')}.ts`),
    }));
  },
};

async function bundleInline(glue) {
  await build({
    ...options,
    entryPoints: [here('src/inline.ts')],
    outfile: here('dist/inline.js'),
    alias: {
      'palate-wasm': glue,
      'palate-wasm-bytes': `${variants[0].folder}/palate-core.wasm`,
      'palate-wasm-rest-bytes': `${variants[0].folder}/palate-rest.wasm`,
    },
    loader: { '.wasm': 'binary' },
    plugins: [inlined],
  });
}

async function copyWasm() {
  for (const { name, folder } of variants) {
    await copyFile(`${folder}/palate-core.wasm`, here(`dist/palate-${name}.wasm`));
    await copyFile(`${folder}/palate-rest.wasm`, here(`dist/palate-${name}-rest.wasm`));
    await copyFile(`${folder}/palate-threads.wasm`, here(`dist/palate-${name}-threads.wasm`));
  }
  // One for all: what is trained or added must not depend on the browser.
  for (const part of ['items', 'train']) {
    const name = `palate-${part}.wasm`;
    await copyFile(`${variants[0].folder}/${part}/${name}`, here(`dist/${name}`));
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
await bundleInline(glue);
await copyWasm();
await copyLicence();
declare();
