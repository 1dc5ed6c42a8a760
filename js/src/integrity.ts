// The SHA-256 that the page pins a model file to, and the one in its header.
import { PalateError } from './errors.js';
import { headBytes, statedChecksum, toHex } from './model_head.js';

/** What the browser may copy of a file. */
const copiedAtMost = 2 ** 22;

/** The digest as hexadecimal digits. */
export function parseIntegrity(integrity: string): string {
  if (/^[0-9a-f]{64}$/i.test(integrity)) return integrity.toLowerCase();
  if (/^sha256-[A-Za-z0-9+/]{43}=$/.test(integrity)) {
    return toHex(
      Uint8Array.from(atob(integrity.slice('sha256-'.length)), (character) =>
        character.charCodeAt(0),
      ),
    );
  }
  throw new PalateError(
    'request/invalid',
    'integrity must be "sha256-" and Base64, or 64 hexadecimal digits',
  );
}

export async function checkIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  expected: string,
  name: string,
): Promise<void> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new PalateError(
      'fetch/integrity',
      `${name}: integrity can be checked on https and on localhost only`,
    );
  }
  const digest = await sha256(bytes);
  if (digest === expected) return;
  throw new PalateError(
    'fetch/integrity',
    `${name} has SHA-256 ${digest}, not ${expected}: pin the model that is served, or serve the pinned one`,
  );
}

/** Whether the browser compares a file of so many bytes. */
export function mayCompare(length: number): boolean {
  return length <= copiedAtMost && !!globalThis.crypto?.subtle;
}

/**
 * Has the browser compare a file with the checksum in its header. It is several times faster than the
 * runtime, which has only just been compiled, but takes a copy: large files are left to the runtime,
 * `undefined`, and so is what fails, for its error. The file is as it was when this returns.
 */
export function isIntact(file: Uint8Array): Promise<boolean> | undefined {
  const { buffer, length } = file;
  // Of memory that threads share no browser makes a digest.
  if (!(buffer instanceof ArrayBuffer)) return undefined;
  if (length < headBytes || !mayCompare(length)) return undefined;
  const stated = statedChecksum(file);
  // It is of all bytes but its own. While the browser takes its copy, the bytes before it stand in
  // its place, so that all that count lie in one piece.
  const kept = file.slice(32, 56);
  file.copyWithin(32, 0, 24);
  const digest = sha256(new Uint8Array(buffer, file.byteOffset + 32, length - 32));
  file.set(kept, 32);
  return digest.then(
    (found) => found === stated,
    () => false,
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
