// Opens a model on the thread that asks: in the page, or in the worker.
import { Engine } from './engine.js';
import { MemoryStore } from './history.js';
import { Runtime } from './runtime.js';
import { compileWasm, type WasmSource } from './wasm_file.js';

/** Makes the runtime ready while the model is still on its way; resolves to what opens the model. */
export async function startLocal(
  wasm: WasmSource,
): Promise<(model: Uint8Array) => Promise<Engine>> {
  const module = await compileWasm(wasm);
  return async (model) => new Engine(await Runtime.open(model, module), new MemoryStore());
}
