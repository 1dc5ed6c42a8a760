// An instance of the runtime: its core at once, the rest when somebody first asks for it.
import createModule, { type WasmModule } from 'palate-wasm';
import { PalateError, reasonOf } from './errors.js';
import type { CompiledWasm } from './wasm_file.js';

export interface Instance {
  module: WasmModule;
  /** Resolves when the functions of the rest may be called, too. */
  loadRest(): Promise<void>;
  /** Of a build with threads. */
  memory: WebAssembly.Memory | undefined;
}

export async function instantiate(wasm: CompiledWasm): Promise<Instance> {
  const { core, rest } = wasm;
  const memory = wasm.memory?.();
  let instance: WebAssembly.Instance;
  const module = await new Promise<WasmModule>((resolve, reject) => {
    // What fails is ours to tell: the glue waits for an instance, and knows of no failure.
    const receiveInstance = (imports: WebAssembly.Imports) =>
      new Promise<{ instance: WebAssembly.Instance }>((receive) => {
        start(core, { ...imports, rest: notLoaded, palate: { memory } }).then((started) => {
          instance = started;
          receive({ instance });
        }, reject);
      });
    createModule({ instantiate: receiveInstance }).then(resolve, reject);
  });
  let loading: Promise<void> | undefined;
  const load = async () => {
    // It puts its functions into the table of the core, in the place of those that refuse.
    if (rest) await start(await rest(), { primary: instance.exports });
  };
  const loadRest = () => {
    loading ??= load();
    // A failure is not remembered: the next call may find the network again.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  return { module, loadRest, memory };
}

/** Stands for every function of the rest until that is there; nobody calls it. */
function refuse(): never {
  throw new Error('a part of the runtime is called before it was loaded');
}
const notLoaded = new Proxy({}, { get: () => refuse });

async function start(compiled: WebAssembly.Module, imports: object) {
  try {
    return await WebAssembly.instantiate(compiled, imports as WebAssembly.Imports);
  } catch (cause) {
    throw new PalateError(
      cause instanceof RangeError ? 'memory/refused' : 'runtime/load',
      `the runtime does not start: ${reasonOf(cause)}${adviceOn(cause)}`,
      { cause },
    );
  }
}

function adviceOn(thrown: unknown): string {
  if (thrown instanceof RangeError) return ': dispose of models that are no longer asked';
  // What a page's policy makes of it; the second in WebKit.
  const isOfPolicy = thrown instanceof WebAssembly.CompileError || thrown instanceof EvalError;
  return isOfPolicy ? ": does script-src allow 'wasm-unsafe-eval'?" : '';
}
