// Opens a model on the thread that asks: in the page, or in the worker.
import { Engine } from './engine.js';
import { type Entry, MemoryStore } from './history.js';
import { Runtime } from './runtime.js';
import { compileWasm, type WasmSource } from './wasm_file.js';

export interface Local {
  /** Another thread of the page starts sooner with it. */
  module: WebAssembly.Module;
  open(model: Uint8Array, entries?: readonly Entry[]): Promise<Engine>;
}

/** Makes the runtime ready while the model is still on its way. */
export async function startLocal(wasm: WasmSource): Promise<Local> {
  const module = await compileWasm(wasm);
  const openRuntime = (model: Uint8Array) => Runtime.open(model, module);
  return {
    module,
    open: async (model, entries = []) =>
      new Engine(await openRuntime(model), new MemoryStore(entries), openRuntime),
  };
}
