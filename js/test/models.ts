// The golden models and the runtime's two builds, read from disk: Node's fetch reads no files.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { type LoadOptions, type ModelSource, Palate, PalateError } from '../dist/palate.js';

/** One of every kind of encoder, one with a ranker, and the quantised ones. */
export const goldens = [
  'popularity',
  'fold_in',
  'hybrid',
  'sequence',
  'recurrence',
  'byte_ranker',
  'weighted_mean',
  'indexed',
  'indexed_fold_in',
  'item_weights',
  'cosines',
  'int8',
  'int4',
  'context',
  'recency',
  'content_map',
] as const;
export type Golden = (typeof goldens)[number];

export const variants = ['simd128', 'relaxed'] as const;
export type Variant = (typeof variants)[number];

export function readGolden(name: Golden): Promise<Uint8Array> {
  return readFile(new URL(`../../tests/golden/${name}.palate`, import.meta.url));
}

/** A delta between two golden models. */
export function readGoldenDelta(name: string): Promise<Buffer> {
  return readFile(new URL(`../../tests/golden/${name}.delta`, import.meta.url));
}

/** What `assert.rejects` takes for an error of the package. */
export function isError(code: string, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof PalateError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

export async function compileWasm(variant: Variant, part = ''): Promise<WebAssembly.Module> {
  return WebAssembly.compile(
    await readFile(new URL(`../dist/palate-${variant}${part}.wasm`, import.meta.url)),
  );
}

export const simd128 = await compileWasm('simd128');
export const simd128Rest = await compileWasm('simd128', '-rest');
const wasmItems = await WebAssembly.compile(
  await readFile(new URL('../dist/palate-items.wasm', import.meta.url)),
);

/** Opens a model until the test ends. */
export async function open(
  context: TestContext,
  source: ModelSource,
  options: LoadOptions = {},
): Promise<Palate> {
  const own = { wasm: simd128, wasmRest: simd128Rest, wasmItems };
  const palate = await Palate.load(source, { ...own, ...options });
  context.after(() => palate.dispose());
  return palate;
}

export async function openGolden(
  context: TestContext,
  name: Golden,
  variant: Variant = 'simd128',
): Promise<Palate> {
  return open(context, await readGolden(name), {
    wasm: await compileWasm(variant),
    wasmRest: await compileWasm(variant, '-rest'),
  });
}
