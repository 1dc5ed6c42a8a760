// The bundlers, each as its own manual says. Each builds a folder of the project into its
// dist-NAME/ and returns what it warned of.
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';

export const bundlers = { vite: byVite, webpack: byWebpack, esbuild: byEsbuild, rollup: byRollup };

export async function byVite(folder) {
  const warnings = [];
  // How long a plugin took is no warning, and differs from machine to machine.
  const note = (message) => message.includes('PLUGIN_TIMINGS') || warnings.push(message);
  const quiet = { hasWarned: false, info() {}, clearScreen() {}, hasErrorLogged: () => false };
  await vite.build({
    root: folder,
    configFile: false,
    build: {
      outDir: 'dist-vite',
      target: 'es2022',
    },
    customLogger: { ...quiet, warn: note, warnOnce: note, error: note },
  });
  return warnings;
}

async function byWebpack(folder) {
  const dist = join(folder, 'dist-webpack');
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: 'production', context: folder, entry: './main.js', output: { path: dist } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  );
  copyFileSync(join(folder, 'webpack.html'), join(dist, 'index.html'));
  const { warnings, errors } = stats.toJson();
  return [...warnings, ...errors].map(({ message }) => message);
}

/** Files that are named beside a script are not esbuild's business: workers, threads and wasm are put there. */
async function byEsbuild(folder) {
  const dist = join(folder, 'dist-esbuild');
  const { warnings } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: {
      main: './main.js',
      worker: 'palate/worker',
      train_worker: 'palate/train-worker',
    },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    logLevel: 'silent',
  });
  putBeside(folder, dist);
  return warnings.map(({ text }) => text);
}

/** As with esbuild, workers, threads and wasm are put beside the scripts. */
async function byRollup(folder) {
  const dist = join(folder, 'dist-rollup');
  const warnings = [];
  const bundle = await rollup({
    input: {
      main: join(folder, 'main.js'),
      worker: 'palate/worker',
      train_worker: 'palate/train-worker',
    },
    plugins: [nodeResolve({ rootDir: folder })],
    onLog: (_, { message }) => warnings.push(message),
  });
  await bundle.write({ dir: dist, entryFileNames: '[name].js', chunkFileNames: '[name].js' });
  await bundle.close();
  putBeside(folder, dist);
  return warnings;
}

function putBeside(folder, dist) {
  const installed = join(folder, '../node_modules/palate/dist');
  for (const name of readdirSync(installed).filter((name) => /\.wasm$|^thread\.js$/.test(name)))
    copyFileSync(join(installed, name), join(dist, name));
  copyFileSync(join(folder, 'index.html'), join(dist, 'index.html'));
}
