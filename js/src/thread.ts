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
  /** The function to call, by its place in the table, with the end of its stack. */
  entry: number;
  stack: number;
  /** To say that it is there. */
  round: number;
}

onmessage = async ({ data }: MessageEvent<Help>) => {
  const { module, memory, entry, stack, round } = data;
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = kind === 'memory' ? memory : refuse;
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  const table = Object.values(exports).find((one) => one instanceof WebAssembly.Table)!;
  postMessage(round);
  table.get(entry)(stack);
};

/** A helper allocates nothing and registers nothing. */
function refuse(): never {
  throw new Error('a thread calls what only its worker may');
}
