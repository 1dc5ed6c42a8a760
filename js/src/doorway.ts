// Where calls wait for a model that is still being loaded.
import type { Palate, PalateError } from './palate.js';

interface Waiting {
  resolve: (palate: Palate) => void;
  reject: (error: PalateError) => void;
}

export class Doorway {
  #palate: Palate | undefined;
  #error: PalateError | undefined;
  #waiting: Waiting[] = [];

  /** The open model, or the one that opens next. */
  pass(): Promise<Palate> {
    return new Promise((resolve, reject) => {
      if (this.#palate !== undefined) resolve(this.#palate);
      else if (this.#error !== undefined) reject(this.#error);
      else this.#waiting.push({ resolve, reject });
    });
  }

  open(palate: Palate): void {
    this.#palate = palate;
    for (const { resolve } of this.#waiting.splice(0)) resolve(palate);
  }

  fail(error: PalateError): void {
    this.#error = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Another model is being loaded; those who wait go on waiting. */
  close(): void {
    this.#palate = undefined;
    this.#error = undefined;
  }
}
