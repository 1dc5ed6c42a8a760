// The files that are measured on, made once in build/bench/page/data: Palate's and the peers'.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxRanker, onnxRetrieval } from './onnx_file.mjs';
import { layersOf } from './page/inputs.mjs';
import { tfliteRanker, tfliteRetrieval } from './tflite_file.mjs';
import { alone, catalogues, dimension, rankedCounts, requestCount } from './works.mjs';

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
  writeVisitors();
  writeShortRequests();
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

/** The vector of each request's visitor, who is an item. */
function writeVisitors() {
  const items = floats('items-10k.f32');
  const vectorOf = (row) => items.subarray(row * dimension, (row + 1) * dimension);
  const requests = words('requests.u32');
  const stride = requests.length / requestCount;
  const vectors = new Float32Array(requestCount * dimension);
  for (let index = 0; index < requestCount; ++index)
    vectors.set(vectorOf(requests[index * stride]), index * dimension);
  writeFileSync(join(folder, 'visitors.f32'), vectors);
}

/** The requests with no more candidates than a page asks for that is alone. */
function writeShortRequests() {
  const requests = words('requests.u32');
  const stride = requests.length / requestCount;
  const short = requests.filter((_, place) => place % stride <= alone.count);
  writeFileSync(join(folder, 'alone.u32'), short);
}

function read(name, Words) {
  const { buffer, byteOffset, length } = readFileSync(join(folder, name));
  return new Words(buffer, byteOffset, length / 4);
}
const floats = (name) => read(name, Float32Array);
const words = (name) => read(name, Uint32Array);
