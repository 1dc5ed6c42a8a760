// Calls into an instance: its errors as exceptions, what it takes word by word.
import { disposed, PalateError, type PalateErrorCode, reasonOf } from './errors.js';
import type { Exports } from './exports.js';
import type { Instance } from './instance.js';
import type { Memory } from './memory.js';

export class Session {
  /** Let go of when nothing may be asked any more. */
  #instance: Instance | undefined;
  #failure: PalateError | undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** Lets all memory go; nothing may be asked afterwards. */
  dispose(): void {
    this.#instance = undefined;
    this.#failure = disposed();
  }

  /** Calls into wasm. */
  call<T>(work: (wasm: Exports, memory: Memory) => T): T {
    const instance = this.#instance;
    if (instance === undefined) throw this.#failure;
    try {
      return work(instance.exports, instance.memory);
    } catch (thrown) {
      // A trap leaves the instance in an unknown state: nothing in it is asked again.
      this.#instance = undefined;
      this.#failure = new PalateError(
        'runtime/failed',
        `the runtime stopped: ${reasonOf(thrown)}`,
        { cause: thrown },
      );
      throw this.#failure;
    }
  }

  /** The same for what can fail; 0 from there means that an error is held. */
  do(work: (wasm: Exports, memory: Memory) => number): number {
    const answer = this.call(work);
    if (answer !== 0) return answer;
    const code = this.text((wasm) => wasm.errorCode()) as PalateErrorCode;
    throw new PalateError(
      code,
      this.text((wasm) => wasm.errorMessage()),
    );
  }

  /** A text, by its stretch. */
  text(stretchOf: (wasm: Exports) => number): string {
    return this.call((wasm, memory) => memory.text(stretchOf(wasm)));
  }

  /** Puts words where the next call looks for what it takes. */
  write(words: readonly number[]): void {
    this.call((wasm, memory) => {
      const start = wasm.desk(4 * words.length) >>> 2;
      const desk = memory.words;
      // `set` looks each number of a plain array up as a property.
      words.forEach((word, index) => (desk[start + index] = word));
    });
  }

  /** Puts a text there; how many bytes it has. */
  writeText(text: string): number {
    return this.call((wasm, memory) => memory.write(text, wasm.desk(3 * text.length) >>> 0));
  }
}

/** A number as the word of its single precision. */
export function bits(number: number): number {
  return new Uint32Array(Float32Array.of(number).buffer)[0]!;
}
