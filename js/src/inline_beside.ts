// In the single-file entry, in place of beside.ts: the wasm is in the script itself.
import wasm from 'palate-wasm-bytes';
import rest from 'palate-wasm-rest-bytes';

export function defaultWasm(): string | Uint8Array {
  return wasm;
}

export function defaultRest(): string | Uint8Array {
  return rest;
}
