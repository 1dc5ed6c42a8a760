// Who takes part: each library under each setting, and what names it in the report.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './files.mjs';
import { nextList, trainingStep, works } from './works.mjs';

/** What is measured of Palate, by what stands before the ending of the files' names. */
export const palateFiles = () =>
  [
    { precision: 'f32', precomputed: 'no', suffix: '' },
    { precision: 'int8', precomputed: 'yes', suffix: '-int8' },
    { precision: 'int8', precomputed: 'no', suffix: '-int8-lean', ranksOnly: true },
  ].filter(({ suffix }) => existsSync(join(folder, `rank-100k${suffix}.palate`)));

/** Nothing but a ranker has halves of items to do without. */
const worksOf = ({ ranksOnly }, all) =>
  ranksOnly ? all.filter(({ kind }) => kind !== 'retrieve') : all;

/** Asked by rows, as the peers are: what the package does beneath its ids. */
const byRows = (variant, files) => ({
  name: 'Palate',
  build: variant,
  ...files,
  page: 'palate_rows',
  setting: { variant, suffix: files.suffix },
  works: worksOf(files, works),
});

/** The package with ids, on the page's own thread or behind the worker's hop. */
const byIds = (variant, files, worker) => ({
  name: worker ? 'Palate, package, worker' : 'Palate, package',
  build: variant,
  ...files,
  page: 'palate',
  setting: { variant, suffix: files.suffix, worker: String(worker) },
  works: worksOf(files, [...works, nextList]),
});

/** The same in an isolated page with several threads, where there is a pass over the catalogue to share out. */
const byIdsWithThreads = (files) => ({
  ...byIds(undefined, files, true),
  name: 'Palate, package, worker, threads',
  build: 'threads',
  setting: { suffix: files.suffix, worker: 'true', threads: '2' },
  // Rows of the smallest catalogue are too few to be shared out, in bytes.
  works: worksOf(files, [...works, nextList]).filter(({ catalogue }) => catalogue !== '10k'),
});

/** `variants`: the builds that the browser accepts, the best first. The package has the best. */
export const palate = (variants) =>
  palateFiles().flatMap((files) => [
    ...variants.map((variant) => byRows(variant, files)),
    byIds(variants[0], files, false),
    byIds(variants[0], files, true),
    byIdsWithThreads(files),
  ]);

/** The package alone, in the page. */
export const packages = (variants) =>
  palateFiles().map((files) => byIds(variants[0], files, false));

const { devDependencies: versions } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);
const litert = `LiteRT.js ${versions['@litertjs/core']}`;
const onnx = `ONNX Runtime Web ${versions['onnxruntime-web']}`;
const tfjs = `TensorFlow.js ${versions['@tensorflow/tfjs-core']}`;

/** One thread each; int8 as their own tools make it: weights in int8, activations when they come. */
const peer = (name, page, precision) => ({
  name,
  build: '',
  precision,
  precomputed: 'no',
  page,
  setting: { precision },
  works,
  isPeer: true,
});

export const plain = { ...peer('plain JS', 'plain', 'f32'), isReference: true };
export const peers = [
  peer(litert, 'litert', 'f32'),
  peer(litert, 'litert', 'int8'),
  peer(onnx, 'onnx', 'f32'),
  peer(onnx, 'onnx', 'int8'),
  peer(tfjs, 'tfjs', 'f32'),
  plain,
];

const step = (name, page, more) => ({
  ...peer(name, page, 'f32'),
  works: [trainingStep],
  ...more,
});

/** Who trains: Palate by what learns from choices, on the whole network; the other peers only infer. */
export const ownSteps = (variants) => [
  ...variants.map((build) =>
    step('Palate', 'palate_step', { build, setting: { variant: build }, isPeer: false }),
  ),
  step('plain JS', 'plain_step', { isReference: true }),
];
export const tfjsStep = step(tfjs, 'tfjs_step', {});
