// Modules without any glue: wasm/train, wasm/items.

/** What they have in common; addresses are byte offsets into the memory. */
export interface Standalone {
  memory: WebAssembly.Memory;
  _initialize(): void;
  errorCode(): number;
  errorMessage(): number;
  /** 1 where it ended for want of memory. */
  ranOutOfMemory(): number;
}

export async function startStandalone<Exports extends Standalone>(
  module: WebAssembly.Module,
): Promise<Exports> {
  const imports = { env: { emscripten_notify_memory_growth() {} } };
  const { exports } = await WebAssembly.instantiate(module, imports);
  const started = exports as unknown as Exports;
  started._initialize();
  return started;
}

/** The memory may have grown, and moved, since the last call. */
export function bytesOf({ memory }: Standalone, at: number, size: number): Uint8Array {
  // Addresses from 2 GiB on come as negative numbers.
  return new Uint8Array(memory.buffer, at >>> 0, size >>> 0);
}

/** It ends in a zero. */
export function textOf({ memory }: Standalone, at: number): string {
  const bytes = new Uint8Array(memory.buffer, at >>> 0);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}
