// Calls into an instance: its errors as exceptions, its memory word by word.
import type { WasmModule } from 'palate-wasm';
import { disposed, PalateError, type PalateErrorCode, reasonOf } from './errors.js';

export class Session {
  /** Let go of when nothing may be asked any more. */
  #module: WasmModule | undefined;
  #failure: PalateError | undefined;

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /** Lets all memory go; nothing may be asked afterwards. */
  dispose(): void {
    this.#module = undefined;
    this.#failure = disposed();
  }

  /** Calls into wasm; `false` from there means that an error is held. */
  call<T>(work: (module: WasmModule) => T | false): T {
    const module = this.#module;
    if (module === undefined) throw this.#failure;
    let result: T | false;
    try {
      result = work(module);
    } catch (thrown) {
      // A trap leaves the instance in an unknown state: nothing in it is asked again.
      this.#module = undefined;
      this.#failure = new PalateError(
        'runtime/failed',
        `the runtime stopped: ${reasonOf(thrown)}`,
        { cause: thrown },
      );
      throw this.#failure;
    }
    if (result !== false) return result;
    throw new PalateError(module.errorCode() as PalateErrorCode, module.errorMessage());
  }

  /** The same where `false` is an answer. */
  asks(question: (module: WasmModule) => boolean): boolean {
    return this.call((module) => Number(question(module))) === 1;
  }

  /** Puts words where the next call looks for what it takes. */
  write(words: readonly number[] | Uint32Array): void {
    this.call((module) => {
      const start = module.desk(4 * words.length) / 4;
      // `set` looks each number of a plain array up as a property.
      words.forEach((word, index) => (module.HEAPU32[start + index] = word));
    });
  }

  /** Views, which are lost when a later call lets the memory grow. */
  words(address: number, count: number): Uint32Array {
    return this.#module!.HEAPU32.subarray(address / 4, address / 4 + count);
  }

  floats(address: number, count: number): Float32Array {
    return this.#module!.HEAPF32.subarray(address / 4, address / 4 + count);
  }
}

/** A number as the word of its single precision. */
export function bits(number: number): number {
  return new Uint32Array(Float32Array.of(number).buffer)[0]!;
}
