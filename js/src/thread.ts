/**
 * A thread that helps the worker through large catalogues: an instance of the worker's module over the worker's memory. It
 * says that it is there, then waits for work within the module until that lets it go, or the worker ends.
 *
 * @module
 */

/** What a thread shall do next. */
export interface Help {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** The end of its stack. */
  stack: number;
  /** To say that it is there. */
  round: number;
}

onmessage = async ({ data }: MessageEvent<Help>) => {
  const { module, memory, stack, round } = data;
  const imports = { env: { memory, emscripten_notify_memory_growth: refuse } };
  const { exports } = await WebAssembly.instantiate(module, imports);
  postMessage(round);
  (exports as unknown as { help(stack: number): void }).help(stack);
};

/** A helper allocates nothing. */
function refuse(): never {
  throw new Error('a thread calls what only its worker may');
}
