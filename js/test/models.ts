// The golden models and the runtime's two builds, read from disk: Node's fetch reads no files.
import { readFile } from 'node:fs/promises';
import { type LoadOptions, Palate } from '../dist/palate.js';

export type Golden = 'popularity' | 'fold_in' | 'hybrid';

export const variants = ['simd128', 'relaxed'] as const;
export type Variant = (typeof variants)[number];

export function readGolden(name: Golden): Promise<Uint8Array> {
  return readFile(new URL(`../../tests/golden/${name}.palate`, import.meta.url));
}

export async function compileWasm(variant: Variant): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL(`../dist/palate-${variant}.wasm`, import.meta.url)));
}

const simd128 = await compileWasm('simd128');

export async function openGolden(name: Golden, variant: Variant = 'simd128'): Promise<Palate> {
  return openBytes(await readGolden(name), { wasm: await compileWasm(variant) });
}

export function openBytes(bytes: Uint8Array, options: LoadOptions = {}): Promise<Palate> {
  return Palate.load(bytes, { wasm: simd128, ...options });
}
