// The pages: each library's script bundled on its own, served with its files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { serve } from '../../../tests/browser/site.mjs';
import { folder as data, root } from './files.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const site = join(root, 'build/bench/page/site');
const libraries = [
  'palate',
  'palate_rows',
  'palate_step',
  'litert',
  'onnx',
  'tfjs',
  'tfjs_step',
  'plain',
  'plain_step',
];

/** What the package's page names ahead, as Vite does for a page's scripts: the peers' are one file each. */
const ahead = { palate: ['/palate/palate.js', '/palate/runtime.js'] };

const page = (...lines) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Bench</title>
  <link rel="icon" href="data:," />
  ${lines.join('\n  ')}
</html>
`;

async function bundle() {
  await build({
    entryPoints: libraries.map((name) => here(`page/${name}.mjs`)),
    outdir: site,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    alias: { 'palate-wasm': join(root, 'build/wasm/wasm/palate.mjs') },
    // The package is loaded as it ships, not bundled.
    external: ['/palate/*'],
    logLevel: 'error',
  });
  mkdirSync(site, { recursive: true });
  writeFileSync(join(site, 'blank.html'), page());
  for (const name of libraries)
    writeFileSync(
      join(site, `${name}.html`),
      page(
        ...(ahead[name] ?? []).map((url) => `<link rel="modulepreload" href="${url}" />`),
        `<script type="module" src="/${name}.js"></script>`,
      ),
    );
}

/** Isolated from other origins: only then do browsers give a fine clock. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export async function serveSite() {
  await bundle();
  return serve(
    {
      '/data/': data,
      '/palate/': join(root, 'js/dist'),
      '/step/simd128/': join(root, 'build/wasm/tools/bench'),
      '/step/relaxed/': join(root, 'build/wasm-relaxed/tools/bench'),
      '/litert/': here('node_modules/@litertjs/core/wasm'),
      '/onnx/': here('node_modules/onnxruntime-web/dist'),
      '/tfjs/': here('node_modules/@tensorflow/tfjs-backend-wasm/dist'),
      '/': site,
    },
    headers,
  );
}
