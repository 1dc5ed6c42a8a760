// How a model comes to where it is run: into this page or its worker, from the network or the cache.
import {
  checkLearning,
  isWasmSource,
  named,
  readModelFile,
  roomInScript,
  startLocal,
} from './common.js';
import { PalateError } from './errors.js';
import type { OpenPlace, Place, ReadModel } from './place.js';
import type { LoadOptions, ModelSource } from './types.js';
import type { WasmSource, WasmSources } from './wasm_file.js';

/** Opens the model of a source: here or in a worker, through the cache or not. */
export async function openModel(
  source: ModelSource,
  options: LoadOptions,
  wasm: WasmSources,
): Promise<Place> {
  const openIt = options.worker ? openInWorker : openHere;
  const open: OpenPlace = (read) => named(source, openIt(read, options, wasm));
  if (!options.cache) return open((room) => readModelFile(source, { ...options, room }));
  const { openThroughCache } = await import('./model_cache.js');
  return openThroughCache(source, options, open);
}

type Open = (read: ReadModel, options: LoadOptions, wasm: WasmSources) => Promise<Place>;

const openHere: Open = async (read, { signal, learning }, wasm) => {
  // Asked for first: the model goes into its memory.
  const starting = startLocal(wasm, checkLearning(learning));
  // Where a policy allows neither, the error is of the model.
  starting.catch(() => {});
  const model = await read(async (size) => (await starting).room(size));
  const engine = await (await starting).open(model);
  if (signal?.aborted) engine.dispose();
  signal?.throwIfAborted();
  return engine;
};

const openInWorker: Open = async (read, options, wasm) => {
  let tell!: (bytes: number) => void;
  const size = new Promise<number>((resolve) => (tell = resolve));
  const reading = read((bytes) => {
    tell(bytes);
    return roomInScript(bytes);
  });
  reading.catch(() => {});
  // Pages that do not ask for a worker do not download this.
  const client = await import('./worker_client.js');
  return client.openInWorker(reading, size, options, wasm);
};

/** A worker reads addresses against its own script: the page's are made absolute first. */
export function wasmSource(given: LoadOptions['wasm'], name: string): WasmSource {
  if (typeof given === 'string' || given instanceof URL) return absolute(given, name);
  if (isWasmSource(given)) return given;
  throw new PalateError(
    'request/invalid',
    `${name} must be an address, bytes or a WebAssembly.Module`,
  );
}

function absolute(address: string | URL, name: string): string {
  try {
    return new URL(address, globalThis.document?.baseURI).href;
  } catch (cause) {
    throw new PalateError('request/invalid', `${name} is no address: ${address}`, { cause });
  }
}
