// An instance of the runtime: its core at once, the rest when somebody first asks for it.
import { PalateError, reasonOf } from './errors.js';
import type { Exports } from './exports.js';
import { Memory } from './memory.js';
import type { CompiledWasm } from './wasm_file.js';

export interface Instance {
  exports: Exports;
  memory: Memory;
  /** Resolves when the functions of the rest may be called, too. */
  loadRest(): Promise<void>;
}

export async function instantiate(wasm: CompiledWasm): Promise<Instance> {
  const { core, rest } = wasm;
  const shared = wasm.memory?.();
  const env = { memory: shared, emscripten_notify_memory_growth: () => memory.grown() };
  const { exports } = await start(core, { env, rest: notLoaded });
  const started = exports as unknown as Exports & {
    memory: WebAssembly.Memory;
    _initialize(): void;
  };
  const memory = new Memory(shared ?? started.memory);
  started._initialize();
  let loading: Promise<void> | undefined;
  const load = async () => {
    // It puts its functions into the table of the core, in the place of those that refuse.
    if (rest) await start(await rest(), { primary: exports });
  };
  const loadRest = () => {
    loading ??= load();
    // A failure is not remembered: the next call may find the network again.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  return { exports: started, memory, loadRest };
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
