// What can go wrong with a store, as errors that say what to do.
import { PalateError, type PalateErrorCode, reasonOf } from '../errors.js';

const codes = new Map<string, readonly [PalateErrorCode, string]>([
  ['QuotaExceededError', ['profile/full', 'free space, or lower maxEvents']],
  ['SecurityError', ['profile/blocked', "the browser's settings or a sandbox forbid it"]],
  ['VersionError', ['profile/version', 'a newer Palate wrote it: update this page']],
]);
const unknown = ['profile/failed', 'it is tried again with the next call'] as const;

/** Whatever a database throws, as a `PalateError`. */
export function profileError(thrown: unknown): PalateError {
  if (thrown instanceof PalateError) return thrown;
  // Chromium names what its settings forbid an unknown error.
  const isDenied = /denied permission/.test(reasonOf(thrown));
  const [code, advice] = codes.get(isDenied ? 'SecurityError' : nameOf(thrown)) ?? unknown;
  const message = `the history is not kept: ${reasonOf(thrown) || nameOf(thrown)}: ${advice}`;
  return new PalateError(code, message, { cause: thrown });
}

export function noStore(): PalateError {
  return new PalateError(
    'profile/blocked',
    'the history is not kept: no IndexedDB is allowed here',
  );
}

export function isBlocked(thrown: unknown): boolean {
  return thrown instanceof PalateError && thrown.code === 'profile/blocked';
}

export function damage(what: string): PalateError {
  return new PalateError('profile/corrupt', `the store was damaged: ${what}, and removed`);
}

export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}
