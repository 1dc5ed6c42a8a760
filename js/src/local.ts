// Opens a model on the thread that asks: in the page, or in the worker.
import { Engine } from './engine.js';
import { type Entry, MemoryStore } from './history.js';
import { type Instance, instantiate } from './instance.js';
import { mayCompare } from './integrity.js';
import type { LearningSettings } from './learning.js';
import { type Berth, berthIn, holds, Runtime } from './runtime.js';
import { type CompiledWasm, compileWasm, type WasmSources } from './wasm_file.js';

export interface Local {
  /** Another thread of the page starts sooner with it. */
  module: WebAssembly.Module;
  /** Memory for a model of so many bytes; one that lies there is opened without a copy. */
  room(size: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  open(model: Uint8Array, entries?: readonly Entry[]): Promise<Engine>;
}

/** Makes the runtime ready while the model is still on its way. */
export async function startLocal(
  sources: WasmSources,
  learning: LearningSettings,
  shared?: CompiledWasm,
): Promise<Local> {
  const wasm = shared ?? (await compileWasm(sources));
  // The first is there before the size of the model is known.
  let first: Instance | undefined = await instantiate(wasm);
  let berth: Berth | undefined;
  const makeBerth = async (size: number) => {
    const instance = first ?? (await instantiate(wasm));
    first = undefined;
    return berthIn(instance, size);
  };
  const openRuntime = async (model: Uint8Array) => {
    const own = berth && holds(berth, model) ? berth : await makeBerth(model.length);
    berth = undefined;
    const runtime = await Runtime.open(own, model, learning);
    wasm.help?.(own);
    await runtime.useIndex();
    return runtime;
  };
  return {
    module: wasm.core,
    async room(size) {
      berth = await makeBerth(size);
      const { address, module, loadRest } = berth;
      // Opening asks for it: it comes while the model does.
      if (!mayCompare(size)) void loadRest();
      return address === 0 ? undefined : module.HEAPU8.subarray(address, address + size);
    },
    open: async (model, entries = []) =>
      new Engine(await openRuntime(model), new MemoryStore(entries), openRuntime),
  };
}
