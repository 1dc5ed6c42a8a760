// The files that are measured on, made once in build/bench/page/data: Palate's and the peers'.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxRanker, onnxRetrieval } from './onnx_file.mjs';
import { layersOf } from './page/inputs.mjs';
import { tfliteRanker, tfliteRetrieval } from './tflite_file.mjs';
import { catalogues, dimension, rankedCounts } from './works.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const root = here('../../../');
export const folder = join(root, 'build/bench/page/data');

const makers = [
  join(root, 'build/release/tools/bench/page_models'),
  ...['files.mjs', 'onnx_file.mjs', 'tflite_file.mjs', 'works.mjs', 'page/inputs.mjs'].map(here),
];

/** Makes all files, unless the same programs made them before. */
export function makeFiles() {
  const madeFrom = createHash('sha256');
  for (const maker of makers) madeFrom.update(readFileSync(maker));
  const digest = madeFrom.digest('hex');
  const mark = join(folder, 'made_from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(makers[0], [folder], { stdio: 'inherit' });
  writePeers();
  writeFirstRequest();
  writeFileSync(mark, digest);
}

function writePeers() {
  const write = (name, bytes) => writeFileSync(join(folder, name), bytes);
  const network = layersOf(floats('network.f32'));
  for (const precision of ['f32', 'int8']) {
    write(`rank-${precision}.onnx`, onnxRanker(precision, floats('items-100k.f32'), network));
    for (const count of rankedCounts)
      write(`rank-${count}-${precision}.tflite`, tfliteRanker(precision, count, network));
    for (const catalogue of Object.keys(catalogues)) {
      const items = floats(`items-${catalogue}.f32`);
      write(`retrieve-${catalogue}-${precision}.onnx`, onnxRetrieval(precision, items));
      write(`retrieve-${catalogue}-${precision}.tflite`, tfliteRetrieval(precision, items));
    }
  }
}

function writeFirstRequest() {
  const row = 0;
  const vector = Array.from(floats('items-10k.f32').subarray(row, row + dimension));
  writeFileSync(join(folder, 'first.json'), JSON.stringify({ row, vector }));
}

function floats(name) {
  const { buffer, byteOffset, length } = readFileSync(join(folder, name));
  return new Float32Array(buffer, byteOffset, length / 4);
}
