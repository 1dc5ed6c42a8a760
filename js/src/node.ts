/**
 * Palate in Node: models from files, and the runtime found without an address.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PalateError, reasonOf } from './errors.js';
import {
  type LoadOptions,
  type ModelSource,
  Palate,
  type TrainOptions,
  type TrainRow,
} from './palate.js';

export * from './palate.js';

let compiled: ReturnType<typeof compileOwnWasm> | undefined;

/**
 * Loads a model as `Palate.load` does; an address may also be a file's path or a `file:` URL.
 *
 * ```ts
 * const palate = await load('model.palate');
 * ```
 */
export async function load(
  source: ModelSource,
  options: Omit<LoadOptions, 'worker' | 'cache' | 'onCache'> = {},
): Promise<Palate> {
  const model = isFile(source) ? await readModel(source) : source;
  // The rest is of one build with the core: beside another core it is not the package's own.
  if (options.wasm !== undefined) return Palate.load(model, options);
  compiled ??= compileOwnWasm();
  // A failure is not remembered.
  compiled.catch(() => (compiled = undefined));
  const { wasm, wasmRest, wasmItems } = await compiled;
  return Palate.load(model, {
    ...options,
    wasm,
    wasmRest: options.wasmRest ?? wasmRest,
    wasmItems: options.wasmItems ?? wasmItems,
  });
}

let trainer: Promise<WebAssembly.Module> | undefined;

/** Trains a model as `Palate.train` does, on the thread that asks. */
export async function train(
  rows: Iterable<TrainRow>,
  options: Omit<TrainOptions, 'worker'> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (options.wasm !== undefined) return Palate.train(rows, { ...options, worker: false });
  trainer ??= compileOwnTrainer();
  trainer.catch(() => (trainer = undefined));
  const wasm = await trainer;
  return Palate.train(rows, { ...options, wasm, worker: false });
}

/** Whatever Node knows of SIMD, the plain build runs everywhere. */
async function compileOwnWasm() {
  const [wasm, wasmRest, wasmItems] = await Promise.all([
    readFile(new URL('./palate-simd128.wasm', import.meta.url)).then(WebAssembly.compile),
    readFile(new URL('./palate-simd128-rest.wasm', import.meta.url)),
    readFile(new URL('./palate-items.wasm', import.meta.url)),
  ]);
  return { wasm, wasmRest, wasmItems };
}

async function compileOwnTrainer() {
  return WebAssembly.compile(await readFile(new URL('./palate-train.wasm', import.meta.url)));
}

function isFile(source: ModelSource): source is string | URL {
  if (source instanceof URL) return source.protocol === 'file:';
  return typeof source === 'string' && !/^(https?|data|blob):/.test(source);
}

async function readModel(source: string | URL): Promise<Uint8Array> {
  try {
    const isUrl = source instanceof URL || source.startsWith('file:');
    return await readFile(isUrl ? fileURLToPath(source) : source);
  } catch (cause) {
    throw new PalateError('fetch/network', `${source} cannot be read: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
