// The SHA-256 that the page pins a model file to.
import { PalateError } from './errors.js';
import { toHex } from './model_head.js';

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
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (digest === expected) return;
  throw new PalateError(
    'fetch/integrity',
    `${name} has SHA-256 ${digest}, not ${expected}: pin the model that is served, or serve the pinned one`,
  );
}
