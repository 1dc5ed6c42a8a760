// The build of the runtime with threads: a worker's, since a page's own thread must not wait for others.
import { defaultThreads, startDefaultThread } from './beside_threads.js';
import type { Instance } from './instance.js';
import type { Help } from './thread.js';
import { type CompiledWasm, compileFrom, type WasmSources } from './wasm_file.js';

const shape = { initial: 2 ** 6, maximum: 2 ** 16, shared: true }; // pages of 64 KiB

/**
 * Compiles that build; `undefined` where it is missing, the browser refuses shared memory, or the wasm of a page's own is
 * another. `count`: threads, this one included. `changed` is told how many there are, whenever one has come.
 */
export async function compileShared(
  { core }: WasmSources,
  count: number,
  changed: (threads: number) => void,
): Promise<CompiledWasm | undefined> {
  let shared: WebAssembly.Module;
  let first: WebAssembly.Memory | undefined;
  try {
    shared = await compileFrom(core, defaultThreads);
    first = new WebAssembly.Memory(shape);
  } catch {
    return undefined;
  }
  if (!WebAssembly.Module.imports(shared).some(({ kind }) => kind === 'memory')) return undefined;
  const threads = new Threads(shared, count, changed);
  return {
    core: shared,
    memory() {
      const memory = first ?? new WebAssembly.Memory(shape);
      first = undefined;
      return memory;
    },
    help: (instance) => threads.help(instance),
  };
}

/** Started once, and each when the one before is there: Firefox may hang where threads start together, or while others end. */
class Threads {
  #module: WebAssembly.Module;
  #count: number;
  #changed: (threads: number) => void;
  #helpers: Worker[] = [];
  #helped: Instance | undefined;
  #round = 0;
  #there = 1;

  constructor(module: WebAssembly.Module, count: number, changed: (threads: number) => void) {
    this.#module = module;
    this.#count = count;
    this.#changed = changed;
  }

  help(instance: Instance): void {
    // It may be asked until the other takes its place.
    this.#helped?.module.letGo!();
    this.#helped = instance;
    this.#become(1);
    const round = ++this.#round;
    // Not before the answer that the model is open: Firefox may hang where a worker starts another,
    // and a worker is missed and replaced only from that answer on.
    setTimeout(() => {
      if (round === this.#round) this.#addOne();
    });
  }

  #become(threads: number): void {
    this.#there = threads;
    this.#changed(threads);
  }

  #addOne(): void {
    const threads = this.#there;
    const { module: session, memory } = this.#helped!;
    if (threads === this.#count || !session.share!()) return;
    const stack = session.helperStack!();
    if (stack === 0) return;
    const entry = session.helperEntry!();
    const help = { module: this.#module, memory: memory!, entry, stack, round: this.#round };
    try {
      (this.#helpers[threads - 1] ??= this.#start()).postMessage(help satisfies Help);
    } catch {
      // No workers in workers, or a policy against them.
    }
  }

  #start(): Worker {
    const helper = startDefaultThread();
    helper.onmessage = ({ data: round }: MessageEvent<number>) => {
      if (round !== this.#round) return;
      this.#become(this.#there + 1);
      this.#addOne();
    };
    // A script that is missing: no thread more.
    helper.onerror = (event) => event.preventDefault();
    return helper;
  }
}
