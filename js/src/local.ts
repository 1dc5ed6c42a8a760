// Opens a model on the thread that asks: in the page, or in the worker.
import { Engine } from './engine.js';
import { type Entry, MemoryStore } from './history.js';
import { Runtime } from './runtime.js';
import { compileWasm, type WasmSources } from './wasm_file.js';

export interface Local {
  /** Another thread of the page starts sooner with it. */
  module: WebAssembly.Module;
  open(model: Uint8Array, entries?: readonly Entry[]): Promise<Engine>;
}

/** Makes the runtime ready while the model is still on its way. */
export async function startLocal(sources: WasmSources): Promise<Local> {
  const wasm = await compileWasm(sources);
  const openRuntime = (model: Uint8Array) => Runtime.open(model, wasm);
  return {
    module: wasm.core,
    open: async (model, entries = []) =>
      new Engine(await openRuntime(model), new MemoryStore(entries), openRuntime),
  };
}
