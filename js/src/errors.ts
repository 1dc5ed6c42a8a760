// The one class of errors, and its codes.

/**
 * What went wrong, as a stable text to switch on.
 *
 * - `fetch/…`: the model could not be downloaded, is over `maxBytes`, or is not what `integrity`
 *   says.
 * - `model/…`: the bytes are no model file that this version of Palate accepts.
 * - `request/invalid`: an argument is out of its range or of a wrong type.
 * - `runtime/…`, `worker/failed`: this browser cannot run Palate, or its files were not found.
 * - `data/empty`, `recipe/invalid`: no row is left to train on, or the options do not suit the rows.
 * - `memory/refused`: the browser gave less memory than was needed.
 * - `delta/…`: a delta file is not for the model at hand (`mismatch`) or is no sound one (`damaged`):
 *   the whole model is downloaded instead; told to `onDelta` alone.
 * - `cache/unavailable`: the model cannot be kept for the next visit; told to `onCache` alone.
 * - `profile/…`: the visitor's history cannot be kept: the browser allows no store (`blocked`) or has
 *   no room (`full`), a newer Palate wrote it (`version`), the store does not work (`failed`), or
 *   parts of it were damaged (`corrupt`, told in the status alone).
 * - `disposed`: the object was used after `dispose()`.
 */
export type PalateErrorCode =
  | 'fetch/network'
  | 'fetch/status'
  | 'fetch/content'
  | 'fetch/integrity'
  | 'fetch/too-large'
  | 'model/not-palate'
  | 'model/version'
  | 'model/truncated'
  | 'model/checksum'
  | 'model/structure'
  | 'model/meaning'
  | 'model/unsupported'
  | 'request/invalid'
  | 'data/empty'
  | 'recipe/invalid'
  | 'memory/refused'
  | 'runtime/unsupported'
  | 'runtime/load'
  | 'runtime/failed'
  | 'worker/failed'
  | 'delta/mismatch'
  | 'delta/damaged'
  | 'cache/unavailable'
  | 'profile/blocked'
  | 'profile/full'
  | 'profile/version'
  | 'profile/failed'
  | 'profile/corrupt'
  | 'disposed';

/** Every error of Palate. An aborted `load` rejects with the signal's reason, as `fetch` does. */
export class PalateError extends Error {
  override readonly name = 'PalateError';
  /** What went wrong, to switch on. */
  readonly code: PalateErrorCode;

  constructor(code: PalateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The text of anything that was thrown.
 * @internal
 */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * For every call after `dispose`.
 * @internal
 */
export function disposed(): PalateError {
  return new PalateError('disposed', 'this Palate was disposed: load the model again');
}
