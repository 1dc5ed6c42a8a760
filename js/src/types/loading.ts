// Where a model comes from, and how it is fetched and run.
import type { PalateError } from '../errors.js';
import type { ModelFacts } from './answers.js';
import type { LearningOptions, ProfileOptions } from './profile.js';

/** Where a model file comes from. */
export type ModelSource = string | URL | Response | ArrayBuffer | Uint8Array;

/** How far a download has come. */
export interface Progress {
  /** Bytes so far of the model, or of a delta file, as they are after decompression. */
  loaded: number;
  /** Of the whole file, as it states itself; `undefined` until its first 64 bytes are there. */
  total: number | undefined;
}

/** What became of the model in the browser's cache. */
export type CacheEvent =
  /** The model came from the cache; the server is asked for a newer one in the background. */
  | { state: 'hit' }
  /** The model was downloaded and is kept. */
  | { state: 'stored' }
  /** The server has the same model. */
  | { state: 'current' }
  /** The server had a newer model: it is kept, and took the place of the older one. */
  | { state: 'updated'; model: ModelFacts }
  /** No newer model could be had, offline for instance: the one that was kept stays. */
  | { state: 'stale'; error: PalateError }
  /** What was kept is damaged, or not what `integrity` says: it is downloaded instead. */
  | { state: 'dropped'; error: PalateError }
  /** The browser keeps nothing, for want of space for instance: the page works all the same. */
  | { state: 'unavailable'; error: PalateError };

/** What became of a delta file. */
export type DeltaEvent =
  | {
      /** The newer model was made of the one at hand. */
      state: 'applied';
      /** That were downloaded for it. */
      bytes: number;
    }
  | {
      /** The whole model is downloaded. */
      state: 'unused';
      /** Why the delta could not be had, is for another model, or is damaged. */
      error: PalateError;
    };

/** How a model is fetched. */
export interface UpdateOptions {
  /** Called while the model is downloaded. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops loading; the call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The model file's SHA-256, as `sha256-` and Base64 (as in HTML) or as 64 hexadecimal digits. */
  integrity?: string | undefined;
  /**
   * The largest file to accept, in bytes. A larger one is refused as soon as its first bytes tell.
   * Default: 2^30.
   */
  maxBytes?: number | undefined;
  /**
   * The address of a delta file, `palate diff`'s, that makes the newer model of the one at hand: the
   * open one, or with `cache` the one that was kept. Where it does not, the whole model is
   * downloaded. A function is given the SHA-256 that the model at hand states of itself, as
   * `palate diff` prints it, so that each version of a site's models can have its own delta.
   */
  delta?: string | URL | ((checksum: string) => string | URL) | undefined;
  /** With `delta`, called when something comes of it. */
  onDelta?: ((event: DeltaEvent) => void) | undefined;
}

/** How a model is fetched and run. */
export interface LoadOptions extends UpdateOptions {
  /** Keep the history from one visit to the next. Default: in memory, gone with the page. */
  profile?: ProfileOptions | undefined;
  /** How events count, and whether the visitor's choices are learned. */
  learning?: LearningOptions | undefined;
  /**
   * Compute in a worker, off the page's thread; one that dies is replaced with its state. `true`
   * takes the package's own script. An address names the script, a copy of `palate/worker`, where
   * a bundler or server puts it elsewhere; a function starts the worker in a way of its own.
   * Default: false.
   */
  worker?: boolean | string | URL | (() => Worker) | undefined;
  /**
   * With `worker`, on a page that is isolated from other origins (`crossOriginIsolated`): how many threads look through
   * the catalogue. `'auto'`: up to four, where the model has 16 MiB or more; a number: so many, 1 to 16; false: one. The
   * lists are the same. Where the page is not isolated or a file is missing, one; `palate.threads` tells. Default: 'auto'.
   */
  threads?: 'auto' | false | number | undefined;
  /**
   * Keep the model in the browser's Cache Storage, under the name `palate`: the next visit starts
   * from it, offline too, and looks for a newer one in the background. Default: false.
   */
  cache?: boolean | undefined;
  /** With `cache`, called when something comes of it. */
  onCache?: ((event: CacheEvent) => void) | undefined;
  /**
   * The runtime's wasm, where it does not lie beside the package's script: its address, its bytes,
   * or compiled. Default: the build that this browser runs best.
   */
  wasm?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;
  /** The same for the second file, `…-rest.wasm`, which is only loaded when a call or the model needs it. */
  wasmRest?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;
  /** The same for `palate-items.wasm`, which `addItems` alone loads. */
  wasmItems?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module | undefined;
}
